"""A cases file lands: created, updated, unchanged; and what follows from it."""

from datetime import date

import pytest
from sqlalchemy import func, select

from survey_app.domain.file_faults import FileFault, FileFaultCode
from survey_app.domain.requests import MessageKind
from survey_app.messaging.outbox import queue_text
from survey_app.settings import Settings
from survey_app.store.audit import AuditRow
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.store.staff import Membership, StaffAccount
from survey_app.usecases.describe_self import describe_self
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_cases.tally import CaseTally
from tests.case_files import (
    SLUG,
    a_case_row,
    a_closed_row,
    a_job,
    a_live_service,
    writer_of,
    written,
)
from tests.world import NOON, TEST_KEYS


@pytest.fixture
def faults():
    """The faults of the rows that the last import rejected."""
    return []


@pytest.fixture
def land(database, tmp_path, faults):
    """Import rows into the service; the tally, or the file's fault."""
    with database.write(Scope.worker()) as session:
        a_live_service(session)

    def _land(*rows, **facts):
        faults.clear()
        return import_cases(
            a_job(written(tmp_path, rows), **facts),
            writer_of(database),
            on_rejected=lambda _file, found: faults.extend(found.faults),
        )

    return _land


@pytest.fixture
def read(database):
    """The one value that a query finds."""

    def _read(query):
        with database.read(Scope.worker()) as session:
            return session.scalars(query).all()

    return _read


def counts(tally: CaseTally) -> tuple[int, int, int, int]:
    return tally.created, tally.updated, tally.unchanged, tally.rejected


def test_a_case_lands_with_its_person_and_its_requests(land, read):
    tally = land(
        a_closed_row(
            client_ref="P-1",
            date_of_birth="2009-11-12",
            ethnicity="Declined",
            first_attempt_at="2026-11-11T09:30",
            second_attempt_at="12/11/2026",
            closure_detail="moved away",
            caseworker="Jo",
        )
    )
    assert counts(tally) == (1, 0, 0, 0)
    (case,) = read(select(Case))
    assert (case.case_ref, case.referred_on, case.flags) == ("C-1", date(2026, 11, 11), "none")
    assert (case.age_at_referral, case.age_band, case.is_young_person) == (16, "16-17", True)
    assert case.first_attempt_at.isoformat() == "2026-11-11T09:30:00+00:00"
    assert (case.first_attempt_on, case.second_attempt_on) == (
        date(2026, 11, 11),
        date(2026, 11, 12),
    )
    assert (case.second_attempt_at, case.caseworker_text) == (None, "Jo")
    assert case.arrived_on == NOON.date()
    (person,) = read(select(Person))
    assert (person.client_ref, person.number_kind, person.sms_consent) == (
        "P-1",
        "uk-mobile",
        "yes",
    )
    assert (person.ethnicity, person.sex, person.language) == ("declined", None, "en")
    (request,) = read(select(SurveyRequest))
    assert (request.wave, request.tier) == ("closure", "1")


def test_the_same_file_again_changes_nothing(land, read):
    rows = [a_case_row(), a_closed_row(case_ref="C-2", mobile="0121 496 0000")]
    assert counts(land(*rows)) == (2, 0, 0, 0)
    watched = [Case.changed_at, Person.changed_at, SurveyRequest.id]
    before = [read(select(column)) for column in watched]
    again = land(*rows, now=NOON.replace(day=20))
    assert counts(again) == (0, 0, 2, 0)
    assert again.not_textable == {"uk-landline": 1}
    assert before == [
        read(select(t)) for t in (Case.changed_at, Person.changed_at, SurveyRequest.id)
    ]


def test_each_run_leaves_its_counts_and_an_audit_row(land, read):
    land(a_case_row(), a_case_row(case_ref="C-2", deliveries="-1"))
    (run,) = read(select(ImportRun))
    assert (run.kind, run.counts["created"], run.counts["rejected"]) == ("cases", 1, 1)
    (audit,) = [row for row in read(select(AuditRow)) if row.action == "import-cases"]
    assert (audit.actor, audit.subject_id, audit.details) == (
        "import",
        run.id,
        {"file": "file.csv"},
    )


def test_another_services_slug_on_any_row_writes_nothing(land, read):
    fault = land(a_case_row(service=SLUG), a_case_row(case_ref="C-2", service="east"))
    assert fault == FileFault(FileFaultCode.OTHER_SERVICE, "east", 3)
    assert read(select(func.count(Case.id))) == [0]
    assert read(select(ImportRun)) == []


