"""A responses file lands: rows become responses, each taken or rejected whole, and only once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from survey_app.domain.file_faults import FileFault, FileFaultCode
from survey_app.domain.requests import Wave
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun
from survey_app.store.pairs import Pair
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_responses.run import import_responses
from survey_app.usecases.withdraw_answers import withdraw_answers
from tests.builders import an_instrument
from tests.case_files import (
    SLUG,
    a_case_row,
    a_closed_row,
    a_job,
    a_live_service,
    answer_rows,
    writer_of,
    written,
)
from tests.world import NOON

BASELINE = {
    "health-and-wellbeing": "2",
    "ability-to-cope": "2",
    "feeling-safe": "3",
    "informed-and-empowered": "4",
}
CLOSURE = BASELINE | {"health-and-wellbeing": "4", "feeling-safe": "3"}


@pytest.fixture
def rejected():
    """What the last import handed back."""
    return []


@pytest.fixture
def land(database, tmp_path, rejected):
    """Import response rows beside an open case C-1 and a closed case C-2."""
    with database.write(Scope.worker()) as session:
        a_live_service(session)
    referred = {"referred_on": "2026-10-01"}
    cases = [a_case_row(), a_closed_row(case_ref="C-2", mobile="07700 900102", **referred)]
    import_cases(a_job(written(tmp_path, cases, "cases.csv")), writer_of(database))

    def _land(rows, **facts):
        rejected.clear()
        return import_responses(
            a_job(written(tmp_path, rows), **facts),
            writer_of(database),
            on_rejected=lambda _file, found: rejected.append(found),
        )

    return _land


@pytest.fixture
def read(database):
    """What a query finds."""

    def _read(query):
        with database.read(Scope.worker()) as session:
            return session.scalars(query).all()

    return _read


def counts(tally):
    return tally.created, tally.updated, tally.unchanged, tally.rejected


def faults_of(rejected):
    return [(f.line, f.column, f.code) for found in rejected for f in found.faults]


def test_the_rows_of_a_response_are_found_wherever_they_stand(land, read):
    first = answer_rows(BASELINE)
    second = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="17/11/2026")
    mixed = [row for pair in zip(first, second, strict=True) for row in pair]
    assert counts(land(mixed)) == (2, 0, 0, 0)
    responses = read(select(Response).options(selectinload(Response.answers)).order_by(Response.id))
    assert [{a.item: a.code for a in r.answers} for r in responses] == [BASELINE, CLOSURE]
    closure = responses[1]
    assert (closure.wave, closure.mode, closure.language) == ("closure", "paper", "en")
    assert (closure.counts_on, closure.is_complete) == (date(2026, 11, 17), True)
    assert closure.completed_at == datetime(2026, 11, 17, 12, tzinfo=UTC)
    assert closure.request_id is None


def test_importing_it_twice_changes_nothing(land, read):
    rows = answer_rows(BASELINE)
    land(rows)
    before = read(select(Answer.id))
    assert counts(land(list(reversed(rows)))) == (0, 0, 1, 0)
    assert read(select(Answer.id)) == before
    assert read(select(ImportRun.kind)) == ["cases", "responses", "responses"]


def test_a_corrected_response_takes_the_place_of_the_former(land, read):
    land(answer_rows(BASELINE))
    assert counts(land(answer_rows(BASELINE | {"feeling-safe": "5"}))) == (0, 1, 0, 0)
    former, corrected = read(select(Response).order_by(Response.id))
    assert former.superseded_by_id == corrected.id
    assert (former.imported_key, corrected.superseded_by_id) == (None, None)
    assert read(select(Pair.first_value).where(Pair.area == "feeling-safe")) == [5]
    assert counts(land(answer_rows(BASELINE | {"feeling-safe": "5"}))) == (0, 0, 1, 0)


def test_pairs_are_made_at_once(land, read):
    land(
        [
            *answer_rows(BASELINE, case_ref="C-2"),
            *answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-17"),
        ]
    )
    (pair,) = read(select(Pair).where(Pair.area == "health-and-wellbeing"))
    assert (pair.first_value, pair.last_value, pair.outcome) == (2, 4, "improved")


def test_it_makes_no_request_and_ends_the_open_one_of_its_case_and_wave(land, read):
    before = read(select(SurveyRequest.id).order_by(SurveyRequest.id))
    rows = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-17")
    assert land(rows).requests_ended == 1
    assert read(select(SurveyRequest.id).order_by(SurveyRequest.id)) == before
    requests = {r.wave: r for r in read(select(SurveyRequest).order_by(SurveyRequest.id))}
    closure = requests["closure"]
    assert (closure.state, closure.end_reason, closure.ended_at) == ("completed", "imported", NOON)
    assert None not in (closure.handed_over_at, closure.reached_at, closure.started_at)
    assert requests["baseline"].state == "waiting"
    assert land(rows).requests_ended == 0


def test_a_star_reading_ends_no_request_and_keeps_its_scorer(land, read):
    rows = answer_rows({"safety": "3", "home": "4"}, instrument="adult-star", scored_by="together")
    assert land(rows).requests_ended == 0
    assert read(select(Response.scored_by)) == ["together"]


def test_recent_comments_make_alerts_and_old_ones_do_not(land, read):
    shared = {
        "case_ref": "C-2",
        "instrument": "sus-tier-1",
        "wave": "closure",
        "language": "",
    }
    recent = answer_rows({"comment": "please call", "contact-me": "yes"}, **shared)
    old = answer_rows({"comment": "thanks"}, **(shared | {"completed_on": "2026-10-20"}))
    assert land([*recent, *old]).alerts_raised == 2
    assert sorted(read(select(Alert.kind))) == ["contact-wish", "free-text"]
    assert set(read(select(Response.language))) == {"und"}
    assert set(read(select(Answer.text))) == {"please call", "thanks", None}


def test_blank_values_are_no_answers(land, read):
    land(answer_rows(BASELINE | {"feeling-safe": ""}))
    assert read(select(func.count(Answer.id))) == [3]


REJECTED_RESPONSES = [
    ({"ability-to-cope": "6"}, {}, (3, "ability-to-cope", "unknown-code")),
    ({"satisfied": "satisfied"}, {}, (6, "item", "unknown-item")),
    ({}, {"case_ref": "C-9"}, (2, "case_ref", "unknown-case")),
    ({}, {"instrument": "their-star"}, (2, "instrument", "unknown-instrument")),
    ({}, {"version": "9"}, (2, "version", "unknown-version")),
    (dict.fromkeys(BASELINE, ""), {}, (2, "value", "no-answers")),
]


@pytest.mark.parametrize(("answers", "cells", "fault"), REJECTED_RESPONSES)
def test_one_fault_rejects_the_whole_response(land, read, rejected, answers, cells, fault):
    tally = land(answer_rows(BASELINE | answers, **cells))
    assert counts(tally) == (0, 0, 0, 1)
    assert tally.rejected_rows == len(rejected) == len(BASELINE | answers)
    assert fault in faults_of(rejected)
    assert [line for line, *_ in faults_of(rejected)] == [found.row.line for found in rejected]
    assert read(select(func.count(Response.id))) == [0]


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"wave": "midway"}, "wave", "unknown-value"),
        ({"completed_on": "17.11.2026"}, "completed_on", "not-a-date"),
        ({"completed_on": "2026-11-19"}, "completed_on", "future-date"),
        ({"case_ref": ""}, "case_ref", "empty"),
        ({"mode": "telepathy"}, "mode", "unknown-value"),
        ({"mode": ""}, "mode", "empty"),
        ({"language": "Welsh!"}, "language", "not-a-language"),
        ({"scored_by": "boss"}, "scored_by", "unknown-value"),
    ],
)
def test_a_faulty_row_is_named(land, read, rejected, cells, column, code):
    land(answer_rows({"feeling-safe": "3"}, **cells))
    assert faults_of(rejected) == [(2, column, code)]
    assert read(select(func.count(Response.id))) == [0]


def test_an_answer_off_the_route_rejects_its_response_alone(land, rejected):
    shared = {"instrument": "sus-tier-2", "wave": "closure", "case_ref": "C-2"}
    wrong = answer_rows({"affected-confidence": "no", "helped-confidence": "yes"}, **shared)
    assert counts(land([*wrong, *answer_rows(BASELINE)])) == (1, 0, 0, 1)
    assert faults_of(rejected) == [(2, "", "part-rejected"), (3, "item", "off-route")]
    assert rejected[1].faults[0].about == "affected-confidence yes"


def test_rows_of_one_response_must_agree(land, rejected):
    rows = answer_rows(BASELINE)
    rows[2]["mode"] = "phone"
    land(rows)
    assert (4, "mode", "rows-disagree") in faults_of(rejected)


def test_a_response_that_a_faulty_row_may_belong_to_does_not_land_in_parts(land, read, rejected):
    rows = answer_rows(BASELINE)
    rows[1]["completed_on"] = "12 Nov"
    assert counts(land(rows)) == (0, 0, 0, 2)
    assert faults_of(rejected)[0] == (3, "completed_on", "not-a-date")
    assert read(select(func.count(Response.id))) == [0]


def test_two_answers_to_one_question_are_a_fault_and_the_same_twice_is_not(land, rejected):
    twice = [*answer_rows(BASELINE), *answer_rows({"feeling-safe": "3"})]
    assert counts(land(twice)) == (1, 0, 0, 0)
    land([*twice, *answer_rows({"feeling-safe": "4"})])
    assert (7, "feeling-safe", "more-than-one") in faults_of(rejected)


def test_a_licensed_instrument_needs_its_recorded_licence(land, database, rejected):
    content = {
        "key": "their-star",
        "version": "1",
        "kind": "star",
        "title": "Theirs",
        "audience": "adult",
        "licence": "required",
        "items": [
            {
                "id": "home",
                "type": "scale",
                "text": "Home",
                "outcome": "home",
                "polarity": "higher-is-better",
                "minimum_change": 1,
                "doing_well_from": 2,
                "options": [
                    {"code": "1", "text": "low", "value": 1},
                    {"code": "2", "text": "high", "value": 2},
                    {"code": "prefer-not-to-say", "text": "-"},
                ],
            }
        ],
    }
    with database.write(Scope.worker()) as session:
        an_instrument(session, "their-star", content)
    rows = answer_rows({"home": "1"}, instrument="their-star")
    land(rows)
    assert faults_of(rejected) == [(2, "instrument", "licence-not-recorded")]
    with database.write(Scope.worker()) as session:
        get_service(session, SLUG).licences = ["their-star"]
    assert counts(land(rows)) == (1, 0, 0, 0)


def test_a_missing_column_writes_nothing(land, read):
    rows = [{k: v for k, v in row.items() if k != "wave"} for row in answer_rows(BASELINE)]
    assert land(rows) == FileFault(FileFaultCode.COLUMN_MISSING, "wave", 1)
    assert read(select(func.count(Response.id))) == [0]


def test_what_a_person_took_back_stays_away_however_often_the_file_comes(land, read, database):
    rows = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-17")
    land(rows)
    with database.write(Scope.worker()) as session:
        case_id = session.scalars(select(Response.case_id)).one()
        assert withdraw_answers(session, case_id, Wave.CLOSURE, now=NOON) == 1
    corrected = [row | {"value": "5"} for row in rows]
    assert counts(land(corrected)) == (0, 0, 1, 0)
    assert read(select(Answer.id)) == []


def test_a_young_persons_form_leaves_nothing_blank_that_was_not_on_it(land, read, database):
    with database.write(Scope.worker()) as session:
        case = session.scalars(select(Case).where(Case.case_ref == "C-2")).one()
        case.is_young_person = True
    facts = {"instrument": "sus-tier-1", "wave": "closure", "completed_on": "2026-11-17"}
    land(answer_rows({"satisfied": "satisfied"}, case_ref="C-2", **facts))
    land(answer_rows({"satisfied": "satisfied"}, **facts | {"wave": "review"}))
    land(
        answer_rows({"use-again": "yes"}, case_ref="C-2", **facts | {"completed_on": "2026-11-16"})
    )
    assert read(select(Response.left_out).order_by(Response.id)) == ["use-again", None, None]


def test_a_closure_dated_before_its_own_baseline_is_rejected(land, rejected):
    closure = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-01")
    baseline = answer_rows(BASELINE, case_ref="C-2", completed_on="2026-11-02")
    assert counts(land([*closure, *baseline])) == (1, 0, 0, 1)
    assert faults_of(rejected)[0] == (2, "completed_on", "before-baseline")
    assert counts(land(closure)) == (0, 0, 0, 1)
    later = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-02")
    assert counts(land(later)) == (1, 0, 0, 0)


def test_a_retrospective_baseline_is_of_the_start_whenever_it_was_made(land, database):
    land(answer_rows(BASELINE, case_ref="C-2", completed_on="2026-11-02"))
    with database.write(Scope.worker()) as session:
        session.scalars(select(Response)).one().is_retrospective = True
    closure = answer_rows(CLOSURE, case_ref="C-2", wave="closure", completed_on="2026-11-01")
    assert counts(land(closure)) == (1, 0, 0, 0)


def test_answers_dated_before_the_referral_are_rejected(land, rejected):
    assert counts(land(answer_rows(BASELINE, completed_on="2026-11-10"))) == (0, 0, 0, 1)
    assert faults_of(rejected)[0] == (2, "completed_on", "before-referral")


def test_a_text_of_a_word_for_nothing_is_a_blank_and_no_alert(land, read):
    shared = {"case_ref": "C-2", "instrument": "sus-tier-1", "wave": "closure"}
    tally = land(answer_rows({"comment": "N/A", "satisfied": "Satisfied\u200b"}, **shared))
    assert (tally.created, tally.alerts_raised) == (1, 0)
    assert read(select(Answer.item)) == ["satisfied"]
