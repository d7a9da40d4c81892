"""What does somebody see first in a service? What is due today, for those who work on cases."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, may
from survey_app.reporting.desk import desk_counts
from survey_app.reporting.desk_cases import Whose, my_team
from survey_app.reporting.desk_due import Desk, DueKind, DueList
from survey_app.reporting.desk_today import due_of_kind, due_today, has_cases
from survey_app.store.programmes import ProgrammeMissing, Programmes
from survey_app.store.team_members import find_team
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.caseworker.overview import overview_page
from survey_app.web.caseworker.today_words import EMPTY, TITLES, told_all
from survey_app.web.shared.access import Audience, access, reading, staff, this_service
from survey_app.web.shared.runtime import runtime

FIRST = 3
"""Rows of each kind on the first page: all of a morning on one screen."""
PAGE = 25


@access(Audience.STAFF, Task.OPEN_SERVICE)
def service_home(slug: str) -> Response | str:
    """Today for those who work on cases, else the overview, the figures or the calls."""
    roles = this_service().roles
    if may(roles, Task.SEE_CASES):
        try:
            return _today(slug)
        except ProgrammeMissing:
            # Nothing can be due where nobody has said yet what is asked.
            return overview_page()
    if may(roles, Task.SEE_DESK):
        return overview_page()
    if may(roles, Task.SEE_FIGURES):
        return redirect(url_for("commissioner.quarters", slug=slug))
    if may(roles, Task.SEE_CALLS):
        return redirect(url_for("interviewer.calls", slug=slug))
    return render_template("caseworker/no_desk.html")


def _today(slug: str) -> str:
    service, now = this_service(), runtime().now()
    kind = _kind(request.args.get("show"))
    with reading() as session:
        desk, whose = _desk(session, service.id, now)
        team = find_team(session, service.id, staff().account.account_id)
        if kind is None:
            lists = due_today(desk, FIRST)
        else:
            lists = {kind: due_of_kind(desk, kind, PAGE, read_key(request.args.get("after")))}
        counts = desk_counts(session, service.id, now)
        groups = [
            (each, found, told_all(session, found.rows, slug)) for each, found in lists.items()
        ]
    shown = lists.get(kind) if kind else None
    return render_template(
        "caseworker/today.html",
        slug=slug,
        whose=whose,
        team=team,
        kind=kind,
        groups=groups,
        nothing=not any(found.total for found in lists.values()),
        titles=TITLES,
        empty=EMPTY,
        counts=counts,
        older=_older(shown),
        day=desk.today,
    )


def _desk(session: Session, service_id: int, now: datetime) -> tuple[Desk, Whose]:
    """Mine, unless others' are asked for, or nothing is mine."""
    programme = Programmes.of(session, service_id).in_force
    me = staff().account.account_id
    mine = Desk(session, service_id, programme, now, me)
    asked = Whose.read(request.args.get("whose"))
    if asked is Whose.MY_TEAM:
        return replace(mine, held_by=my_team(session, service_id, me)), Whose.MY_TEAM
    if asked is Whose.MINE or (asked is not Whose.SERVICE and has_cases(mine)):
        return mine, Whose.MINE
    return replace(mine, caseworker_id=None), Whose.SERVICE


def _kind(said: str | None) -> DueKind | None:
    return DueKind(said) if said in set(DueKind) else None


def _older(shown: DueList | None) -> str | None:
    if shown is None or shown.total <= len(shown.rows):
        return None
    return write_key(shown.rows[-1].key)


def today_pages(pages: Blueprint) -> None:
    """Mount the first page of a service."""
    pages.get("/services/<slug>")(service_home)