class TestChanges:
    """What a second file may and may not change."""

    def test_a_corrected_fact_updates_and_an_empty_cell_clears(self, land, read):
        land(a_case_row(local_authority="Dudley", ethnicity="White British"))
        tally = land(a_case_row(local_authority="", ethnicity="", deliveries="4"))
        assert counts(tally) == (0, 1, 0, 0)
        assert read(select(Case.local_authority)) == [None]
        assert read(select(Case.deliveries)) == [4]
        assert read(select(Person.ethnicity)) == [None]

    def test_a_column_that_the_file_has_not_says_nothing(self, land, read):
        land(a_closed_row(local_authority="Dudley"))
        row = {k: a_closed_row()[k] for k in ("case_ref", "referred_on", "support_level")}
        assert counts(land(row | {"deliveries": "2"})) == (0, 0, 1, 0)
        assert read(select(Case.closed_on)) == [date(2026, 11, 16)]

    def test_an_empty_closing_day_reopens_a_closed_case(self, land, read):
        land(a_closed_row())
        land(a_closed_row(closed_on="", closure_reason=""))
        assert read(select(Case.closed_on)) == [None]
        assert read(select(SurveyRequest.end_reason).where(SurveyRequest.wave == "closure")) == [
            "case-reopened"
        ]

    def test_closing_ends_an_open_baseline_and_asks_at_closure(self, land, read):
        land(a_case_row())
        assert read(select(SurveyRequest.wave).order_by(SurveyRequest.wave)) == [
            "baseline",
            "review",
        ]
        land(a_closed_row())
        ended = read(select(SurveyRequest).order_by(SurveyRequest.wave))
        assert [(r.wave, r.end_reason) for r in ended] == [
            ("baseline", "case-closed"),
            ("closure", None),
            ("review", "case-closed"),
        ]

    def test_history_makes_no_request_and_is_counted(self, land, read):
        old = {"referred_on": "2026-01-05", "closed_on": "2026-03-01"}
        tally = land(a_closed_row(**old), a_closed_row(case_ref="C-2", deliveries="0", **old))
        assert (tally.created, tally.too_late) == (2, 1)
        assert read(select(SurveyRequest)) == []


