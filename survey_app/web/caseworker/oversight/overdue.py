"""What is due and overdue with each team and worker? Today's own lists, of everybody."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from survey_app.domain.access import Task
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_of_kind
from survey_app.reporting.overdue import Load, due_by_worker
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker, named
from survey_app.store.programmes import ProgrammeMissing, Programmes
from survey_app.store.team_members import teams_by_account
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.caseworker.oversight.by_team import (
    name_of,
    name_of_holder,
    place_of,
    read_holder,
    rows_by_team,
)
from survey_app.web.caseworker.today_words import EMPTY, TITLES, told_all
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.runtime import runtime

PAGE = 25


@dataclass(frozen=True)
class Due:
    """How many things of one kind are due, how many of them overdue, and where they are listed."""

    due: int
    overdue: int
    href: str
    what: str


@dataclass(frozen=True)
class Row:
    """One worker, one team, or everybody: what is due of each kind."""

    name: str
    cells: tuple[Due, ...]
    is_team: bool = False


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def overdue(slug: str) -> str:
    """A table of everybody, each team and worker; each number leads to its list."""
    with reading() as session:
        desk = _desk(session, None)
        everybody, loads = due_by_worker(desk) if desk else (Load(), {})
        names = {worker: name_of(name) for worker, name in named(session, loads).items()}
        teams = teams_by_account(session, this_service().id)
    return render_template(
        "caseworker/oversight/overdue.html",
        slug=slug,
        has_programme=desk is not None,
        titles=TITLES,
        everybody=_row(everybody, None, ""),
        rows=rows_by_team(loads, names, teams, Load.sum_of, _row),
    )


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def overdue_list(slug: str) -> str:
    """What is due of one kind, the longest due first: of one worker, a team or everybody."""
    said = request.args.get("kind")
    kind = DueKind(said) if said in set(DueKind) else DueKind.ALERTS
    held_by = read_holder(request.args)
    with reading() as session:
        desk = _desk(session, held_by)
        after = read_key(request.args.get("after"))
        found = due_of_kind(desk, kind, PAGE, after) if desk else None
        whose = name_of_holder(session, held_by)
        rows = found.rows if found else ()
        things = told_all(session, rows, slug)
    has_more = found is not None and found.total > len(rows)
    older = write_key(rows[-1].key) if has_more else None
    return render_template(
        "caseworker/oversight/overdue_list.html",
        slug=slug,
        title=TITLES[kind],
        empty=EMPTY[kind],
        whose=whose,
        rows=things,
        older=older and _address(kind, held_by, after=older),
    )


def _desk(session: Session, held_by: Team | Worker | None) -> Desk | None:
    """None: nobody has said yet what is asked, so nothing can be due."""
    service_id = this_service().id
    try:
        programme = Programmes.of(session, service_id).in_force
    except ProgrammeMissing:
        return None
    return Desk(session, service_id, programme, runtime().now(), held_by=held_by)


def _row(load: Load, held_by: Team | Worker | None, name: str) -> Row:
    cells = (
        Due(load.due[kind], load.overdue[kind], _address(kind, held_by), f"{TITLES[kind]}, {name}")
        for kind in DueKind
    )
    return Row(name, tuple(cells), isinstance(held_by, Team))


def _address(kind: DueKind, held_by: Team | Worker | None, after: str | None = None) -> str:
    place = place_of(held_by) | ({"after": after} if after else {})
    return url_for(".overdue_list", slug=this_service().slug, kind=kind.value, **place)


def overdue_pages(pages: Blueprint) -> None:
    """Mount the table and its lists."""
    pages.get("/services/<slug>/oversight/overdue")(overdue)
    pages.get("/services/<slug>/oversight/overdue/list")(overdue_list)
