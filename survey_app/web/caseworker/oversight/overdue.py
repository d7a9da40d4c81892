"""What is due and overdue with each worker? Today's own lists, for the whole team."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from survey_app.domain.access import Task
from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_of_kind
from survey_app.reporting.overdue import Load, due_by_worker
from survey_app.reporting.workers import Worker, named
from survey_app.store.programmes import ProgrammeMissing, Programmes
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.caseworker.oversight.asked import name_of, worker_name
from survey_app.web.caseworker.today_words import EMPTY, TITLES, told
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


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def overdue(slug: str) -> str:
    """A table of the team and each worker; each number leads to its list."""
    with reading() as session:
        desk = _desk(session, None)
        team, loads = due_by_worker(desk) if desk else (Load(), {})
        names = named(session, loads)
    return render_template(
        "caseworker/oversight/overdue.html",
        slug=slug,
        has_programme=desk is not None,
        titles=TITLES,
        team=_row(team, None, ""),
        rows=[
            (name_of(name), _row(loads[worker], worker, name_of(name)))
            for worker, name in names.items()
        ],
    )


@access(Audience.STAFF, Task.SEE_OVERSIGHT)
def overdue_list(slug: str) -> str:
    """What is due of one kind, the longest due first: of one worker, or of the team."""
    said = request.args.get("kind")
    kind = DueKind(said) if said in set(DueKind) else DueKind.ALERTS
    worker = Worker.read(request.args.get("worker"))
    with reading() as session:
        desk = _desk(session, worker)
        after = read_key(request.args.get("after"))
        found = due_of_kind(desk, kind, PAGE, after) if desk else None
        whose = worker_name(session, worker) if worker is not None else None
    rows = found.rows if found else ()
    has_more = found is not None and found.total > len(rows)
    older = write_key(rows[-1].key) if has_more else None
    return render_template(
        "caseworker/oversight/overdue_list.html",
        slug=slug,
        title=TITLES[kind],
        empty=EMPTY[kind],
        whose=whose,
        rows=[told(row, slug) for row in rows],
        older=older and _address(kind, worker, after=older),
    )


def _desk(session: Session, worker: Worker | None) -> Desk | None:
    """None: nobody has said yet what is asked, so nothing can be due."""
    service_id = this_service().id
    try:
        programme = Programmes.of(session, service_id).in_force
    except ProgrammeMissing:
        return None
    return Desk(session, service_id, programme, runtime().now(), worker=worker)


def _row(load: Load, worker: Worker | None, name: str) -> list[Due]:
    return [
        Due(load.due[kind], load.overdue[kind], _address(kind, worker), f"{TITLES[kind]}, {name}")
        for kind in DueKind
    ]


def _address(kind: DueKind, worker: Worker | None, after: str | None = None) -> str:
    return url_for(
        ".overdue_list",
        slug=this_service().slug,
        kind=kind.value,
        worker=worker.key if worker is not None else None,
        after=after,
    )


def overdue_pages(pages: Blueprint) -> None:
    """Mount the table and its lists."""
    pages.get("/services/<slug>/oversight/overdue")(overdue)
    pages.get("/services/<slug>/oversight/overdue/list")(overdue_list)
