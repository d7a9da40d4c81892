"""Readings are recorded once, corrected with a reason, and counted as the report counts."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from survey_app.domain.periods import quarter_of
from survey_app.domain.readings import AreaNotes, Faulty, ReadingFault
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.reporting.distance import distances
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair
from survey_app.store.readings import ReadingDraft
from survey_app.store.responses import Response
from survey_app.store.services import Service
from survey_app.usecases.readings.correct import correct_reading
from survey_app.usecases.readings.drafts import find_draft, keep_draft
from survey_app.usecases.readings.history import list_readings, occasions
from survey_app.usecases.readings.star import Star, star_of
from tests.builders import a_case, a_programme, a_service
from tests.readings import DAY, given, record
from tests.staff import an_account
from tests.world import NOON


@pytest.fixture
def case(session: Session) -> Case:
    """A case of a caseworker, in a service that has another."""
    service = a_service(session)
    a_programme(session, service)
    a_case(session, service, support_level="caseworker")
    return a_case(session, service, support_level="caseworker")


@pytest.fixture
def worker(session: Session) -> int:
    return an_account(session).id


def pair(session: Session, case: Case, area: str) -> Pair | None:
    return session.scalar(select(Pair).where(Pair.case_id == case.id, Pair.area == area))


def test_a_reading_is_kept_as_an_imported_one_would_be_with_its_notes_sealed(
    session: Session, case: Case, worker: int
):
    notes = {"home": AreaNotes("Wants to move.", "Ring housing", is_priority=True)}
    kept = record(session, case, worker, notes=notes)
    assert (kept.mode, kept.wave, kept.counts_on, kept.is_complete) == (
        "in-person",
        "baseline",
        DAY,
        True,
    )
    assert (kept.request_id, kept.scored_by, kept.scorer_id) == (None, "together", worker)
    found = pair(session, case, "home")
    assert found is not None
    assert (found.status, found.first_value) == ("one-reading", 4)
    [read] = list_readings(session, case.id)
    assert read.notes == notes
    [stored] = session.execute(text("SELECT note FROM reading_notes")).scalars().all()
    assert b"Wants to move" not in bytes(stored)


def test_a_young_person_is_scored_on_their_own_star(session: Session, case: Case):
    case.is_young_person = True
    assert star_of(session, case).instrument.key == "young-person-star"


def test_what_a_case_was_scored_on_last_it_is_scored_on_again(
    session: Session, case: Case, worker: int
):
    record(session, case, worker)
    case.is_young_person = True
    assert star_of(session, case).instrument.key == "adult-star"


def test_the_same_scorer_scores_an_occasion_once_and_two_views_are_both_kept(
    session: Session, case: Case, worker: int
):
    record(session, case, worker, scored_by=ScoredBy.WORKER)
    again = record(session, case, worker, scored_by=ScoredBy.WORKER)
    assert again == (Faulty(ReadingFault.ALREADY_RECORDED),)
    record(session, case, worker, scored_by=ScoredBy.CLIENT, scores={"safety": "7", "home": "4"})
    [occasion] = occasions(list_readings(session, case.id))
    assert [each.scored_by for each in occasion.readings] == [ScoredBy.WORKER, ScoredBy.CLIENT]
    assert occasion.gaps == {"safety": 3, "home": 0}
    found = pair(session, case, "safety")
    assert found is not None
    # Two views of one day are no change over time.
    assert (found.status, found.first_value) == ("one-reading", 4)


def test_a_refused_reading_leaves_nothing(session: Session, case: Case, worker: int):
    faults = record(session, case, worker, on=case.referred_on - timedelta(days=1))
    assert faults == (Faulty(ReadingFault.BEFORE_REFERRAL),)
    assert session.scalar(select(func.count()).select_from(Response)) == 0


def test_a_star_without_its_licence_is_not_scored(session: Session, case: Case, worker: int):
    star = Star(star_of(session, case).instrument, is_licensed=False)
    former = record(session, case, worker)
    outcome = correct_reading(
        session, case, former, star, given(), reason="x", account_id=worker, now=NOON
    )
    assert outcome == (Faulty(ReadingFault.LICENCE_NOT_RECORDED),)


def correct(session: Session, case: Case, former: Response, worker: int, **facts):
    reason = facts.pop("reason", "Typed the wrong step.")
    star = star_of(session, case)
    return correct_reading(
        session, case, former, star, given(**facts), reason=reason, account_id=worker, now=NOON
    )


def test_a_correction_takes_the_place_and_the_former_stays_as_it_was(
    session: Session, case: Case, worker: int
):
    former = record(session, case, worker)
    record(session, case, worker, wave=Wave.CLOSURE, on=NOON.date(), scores={"safety": "6"})
    correct(session, case, former, worker, scores={"safety": "8"})
    found = pair(session, case, "safety")
    assert found is not None
    assert (found.first_value, found.last_value, found.outcome) == (8, 6, "decreased")
    first, new = list_readings(session, case.id)[:2]
    assert (first.scores["safety"], first.superseded_by_id) == (4, new.id)
    assert new.correction is not None
    assert new.correction.reason == "Typed the wrong step."
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["record-reading", "record-reading", "correct-reading"]


def test_a_correction_needs_a_reason_and_the_second_of_two_is_refused(
    session: Session, case: Case, worker: int
):
    former = record(session, case, worker)
    missing = correct(session, case, former, worker, reason="  ")
    assert missing == (Faulty(ReadingFault.REASON_MISSING),)
    correct(session, case, former, worker)
    late = correct(session, case, former, worker)
    assert late == (Faulty(ReadingFault.CORRECTED_MEANWHILE),)


def test_a_draft_is_sealed_ones_own_and_gone_once_recorded(
    session: Session, case: Case, worker: int
):
    other = an_account(session).id
    for at in (NOON, NOON + timedelta(minutes=1)):
        keep_draft(
            session,
            case,
            Wave.BASELINE,
            {"note-home": "Secret plan"},
            account_id=worker,
            now=at,
        )
    keep_draft(session, case, Wave.BASELINE, {}, account_id=other, now=NOON)
    assert find_draft(session, case.id, Wave.REVIEW, account_id=worker) is None
    stored = session.execute(text("SELECT content FROM reading_drafts")).scalars().all()
    assert len(stored) == 2
    assert all(b"Secret plan" not in bytes(content) for content in stored)
    record(session, case, worker)
    assert session.scalars(select(ReadingDraft.account_id)).all() == [other]


def test_a_case_shows_what_the_report_counts(session: Session, case: Case, worker: int):
    record(session, case, worker, scores={"safety": "3", "home": "5", "money": "7"})
    record(
        session, case, worker, wave=Wave.REVIEW, on=DAY + timedelta(days=5), scores={"safety": "9"}
    )
    last = {"safety": "6", "home": "5", "money": "2"}
    record(session, case, worker, wave=Wave.CLOSURE, on=DAY + timedelta(days=9), scores=last)
    case.closed_on, case.closure_reason = date(2026, 11, 12), "completed"
    session.flush()
    [distance] = distances(session, case.id)
    shown = {
        area.item.id: (area.first, area.between, area.last, area.outcome) for area in distance.areas
    }
    assert shown == {
        "safety": (3, (9,), 6, "increased"),
        "home": (5, (), 5, "maintained"),
        "money": (7, (), 2, "decreased"),
    }
    told = report(
        session,
        session.get_one(Service, case.service_id),
        quarter_of(case.closed_on),
        audience=Audience.STAFF,
        now=NOON,
    )
    rows = {row.area: row for row in told.stars}
    for area in distance.areas:
        row = rows[area.item.id]
        assert (row.first.median, row.last.median) == (area.first, area.last)
        assert getattr(row, str(area.outcome)) == 1
