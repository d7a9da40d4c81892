"""What staff do to a case by hand: tiers and requests follow, files do not undo it, nobody is
overwritten."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import ClosureReason, Role
from survey_app.domain.closings import Closing, ClosingRefusal
from survey_app.domain.deliveries import DeliveryKind, DeliveryRefusal
from survey_app.domain.requests import Channel, EndReason, RequestState, Wave
from survey_app.store.audit import AuditRow
from survey_app.store.case_cells import CLOSING_COLUMNS, FACT_COLUMNS, cells_of
from survey_app.store.cases import Case, find_case
from survey_app.store.database import Database
from survey_app.store.deliveries import Delivery
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.transfers import Transfer
from survey_app.usecases.case_work import Overtaken, Worker
from survey_app.usecases.close_case import NotClosed, close_case, reopen_case
from survey_app.usecases.edit_case import Edited, Faulty, edit_case
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.open_case import CameFrom, open_case
from survey_app.usecases.plan_requests import plan_requests
from survey_app.usecases.preview_closing import ClosingPreview, preview_closing
from survey_app.usecases.record_deliveries import (
    DeliveryNotFound,
    Done,
    record_deliveries,
    take_back_delivery,
)
from tests.builders import a_case, a_person
from tests.case_files import a_case_row, a_job, a_live_service, writer_of, written
from tests.staff import an_account
from tests.world import NOON

TODAY = NOON.date()
CALL = Done(TODAY, DeliveryKind.CALL, 1)
COMPLETED = Closing(TODAY, ClosureReason.COMPLETED)


@pytest.fixture
def service(session: Session) -> Service:
    """A service that runs `standard`, with noise in it."""
    found = a_live_service(session)
    a_case(session, found, closed_on=TODAY)
    return found


@pytest.fixture
def worker(session: Session, service: Service) -> Worker:
    """A caseworker of it, at noon."""
    account = an_account(session, (service, Role.CASEWORKER), email="cass@example.org")
    return Worker(account.id, NOON)


@pytest.fixture
def case(session: Session, service: Service) -> Case:
    """An open community case with two deliveries of a file."""
    return a_case(session, service, case_ref="WM-1", arrived_on=TODAY)


def requests_of(session: Session, case: Case) -> dict[str, SurveyRequest]:
    found = session.scalars(select(SurveyRequest).where(SurveyRequest.case_id == case.id))
    return {request.wave: request for request in found}


def audit_of(session: Session, case: Case) -> list[str]:
    rows = session.scalars(
        select(AuditRow).where(AuditRow.subject == "case", AuditRow.subject_id == case.id)
    )
    return [row.action for row in rows]


def seen(session: Session, case: Case, columns=CLOSING_COLUMNS) -> dict[str, str]:
    cells = cells_of(session, case)
    return {name: cells[name] for name in columns}


def close(session, service, case, worker, closing=COMPLETED, do=close_case, **facts):
    shown = facts.get("seen") or seen(session, case)
    return do(session, service, case.case_ref, closing, worker, seen=shown)


def test_a_delivery_counts_at_once_moves_the_tier_and_can_be_taken_back(
    session: Session, service, case, worker
):
    close(session, service, case, worker)
    assert requests_of(session, case)[Wave.CLOSURE].tier == "1"
    assert record_deliveries(session, service, "WM-1", CALL, worker) is None
    assert (case.deliveries, case.deliveries_here) == (3, 1)
    assert requests_of(session, case)[Wave.CLOSURE].tier == "2"
    take_back_delivery(session, service, "WM-1", _last_delivery(session), worker)
    assert (case.deliveries, case.deliveries_here) == (2, 0)
    assert requests_of(session, case)[Wave.CLOSURE].tier == "1"
    assert audit_of(session, case) == ["close-case", "record-deliveries", "take-back-delivery"]
    with pytest.raises(DeliveryNotFound):
        take_back_delivery(session, service, "WM-1", _last_delivery(session), worker)


def _last_delivery(session: Session) -> int:
    return session.scalars(select(Delivery.id).order_by(Delivery.id.desc())).first() or 0


def test_a_delivery_that_cannot_be_is_refused_and_nothing_is_counted(
    session: Session, service, case, worker
):
    late = Done(TODAY + timedelta(days=1), DeliveryKind.CALL, 1)
    assert record_deliveries(session, service, "WM-1", late, worker) is DeliveryRefusal.IN_FUTURE
    assert (case.deliveries, audit_of(session, case)) == (2, [])


def test_closing_plans_what_is_asked_and_the_preview_said_so(
    session: Session, service, case, worker
):
    preview = close(session, service, case, worker, do=preview_closing)
    assert isinstance(preview, ClosingPreview)
    assert case.closed_on is None
    assert requests_of(session, case) == {}
    assert preview.asks is not None
    assert preview.asks.choice.channel is Channel.SMS
    assert preview.asks.due_on == TODAY + timedelta(days=3)
    assert isinstance(close(session, service, case, worker), Case)
    asked = requests_of(session, case)[Wave.CLOSURE]
    assert tuple(key for key, _ in asked.instruments) == preview.asks.instruments
    assert (asked.channel, asked.due_at) == ("sms", preview.asks.asked_at)
    assert (case.closed_on, case.closure_reason, case.changed_at) == (TODAY, "completed", NOON)


def test_the_preview_says_why_not_what_ends_and_which_reading_is_missing(
    session: Session, service, worker
):
    person = a_person(session, service, sms_consent="no", call_safe="no")
    facts = {"referred_on": TODAY, "arrived_on": TODAY, "support_level": "caseworker"}
    case = a_case(session, service, person, case_ref="WM-2", **facts)
    plan_requests(session, service, [case.id], TODAY, NOON)
    preview = close(session, service, case, worker, do=preview_closing)
    assert preview.asks.choice.channel is None
    assert [verdict.reason for _, verdict in preview.asks.choice.judged] == [
        "no-consent",
        "call-unsafe",
    ]
    assert preview.ends == ("baseline", "review")
    assert preview.reading is not None
    assert preview.reading.is_owed
    declined = Closing(TODAY, ClosureReason.DECLINED, code="not-now")
    preview = close(session, service, case, worker, declined, do=preview_closing)
    assert (preview.asks, preview.not_asked, preview.reading) == (None, "declined", None)
    assert requests_of(session, case)[Wave.BASELINE].state == RequestState.WAITING


def test_a_closed_case_is_not_closed_again(session: Session, service, case, worker):
    close(session, service, case, worker)
    again = close(session, service, case, worker)
    assert again == NotClosed((ClosingRefusal.ALREADY_CLOSED,))


def test_whoever_closes_second_is_told_what_changed(session: Session, service, case, worker):
    before = seen(session, case)
    close(session, service, case, worker)
    late = close(session, service, case, worker, seen=before)
    assert isinstance(late, Overtaken)
    assert [(c.field, c.stands) for c in late.changes] == [
        ("closed_on", "2026-11-18"),
        ("closure_reason", "completed"),
    ]
    assert audit_of(session, case) == ["close-case"]


def test_reopening_takes_back_what_would_be_asked_and_keeps_how_it_closed(
    session: Session, service, case, worker
):
    close(session, service, case, worker)
    assert isinstance(reopen_case(session, service, "WM-1", why="came back", worker=worker), Case)
    assert (case.closed_on, case.closure_reason) == (None, None)
    assert requests_of(session, case)[Wave.CLOSURE].end_reason == EndReason.CASE_REOPENED
    row = session.scalars(select(AuditRow).where(AuditRow.action == "reopen-case")).one()
    assert row.details["was"]["closure_reason"] == "completed"
    assert row.details["why"] == "came back"
    again = reopen_case(session, service, "WM-1", why="twice", worker=worker)
    assert isinstance(again, NotClosed)


def test_a_transfer_out_keeps_where_to_and_one_in_is_linked(
    session: Session, service, case, worker
):
    closing = Closing(TODAY, ClosureReason.TRANSFERRED, destination="Harrowdale")
    close(session, service, case, worker, closing)
    cells = {"case_ref": "WM-9", "referred_on": "2026-11-18", "support_level": "community"}
    came = CameFrom("Harrowdale", "WM-1")
    opened = open_case(session, service, cells, worker, drama_allowed=True, came_from=came)
    assert isinstance(opened, Case)
    out, into = session.scalars(select(Transfer).order_by(Transfer.id)).all()
    assert (out.case_id, out.direction, out.place) == (case.id, "out", "Harrowdale")
    assert (into.case_id, into.direction, into.other_case_id) == (opened.id, "in", case.id)
    assert (case.closed_on, case.closure_reason) == (TODAY, "transferred")


def test_a_case_opened_by_hand_is_asked_as_one_of_a_file_is(session: Session, service, worker):
    cells = a_case_row(case_ref="WM-5", caseworker="cass@example.org", client_ref="P-1")
    del cells["closed_on"], cells["closure_reason"]
    opened = open_case(session, service, cells, worker, drama_allowed=True)
    assert isinstance(opened, Case)
    assert (opened.caseworker_id, opened.arrived_on) == (worker.account_id, TODAY)
    assert requests_of(session, opened)[Wave.BASELINE].channel == "sms"
    assert audit_of(session, opened) == ["open-case"]
    again = open_case(session, service, cells, worker, drama_allowed=True)
    assert isinstance(again, Faulty)
    assert [(f.column, f.code) for f in again.faults] == [("case_ref", "case-twice")]


def test_a_case_of_the_future_or_without_a_level_is_not_opened(session: Session, service, worker):
    cells = {"case_ref": "WM-6", "referred_on": "2026-11-19", "support_level": ""}
    found = open_case(session, service, cells, worker, drama_allowed=True)
    assert isinstance(found, Faulty)
    assert {f.column for f in found.faults} == {"support_level", "referred_on"}
    cells["support_level"] = "community"
    found = open_case(session, service, cells, worker, drama_allowed=True)
    assert [(f.column, f.code) for f in found.faults] == [("referred_on", "future-date")]
    assert find_case(session, service.id, "WM-6") is None


def edit(session, service, case, worker, shown=None, **cells):
    stands = seen(session, case, FACT_COLUMNS)
    return edit_case(
        session,
        service,
        case.case_ref,
        seen=shown or stands,
        entered=(shown or stands) | cells,
        why="She told me.",
        worker=worker,
    )


def test_changed_facts_are_audited_planned_and_judged_anew(session: Session, service, case, worker):
    close(session, service, case, worker)
    cells = {"flags": "stalking", "date_of_birth": "1/1/2010"}
    assert isinstance(edit(session, service, case, worker, **cells), Faulty)
    cells["date_of_birth"] = "01/01/2010"
    assert edit(session, service, case, worker, **cells) == Edited(("flags", "date_of_birth"))
    assert (case.flags, case.age_band, case.is_young_person) == ("stalking", "16-17", True)
    assert requests_of(session, case)[Wave.CLOSURE].refusal == "text-not-preferred"
    row = session.scalars(select(AuditRow).where(AuditRow.action == "edit-case")).one()
    assert row.details["from"] == {"flags": "none", "date_of_birth": ""}
    assert row.details["to"] == cells
    assert edit(session, service, case, worker) == Edited(())


def test_flags_may_be_removed_by_hand_but_not_emptied(session: Session, service, case, worker):
    edit(session, service, case, worker, flags="child;stalking")
    assert isinstance(edit(session, service, case, worker, flags=""), Faulty)
    assert edit(session, service, case, worker, flags="child") == Edited(("flags",))
    assert case.flags == "child"


def test_of_two_who_save_the_second_writes_nothing(session: Session, service, case, worker):
    shown = seen(session, case, FACT_COLUMNS)
    edit(session, service, case, worker, local_authority="Tarn")
    late = edit(session, service, case, worker, shown, local_authority="Fenwick")
    assert isinstance(late, Overtaken)
    assert [(c.field, c.seen, c.stands) for c in late.changes] == [("local_authority", "", "Tarn")]
    assert case.local_authority == "Tarn"


@pytest.fixture
def land(database: Database, tmp_path):
    """Lets a file speak of WM-1."""

    def run(**cells: str):
        row = a_case_row(case_ref="WM-1", deliveries="2") | cells
        return import_cases(a_job(written(tmp_path, [row])), writer_of(database))

    return run


def by_hand(database: Database, do):
    """One thing done by hand in a transaction of its own."""
    with database.write(Scope.worker()) as session:
        service = session.scalars(select(Service)).one()
        account = an_account(session, (service, Role.CASEWORKER))
        case = find_case(session, service.id, "WM-1")
        do(session, service, case, Worker(account.id, NOON))


def stored(database: Database) -> Case:
    with database.read(Scope.worker()) as session:
        return session.scalars(select(Case)).one()


def test_files_and_hands_meet(database: Database, land):
    """A file that repeats itself undoes nothing; one that says something new is heard."""
    with database.write(Scope.worker()) as session:
        a_live_service(session)
    land()
    by_hand(database, lambda s, v, c, w: record_deliveries(s, v, "WM-1", CALL, w))
    by_hand(database, lambda s, v, c, w: edit(s, v, c, w, local_authority="Tarn"))
    by_hand(database, close)
    again = land(local_authority="")
    assert (again.unchanged, again.updated) == (1, 0)
    case = stored(database)
    assert (case.deliveries, case.local_authority, case.closed_on) == (3, "Tarn", TODAY)
    land(deliveries="5", local_authority="Fenwick")
    case = stored(database)
    assert (case.deliveries, case.local_authority, case.closed_on) == (5, "Fenwick", TODAY)
    land(deliveries="0", closed_on="2026-11-17", closure_reason="withdrew")
    case = stored(database)
    assert (case.deliveries, case.closed_on, case.closure_reason) == (
        1,
        TODAY - timedelta(days=1),
        "withdrew",
    )
    assert land(deliveries="0", closed_on="2026-11-17", closure_reason="withdrew").unchanged == 1


def test_a_file_may_still_tighten_what_a_hand_loosened(database: Database, land):
    with database.write(Scope.worker()) as session:
        a_live_service(session)
    land(flags="child;stalking")
    by_hand(database, lambda s, v, c, w: edit(s, v, c, w, flags="child"))
    assert stored(database).flags == "child"
    land(flags="child;stalking")
    assert stored(database).flags == "child;stalking"