class TestSafety:
    """Files tighten and never loosen, but with a newer check (safety rule 3)."""

    def test_a_file_may_tighten(self, land, read):
        land(a_case_row())
        tally = land(a_case_row(sms_consent="no", flags="stalking", safety_checked_on=""))
        assert counts(tally) == (0, 1, 0, 0)
        assert read(select(Person.sms_consent)) == ["no"]
        assert read(select(Case.flags)) == ["stalking"]

    def test_a_file_may_not_loosen_and_says_so_every_time(self, land, read):
        land(a_case_row(sms_consent="no", do_not_contact="yes", flags="stalking"))
        looser = a_case_row(sms_consent="yes", do_not_contact="no", flags="none")
        for _ in range(2):
            tally = land(looser)
            assert counts(tally) == (0, 0, 1, 0)
            assert tally.refused_loosening == {"sms_consent": 1, "do_not_contact": 1, "flags": 1}
        assert read(select(Person.sms_consent)) == ["no"]
        assert read(select(Case.flags)) == ["stalking"]

    def test_a_newer_check_may_loosen(self, land, read):
        land(a_case_row(sms_consent="no", flags="stalking"))
        tally = land(a_case_row(sms_consent="yes", flags="none", safety_checked_on="2026-11-17"))
        assert (counts(tally), tally.refused_loosening) == ((0, 1, 0, 0), {})
        assert (read(select(Person.sms_consent)), read(select(Case.flags))) == (["yes"], ["none"])

    def test_empty_cells_never_loosen(self, land, read):
        land(a_case_row(do_not_contact="yes", flags="stalking", date_of_birth="2015-05-01"))
        land(a_case_row(do_not_contact="", flags="", mobile="", date_of_birth=""))
        assert read(select(Person.do_not_contact)) == ["yes"]
        assert read(select(Case.flags)) == ["stalking"]
        assert read(select(Case.is_young_person)) == [True]

    def test_a_new_number_resets_safe_and_the_same_one_typed_otherwise_does_not(self, land, read):
        land(a_case_row())
        assert counts(land(a_case_row(mobile="+44 7700 900 101"))) == (0, 0, 1, 0)
        land(a_case_row(mobile="07700 900102"))
        (person,) = read(select(Person))
        assert (person.sms_safe, person.number_changed_at) == (None, NOON)

    def test_a_category_that_counts_as_a_flag_leaves_the_flag_behind(self, land, read, database):
        with database.write(Scope.worker()) as session:
            get_service(session, SLUG).sensitive_crimes = {"stalking": "stalking"}
        land(a_case_row(crime_category="Stalking"))
        for _ in range(2):
            land(a_case_row(crime_category="Burglary"))
        assert read(select(Case.flags)) == ["stalking"]

    def test_a_tightened_detail_takes_queued_texts_back_at_once(self, land, read, database):
        land(a_closed_row())
        with database.write(Scope.worker()) as session:
            queue(session)
        tally = land(a_closed_row(sms_safe="no"))
        assert tally.texts_cancelled == 1
        assert read(select(OutboxMessage.state)) == ["cancelled"]
        assert read(select(SurveyRequest.refusal)) != [None]

    def test_a_rejected_row_takes_queued_texts_back_at_once(self, land, read, database):
        land(a_closed_row())
        with database.write(Scope.worker()) as session:
            queue(session)
        tally = land(a_closed_row(do_not_contact="Y", deliveries="2.0"))
        assert (tally.rejected, tally.texts_cancelled) == (1, 1)
        assert read(select(OutboxMessage.state)) == ["cancelled"]
        assert read(select(SurveyRequest.refusal)) == ["do-not-contact"]

    def test_whoever_is_held_has_their_queued_texts_taken_back(self, land, read, database):
        land(a_closed_row())
        with database.write(Scope.worker()) as session:
            queue(session)
        tally = land(a_closed_row(flags="child", date_of_birth="1990-01-01"))
        assert (tally.updated, len(tally.held), tally.texts_cancelled) == (1, 1, 1)
        assert read(select(OutboxMessage.reason)) == ["facts-contradict"]
        assert read(select(SurveyRequest.refusal)) == ["facts-contradict"]

    def test_a_birth_date_that_makes_a_child_older_needs_a_newer_check(self, land, read):
        land(a_case_row(date_of_birth="2014-05-01"))
        tally = land(a_case_row(date_of_birth="1994-05-01"))
        assert (counts(tally), tally.refused_loosening) == ((0, 0, 1, 0), {"date_of_birth": 1})
        land(a_case_row(date_of_birth="1994-05-01", safety_checked_on="2026-11-17"))
        assert read(select(Case.is_young_person)) == [False]

    def test_without_a_birth_date_the_child_flag_makes_a_young_person(self, land, read):
        land(a_case_row(flags="child", date_of_birth="not-asked"))
        assert read(select(Case.is_young_person)) == [True]
        assert read(select(Person.birth_not_given)) == ["not-asked"]


class TestPeople:
    """Who is one person, and what their several rows say together."""

    def test_rows_without_a_client_are_people_of_their_own(self, land, read):
        land(a_case_row(), a_case_row(case_ref="C-2"))
        assert read(select(func.count(Person.id))) == [2]

    def test_one_client_is_one_person_and_the_newest_referral_decides(self, land, read):
        newest = a_case_row(client_ref="P", mobile="07700 900102", sex="female")
        older = a_case_row(
            case_ref="C-0", client_ref="P", referred_on="2025-01-01", sex="", ethnicity="Asian"
        )
        land(newest, older)
        (person,) = read(select(Person))
        assert (person.mobile, person.sex, person.ethnicity) == ("07700 900102", "female", "Asian")
        assert counts(land(older, newest)) == (0, 0, 2, 0)

    def test_the_most_careful_row_of_a_person_counts(self, land, read):
        rows = [
            a_case_row(client_ref="P", sms_consent="no", safety_checked_on=""),
            a_case_row(case_ref="C-2", client_ref="P"),
        ]
        land(*rows)
        assert read(select(Person.sms_consent)) == ["no"]
        assert counts(land(*reversed(rows))) == (0, 0, 2, 0)

    def test_a_person_of_their_own_may_be_named_later(self, land, read):
        land(a_case_row())
        assert counts(land(a_case_row(client_ref="P"))) == (0, 1, 0, 0)
        assert counts(land(a_case_row(client_ref=""))) == (0, 0, 1, 0)
        assert read(select(Person.client_ref)) == ["P"]

    def test_a_case_that_moves_to_another_person_takes_the_care_with_it(self, land, read):
        land(
            a_case_row(client_ref="A", do_not_contact="yes"),
            a_case_row(case_ref="C-2", client_ref="B"),
        )
        assert counts(land(a_case_row(client_ref="B"))) == (0, 1, 0, 0)
        (moved,) = read(select(Person).join(Case).where(Case.case_ref == "C-1"))
        assert (moved.client_ref, moved.do_not_contact) == ("B", "yes")

    def test_a_staff_address_is_linked_and_any_other_is_kept_as_text(self, land, read, database):
        with database.write(Scope.worker()) as session:
            account = StaffAccount(email="jo@example.org", password_hash="x", created_at=NOON)
            session.add(account)
            session.flush()
            service = get_service(session, SLUG)
            session.add(Membership(account_id=account.id, service_id=service.id, role="caseworker"))
        land(a_case_row(caseworker="Jo@Example.org"), a_case_row(case_ref="C-2", caseworker="x@y"))
        assert read(select(Case.caseworker_id).order_by(Case.id))[0] is not None
        assert read(select(Case.caseworker_text).order_by(Case.id)) == [None, "x@y"]


