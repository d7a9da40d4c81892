"""Find a case by its reference, or look through mine, my team's and all."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.reporting.desk_cases import (
    PAGE,
    CaseRow,
    CaseState,
    Narrowing,
    Whose,
    find_exactly,
    list_cases,
    saved_filters,
)
from survey_app.store.saved_filters import SavedFilter
from survey_app.store.team_members import find_team
from survey_app.web.caseworker.case.words import LEVELS
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.shared.access import Audience, access, reading, staff, this_service


@access(Audience.STAFF, Task.SEE_CASES)
def cases(slug: str) -> Response | str:
    """A reference typed in full leads to its case; anything else narrows the list."""
    service_id, account_id = this_service().id, staff().account.account_id
    narrowing = Narrowing.read(request.args, default=Whose.SERVICE)
    with reading() as session:
        if narrowing.starts_with:
            exact = find_exactly(session, service_id, narrowing.starts_with)
            if exact is not None:
                return redirect(case_address(slug, exact))
        found = list_cases(
            session, service_id, narrowing, account_id, after=_after(), limit=PAGE + 1
        )
        ways = ways_to_look(session, service_id, account_id)
    return cases_page(slug, narrowing, found[:PAGE], ways, more=len(found) > PAGE)


@dataclass(frozen=True)
class Ways:
    """How somebody may narrow the list: by their team, if they have one, and their own filters."""

    team: str | None
    kept: tuple[tuple[SavedFilter, dict[str, str]], ...]


def ways_to_look(session: Session, service_id: int, account_id: int) -> Ways:
    """Of one person in a service."""
    kept = saved_filters(session, service_id, account_id)
    words = (Narrowing.read(each.narrowing, default=Whose.SERVICE).as_words() for each in kept)
    team = find_team(session, service_id, account_id)
    return Ways(team, tuple(zip(kept, words, strict=True)))


def cases_page(
    slug: str,
    narrowing: Narrowing,
    shown: list[CaseRow],
    ways: Ways,
    *,
    more: bool,
    error: str | None = None,
    name: str = "",
) -> str:
    """The list, with the ways to narrow it."""
    last = shown[-1] if shown and more else None
    return render_template(
        "caseworker/case/list.html",
        slug=slug,
        narrowing=narrowing,
        words=narrowing.as_words(),
        cases=shown,
        kept=ways.kept,
        whose_choices=_whose_choices(ways.team),
        levels=LEVELS,
        older=write_key((last.referred_on.isoformat(), last.id)) if last else None,
        states=CaseState,
        error=error,
        name=name,
    )


def _whose_choices(team: str | None) -> list[tuple[str, str]]:
    mine = [(Whose.MINE.value, _("Mine"))]
    ours = [] if team is None else [(Whose.MY_TEAM.value, _("My team: %(name)s", name=team))]
    everybody = (Whose.SERVICE.value, _("The whole service"))
    return [everybody, *mine, *ours, (Whose.NOBODY.value, _("Nobody’s yet"))]


def _after() -> tuple[date, int] | None:
    key = read_key(request.args.get("after"))
    try:
        return None if key is None else (date.fromisoformat(key[0]), key[1])
    except ValueError:
        return None


def list_pages(pages: Blueprint) -> None:
    """Mount the list."""
    pages.get("/services/<slug>/cases")(cases)
