"""Whatever moves a figure of a closed case marks it in its month, on both databases."""

from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import delete, event, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from survey_app.reporting.kept_tallies import count_month, waiting_of_month
from survey_app.store.base import Base
from survey_app.store.kept_months import KeptMonth
from survey_app.store.migrations import drift, upgrade
from survey_app.store.move_marks import NAME, marks_differ
from survey_app.store.moved_cases import EVERY_CASE, MovedCase
from survey_app.store.scope import Scope
from survey_app.store.watched import WATCHED
from tests.reporting.worlds import NOW, World

APRIL, MAY = "2018-04", "2018-05"


@pytest.fixture
def world(session: Session) -> World:
    """One case, closed in May, with everything that figures are counted from."""
    world = World(session, Random(1))
    case = world.add_case(closed_on=date(2018, 5, 2), sex="female")
    request = world.add_request(case, tier="1")
    world.add_message(case, request, "accepted", 0)
    for wave in ("baseline", "closure"):
        world.add_response(case, "self-assessment", {"feeling-safe": "2"}, wave=wave)
    world.settle()
    return world


def marked(session: Session) -> set[str]:
    """The months marked since the last look."""
    session.flush()
    found = set(session.scalars(select(MovedCase.month)))
    session.execute(delete(MovedCase))
    return found


def table(name: str):
    return Base.metadata.tables[name]


def another(column) -> object:
    """A value that the column has not; `object` is the kind of an instant."""
    kind = column.type.python_type
    if kind is bool:
        return ~column
    if column.name in ("item", "code", "area", "wave"):
        return column + "-other"
    # All days of this world lie in May, which they stay in.
    values = {object: NOW - timedelta(days=400), date: date(2018, 5, 20), int: 7, str: "another"}
    return values[kind]


@pytest.mark.parametrize("name", WATCHED)
def test_every_column_that_counts_marks_the_month(world, name):
    marked(world.session)
    for column in table(name).columns:
        if column.name in WATCHED[name].columns and not column.foreign_keys:
            world.session.execute(update(table(name)).values({column.name: another(column)}))
            assert marked(world.session) == {MAY}, column.name


UNCOUNTED = {
    "cases": {"case_ref": "another"},
    "people": {"client_ref": "another", "sms_preferred": "yes"},
    "requests": {"language": "pl", "ended_at": NOW},
    "messages": {"reason": "another", "attempts": 3},
    "responses": {"started_at": NOW},
    "answers": {"answered_at": NOW},
    "pairs": {"first_on": date(2018, 1, 1)},
}


@pytest.mark.parametrize("name", UNCOUNTED)
def test_what_no_figure_counts_marks_nothing(world, name):
    marked(world.session)
    for column in WATCHED[name].columns:
        # Written again as it stands, as the mapper and imports do.
        world.session.execute(update(table(name)).values({column: table(name).c[column]}))
    world.session.execute(update(table(name)).values(UNCOUNTED[name]))
    assert marked(world.session) == set()


def test_rows_that_come_and_go_mark_the_month(world):
    session = world.session
    for name in ("pairs", "answers", "responses", "messages", "requests"):
        if name == "requests":
            clear(session, "tokens")
        marked(session)
        [row] = session.execute(select(table(name)).limit(1)).mappings()
        session.execute(delete(table(name)).where(table(name).c.id == row["id"]))
        assert marked(session) == {MAY}, f"{name} go"
        session.execute(table(name).insert().values(dict(row)))
        assert marked(session) == {MAY}, f"{name} come"
        clear(session, name)
    marked(session)
    session.execute(delete(table("cases")))
    assert marked(session) == {MAY}


def clear(session: Session, name: str) -> None:
    """Without the rows of a table, those that they hang on can go."""
    session.execute(delete(table(name)))


def test_a_case_that_moves_on_marks_both_months_and_an_open_one_none(world):
    session, [case] = world.session, world.cases
    marked(session)
    case.closed_on = date(2018, 4, 30)
    assert marked(session) == {APRIL, MAY}
    case.closed_on = None
    assert marked(session) == {APRIL}
    case.deliveries = 9
    world.add_response(case, "sus-tier-1", {"satisfied": "neither"})
    assert marked(session) == set()
    case.closed_on = date(2018, 4, 1)
    assert marked(session) == {APRIL}


def test_only_the_case_that_moved_is_marked(world):
    session, [first] = world.session, world.cases
    second = world.add_case(closed_on=date(2018, 5, 3))
    session.flush()
    marked(session)
    second.deliveries = 9
    session.flush()
    found = session.execute(select(MovedCase.service_id, MovedCase.month, MovedCase.case_id))
    assert [tuple(row) for row in found] == [(first.service_id, MAY, second.id)]


def test_answers_of_an_open_request_mark_nothing_until_they_count(world):
    session, [case, *_] = world.session, world.cases
    response = world.add_response(case, "sus-tier-1", {}, counts_on=None)
    marked(session)
    for code in ("satisfied", "neither"):
        session.execute(
            table("answers")
            .insert()
            .values(response_id=response.id, item=code, code=code, is_skipped=False)
            .values(answered_at=NOW)
        )
    assert marked(session) == set()
    response.counts_on = date(2018, 5, 9)
    assert marked(session) == {MAY}


def test_all_that_a_month_is_counted_from_is_watched(world):
    """A column that a new figure reads, and that marks nothing, would make kept months stale."""
    read: set[tuple[str, str]] = set()

    def note(state) -> None:
        for element in visitors.iterate(state.statement):
            owner = getattr(getattr(element, "table", None), "element", None)
            owner = owner if owner is not None else getattr(element, "table", None)
            if getattr(owner, "name", None) in WATCHED:
                read.add((owner.name, element.name))

    event.listen(world.session, "do_orm_execute", note)
    waiting = waiting_of_month(world.session, world.service, MAY, NOW)
    count_month(world.session, world.service, MAY, NOW, waiting.case_ids)
    unwatched = {
        (name, column)
        for name, column in read
        if column not in (*WATCHED[name].columns, "id", "service_id")
    }
    assert len(read) > 60
    assert unwatched == set()


def test_lost_triggers_are_made_again_and_nothing_kept_is_trusted(database):
    with database.write(Scope.worker()) as session:
        world = World(session)
        service = world.service
        world.add_case(closed_on=date(2018, 4, 3))
        session.add(
            KeptMonth(
                service_id=service.id,
                month=APRIL,
                version=3,
                kept_as="counted",
                kept_at=NOW,
                left_out=[],
                has_open=False,
            )
        )
    name = f"{NAME}answers_update"
    drop = f"DROP TRIGGER {name}" + ("" if database.is_sqlite else " ON answers")
    with database.write() as session:
        session.execute(text(drop))
    assert drift(database) == [name]
    upgrade(database)
    with database.read(Scope.worker()) as session:
        assert marks_differ(session.connection()) == []
        [month] = session.scalars(select(KeptMonth))
        assert month.kept_as is None
        assert month.version > 3
        assert (APRIL, EVERY_CASE) in session.execute(
            select(MovedCase.month, MovedCase.case_id)
        ).all()