class TestRejectedRows:
    """A faulty row is rejected alone."""

    def test_the_other_rows_land(self, land, read, faults):
        tally = land(a_case_row(deliveries="-1"), a_case_row(case_ref="C-2"))
        assert counts(tally) == (1, 0, 0, 1)
        assert [(f.line, f.column, f.code) for f in faults] == [(2, "deliveries", "negative")]
        assert read(select(Case.case_ref)) == ["C-2"]

    def test_rows_of_one_case_that_disagree_are_all_rejected(self, land, read, faults):
        tally = land(
            a_case_row(case_ref="C-1"),
            a_case_row(case_ref="C-2"),
            a_case_row(case_ref="C-2", deliveries="9"),
        )
        assert counts(tally) == (1, 0, 0, 2)
        assert [(f.line, f.column, f.code, f.about) for f in faults] == [
            (3, "deliveries", "rows-disagree", '"9" (line 4)'),
            (4, "deliveries", "rows-disagree", '"0" (line 3)'),
        ]
        assert read(select(Case.case_ref)) == ["C-1"]

    def test_a_bad_number_rejects_nothing(self, land, faults):
        numbers = ("0121 496 0000", "+33 6 12 34 56 78", "ask her sister", "", "x" * 3000)
        rows = [a_case_row(case_ref=f"C-{n}", mobile=m) for n, m in enumerate(numbers)]
        tally = land(*rows)
        assert (tally.created, faults) == (5, [])
        assert tally.not_textable == {"uk-landline": 1, "foreign": 1, "invalid": 2, "none": 1}

    def test_unknown_columns_are_named_and_not_stored(self, land):
        tally = land(a_case_row(Notes="secret", line="1"))
        assert tally.unknown_columns == ("Notes", "line")


def queue(session):
    (request,) = session.scalars(select(SurveyRequest)).all()
    (person,) = session.scalars(select(Person)).all()
    queue_text(
        session,
        request,
        MessageKind.INVITATION,
        0,
        person=person,
        service=get_service(session, SLUG),
        settings=Settings(keys=TEST_KEYS),
        due_at=NOON,
        now=NOON,
    )


def test_what_a_person_said_of_themself_stands_against_a_file(land, database, read):
    land(a_case_row(sex="not-asked", religion="not-asked"))
    with database.write(Scope.worker()) as session:
        case_id = session.scalars(select(Case.id)).one()
        describe_self(session, case_id, {"sex": "female", "religion": "declined"}, NOON)
    land(a_case_row(sex="male", religion="none"))
    assert read(select(Person.sex)) == ["female"]
    assert read(select(Person.religion)) == ["none"]


def test_spellings_of_one_value_are_stored_as_one(land, read):
    land(
        *(
            a_case_row(case_ref=f"C-{n}", local_authority=a)
            for n, a in enumerate(("DUDLEY", "Dudley", "Dudley"))
        )
    )
    assert set(read(select(Case.local_authority))) == {"Dudley"}
    land(*(a_case_row(case_ref=f"D-{n}", local_authority="dudley") for n in range(3)))
    assert set(read(select(Case.local_authority))) == {"Dudley"}


def test_the_spelling_of_somebody_with_several_rows_is_the_stored_one(land, read):
    for client, sex in (("P", "Male"), ("Q", "MALE")):
        rows = [a_case_row(case_ref=f"{client}-{n}", client_ref=client, sex=sex) for n in range(2)]
        land(*rows)
    assert read(select(Person.sex)) == ["Male", "Male"]
