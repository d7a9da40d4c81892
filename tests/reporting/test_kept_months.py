"""Months kept as counted: shown figures are always those that a live count would give."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import delete, event, select, update

from survey_app.reporting.counting import Part
from survey_app.reporting.population import Audience
from survey_app.store.cases import Case
from survey_app.store.kept_months import all_kept_months, see_month, settle_month
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from survey_app.usecases.refresh_pairs import refresh_pairs
from tests.reporting.kept import AROUND, FILTERED, QUARTER, Keeping, settle_requests
from tests.reporting.worlds import NOW, World, fill

SETTLED = ("2018-03", "2018-04", "2018-05")


@pytest.fixture
def keeping(database) -> Keeping:
    """Cases of every kind; only in June are requests open."""
    with database.write(Scope.worker()) as session:
        noise = World(session, Random(3))
        fill(noise, 3)
        world = World.beside(noise, Random(4))
        fill(world, 24)
        settle_requests(world, SETTLED)
        return Keeping(database, world.service.id)


def test_a_month_is_kept_once_no_request_of_it_is_open(keeping):
    assert keeping.kept() == set()
    keeping.keep()
    assert keeping.kept() == set(SETTLED)
    assert keeping.keep() == 0


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
    used = 0
    for what in [*draw.sample(sorted(CHANGES), len(CHANGES)), *draw.sample(sorted(CHANGES), 6)]:
        with keeping.database.write(Scope.worker()) as session:
            CHANGES[what](session, draw)
        used += bool(keeping.kept())
        keeping.assert_equal(QUARTER, **whole)
        if draw.random() < 0.7:
            keeping.keep()
        filters, by = draw.choice(FILTERED)
        keeping.assert_equal(QUARTER, by=by, filters=filters, **whole)
    assert used > 8, "hardly anything was kept: this test says little"


def test_a_kept_month_waits_for_a_clock_that_is_behind(keeping):
    keeping.keep()
    keeping.now = NOW - timedelta(days=3)
    keeping.assert_equal(QUARTER, audience=Audience.STAFF)


def test_statements_do_not_grow_with_the_months_that_are_kept(keeping):
    keeping.keep()
    assert statements_of(keeping, QUARTER) == statements_of(keeping, AROUND)


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
        assert settle_month(session, seen, "as the first", NOW)
    with database.write(Scope.worker()) as session:
        assert not settle_month(session, seen, "as the second", NOW)
    with database.read(Scope.worker()) as session:
        assert all_kept_months(session, service_id, "as the first").keys() == {"2018-04"}


def test_what_moves_while_a_month_is_counted_leaves_its_mark(keeping):
    database, service_id = keeping.database, keeping.service_id
    with database.read(Scope.worker()) as session:
        seen = see_month(session, service_id, "2018-04")
    with database.write(Scope.worker()) as session:
        april = Case.closed_on.between(date(2018, 4, 1), date(2018, 4, 30))
        session.execute(update(Case).where(april).values(deliveries=9))
    with database.write(Scope.worker()) as session:
        assert settle_month(session, seen, "as counted", NOW)
    with database.read(Scope.worker()) as session:
        assert all_kept_months(session, service_id, "as counted") == {}
