"""Months kept as counted: shown figures are always those that a live count would give."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import delete, event, or_, select, update

from survey_app.domain.periods import days_of
from survey_app.reporting.counting import Part
from survey_app.reporting.filters import Dimension
from survey_app.reporting.population import Audience
from survey_app.store import kept_months, month_looks
from survey_app.store.cases import Case
from survey_app.store.kept_months import find_kept_months, read_all_tallies
from survey_app.store.messages import OutboxMessage
from survey_app.store.month_looks import MonthCounted, see_month, settle_month
from survey_app.store.moved_cases import MovedCase
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from survey_app.usecases.refresh_pairs import refresh_pairs
from tests.reporting.kept import AROUND, QUARTER, Keeping, drawn_question
from tests.reporting.worlds import NOW, World, fill

OF_NEIGHBOUR = 2
"""So many months does the service next to it have."""


@pytest.fixture
def keeping(database) -> Keeping:
    """Cases of every kind; some with a request that waits for its day, or is open."""
    with database.write(Scope.worker()) as session:
        noise = World(session, Random(3))
        fill(noise, 3)
        world = World.beside(noise, Random(4))
        fill(world, 24)
        due = {"due_at": NOW - timedelta(days=2), "deferred_until": None}
        some = [case.id for place, case in enumerate(world.cases) if place % 3]
        session.execute(update(SurveyRequest).where(SurveyRequest.case_id.in_(some)).values(due))
        return Keeping(database, world.service.id)


def test_all_months_are_kept_without_the_cases_that_time_alone_may_move(keeping):
    assert keeping.kept() == {}
    assert keeping.keep() == 4 + OF_NEIGHBOUR
    kept = keeping.kept()
    assert list(kept) == ["2018-03", "2018-04", "2018-05", "2018-06"]
    assert set().union(*(month.apart for month in kept.values())) == waiting(keeping)
    assert keeping.keep() == 0


def waiting(keeping: Keeping) -> set[int]:
    """The closed cases of the service with a request that waits for its day."""
    with keeping.database.read(Scope.worker()) as session:
        later = SurveyRequest.due_at > NOW, SurveyRequest.deferred_until > NOW
        waits = SurveyRequest.id.in_(select(SurveyRequest.id).where(or_(*later)))
        of_service = Case.service_id == keeping.service_id
        query = select(Case.id).join(SurveyRequest, SurveyRequest.case_id == Case.id)
        found = session.scalars(query.where(of_service, Case.closed_on.is_not(None), waits))
        return set(found)


def test_a_case_is_taken_in_once_its_day_has_come(keeping):
    keeping.keep()
    keeping.now = NOW + timedelta(days=3)
    keeping.assert_equal(QUARTER, audience=Audience.STAFF)
    assert keeping.keep() > 0
    assert not any(month.apart for month in keeping.kept().values())
    keeping.assert_equal(QUARTER, audience=Audience.STAFF)


def test_kept_figures_are_those_counted_live(keeping):
    keeping.keep()
    keeping.assert_all_equal()


CHANGES = {
    "a characteristic is edited": lambda s, d: s.execute(
        update(Person).where(Person.id == d.choice(ids(s, Person))).values(sex=d.choice("mf"))
    ),
    "a language is chosen": lambda s, d: s.execute(
        update(Person).where(Person.id == d.choice(ids(s, Person))).values(language="pl")
    ),
    "a closing is moved": lambda s, d: s.execute(
        update(Case)
        .where(Case.id == d.choice(ids(s, Case)))
        .values(closed_on=date(2018, 3, 31) + timedelta(days=d.randrange(80)))
    ),
    "a case is opened again": lambda s, d: s.execute(
        update(Case).where(Case.id == d.choice(ids(s, Case))).values(closed_on=None)
    ),
    "a delivery is written down": lambda s, d: s.execute(
        update(Case)
        .where(Case.id == d.choice(ids(s, Case)))
        .values(deliveries=Case.deliveries + 1, local_authority="Elsewhere")
    ),
    "a request moves": lambda s, d: s.execute(
        update(SurveyRequest)
        .where(SurveyRequest.id == d.choice(ids(s, SurveyRequest)))
        .values(reached_at=NOW, opted_out_at=NOW, tier=d.choice("123"))
    ),
    "a request is opened and waits": lambda s, d: s.execute(
        update(SurveyRequest)
        .where(SurveyRequest.id == d.choice(ids(s, SurveyRequest)))
        .values(state="asked", due_at=NOW + timedelta(days=1))
    ),
    "a text arrives": lambda s, d: s.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == d.choice(ids(s, OutboxMessage)))
        .values(state="delivered", sent_at=NOW)
    ),
    "answers come to count": lambda s, d: s.execute(
        update(Response)
        .where(Response.id == d.choice(ids(s, Response)))
        .values(counts_on=date(2018, 6, 3), is_complete=True)
    ),
    "answers are taken back": lambda s, d: take_back(s, d.choice(ids(s, Response))),
    "an answer is corrected": lambda s, d: s.execute(
        update(Answer)
        .where(Answer.id == d.choice(ids(s, Answer, Answer.item == "satisfied")))
        .values(code="neither")
    ),
    "pairs are made anew": lambda s, d: refresh_pairs(s, ids(s, Case)),
}


def ids(session, mapped, *conditions) -> list[int]:
    return list(session.scalars(select(mapped.id).where(*conditions).order_by(mapped.id)))


def take_back(session, response_id: int) -> None:
    session.execute(delete(Answer).where(Answer.response_id == response_id))
    session.execute(
        update(Response).where(Response.id == response_id).values(counts_on=None, withdrawn_at=NOW)
    )
    refresh_pairs(session, [session.get_one(Response, response_id).case_id])


def test_whatever_moves_the_figures_shown_are_those_counted_live(keeping):
    draw = Random(11)
    whole = {"audience": Audience.STAFF, "parts": list(Part)}
    moved = 0
    for what in [*draw.sample(sorted(CHANGES), len(CHANGES)), *draw.sample(sorted(CHANGES), 6)]:
        before = apart(keeping)
        with keeping.database.write(Scope.worker()) as session:
            CHANGES[what](session, draw)
        moved += bool(before) and apart(keeping) != before
        keeping.assert_equal(QUARTER, **whole)
        if draw.random() < 0.6:
            keeping.keep()
        filters, by = drawn_question(draw)
        keeping.assert_equal(draw.choice((QUARTER, AROUND)), by=by, filters=filters, **whole)
    assert moved > 6, "hardly anything moved from what was kept: this test says little"


def apart(keeping: Keeping) -> dict[str, frozenset[int]]:
    return {name: month.apart for name, month in keeping.kept().items()}


def test_only_the_case_that_moved_is_counted_apart(keeping):
    keeping.keep()
    before = apart(keeping)
    with keeping.database.write(Scope.worker()) as session:
        case_id = kept_case(session, keeping, "2018-05")
        session.execute(update(Case).where(Case.id == case_id).values(deliveries=9))
    assert apart(keeping) == {**before, "2018-05": before["2018-05"] | {case_id}}


def kept_case(session, keeping: Keeping, month: str) -> int:
    first, last = days_of(month)
    of_month = Case.closed_on.between(first, last), Case.service_id == keeping.service_id
    away = waiting(keeping)
    return next(case_id for case_id in ids(session, Case, *of_month) if case_id not in away)


def test_a_month_most_of_which_has_moved_is_counted_whole(keeping, monkeypatch):
    keeping.keep()
    monkeypatch.setattr(kept_months, "MANY_APART", 2)
    assert len(keeping.kept()) < 4
    keeping.assert_equal(QUARTER, audience=Audience.STAFF, by=Dimension.SEX)


def test_a_keeper_with_patience_leaves_a_month_alone_in_which_little_has_moved(
    keeping, monkeypatch
):
    keeping.keep()
    with keeping.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(deliveries=9))
    assert keeping.keep(is_patient=True) == 0
    monkeypatch.setattr(month_looks, "FEW_MARKS", 2)
    assert keeping.keep(is_patient=True) > 0
    with keeping.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(deliveries=8))
    monkeypatch.undo()
    keeping.now += month_looks.PATIENCE
    assert keeping.keep(is_patient=True) == 4 + OF_NEIGHBOUR


def test_what_left_no_mark_is_counted_within_a_day(keeping):
    """As where a case was changed while somebody else was just closing it, on PostgreSQL."""
    keeping.keep()
    with keeping.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(deliveries=9))
        session.execute(delete(MovedCase))
    keeping.now += month_looks.LONGEST - timedelta(minutes=1)
    assert keeping.keep(is_patient=True) == 0
    keeping.now += timedelta(minutes=1)
    assert keeping.keep(is_patient=True) == 4 + OF_NEIGHBOUR
    assert keeping.keep(is_patient=True) == 0
    keeping.assert_equal(QUARTER, audience=Audience.STAFF, by=Dimension.SEX)


def test_a_page_that_has_begun_finds_a_month_as_it_was_though_it_be_looked_at(keeping):
    keeping.keep()
    begun = keeping.kept()["2018-05"]
    with keeping.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(deliveries=9))
    keeping.keep()
    newer = keeping.kept()["2018-05"]
    with keeping.database.read(Scope.worker()) as session:
        old = read_all_tallies(session, begun)
        assert old.keys() == read_all_tallies(session, newer).keys()
        assert old != read_all_tallies(session, newer)


def test_a_kept_month_waits_for_a_clock_that_is_behind(keeping):
    keeping.keep()
    keeping.now = NOW - timedelta(days=3)
    keeping.assert_equal(QUARTER, audience=Audience.STAFF)


def test_statements_grow_neither_with_months_nor_with_cases_counted_apart(keeping):
    keeping.keep()
    found = statements_of(keeping, AROUND)
    assert statements_of(keeping, QUARTER) <= found
    with keeping.database.write(Scope.worker()) as session:
        session.execute(update(Case).values(deliveries=9))
    assert statements_of(keeping, AROUND) <= found


def statements_of(keeping, period) -> int:
    sent: list[str] = []

    def note(_c, _cursor, statement, *_rest) -> None:
        sent.append(statement)

    event.listen(keeping.database.engine, "before_cursor_execute", note)
    keeping.report(period, audience=Audience.STAFF, parts=list(Part))
    event.remove(keeping.database.engine, "before_cursor_execute", note)
    return len(sent)


def test_one_of_two_who_count_at_once_says_what_it_saw(keeping):
    database, service_id = keeping.database, keeping.service_id
    with database.read(Scope.worker()) as session:
        seen = see_month(session, service_id, "2018-04")
    with database.write(Scope.worker()) as session:
        assert settle_month(session, seen, MonthCounted("as the first", NOW))
    with database.write(Scope.worker()) as session:
        assert not settle_month(session, seen, MonthCounted("as the second", NOW))
    with database.read(Scope.worker()) as session:
        found = find_kept_months(session, service_id, "2018-04", "2018-04", "as the first", NOW)
        assert found.keys() == {"2018-04"}


def test_what_moves_while_a_month_is_counted_leaves_its_mark(keeping):
    database, service_id = keeping.database, keeping.service_id
    keeping.keep()
    with database.read(Scope.worker()) as session:
        seen = see_month(session, service_id, "2018-04")
    with database.write(Scope.worker()) as session:
        april = Case.closed_on.between(date(2018, 4, 1), date(2018, 4, 30))
        session.execute(update(Case).where(april).values(deliveries=9))
    with database.write(Scope.worker()) as session:
        moved = set(ids(session, Case, april, Case.service_id == service_id))
        assert settle_month(session, seen, MonthCounted("as counted", NOW))
    with database.read(Scope.worker()) as session:
        found = find_kept_months(session, service_id, "2018-04", "2018-04", "as counted", NOW)
        assert found["2018-04"].apart == moved
