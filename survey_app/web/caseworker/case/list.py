"""Find a case by its reference, or look through mine and the team's."""

from datetime import date

from flask import Blueprint, redirect, render_template, request
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
from survey_app.web.caseworker.case.words import LEVELS
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.shared.access import Audience, access, reading, staff, this_service


@access(Audience.STAFF, Task.SEE_CASES)
def cases(slug: str) -> Response | str:
    """A reference typed in full leads to its case; anything else narrows the list."""
    service_id, account_id = this_service().id, staff().account.account_id
    narrowing = Narrowing.read(request.args, default=Whose.TEAM)
    with reading() as session:
        if narrowing.starts_with:
            exact = find_exactly(session, service_id, narrowing.starts_with)
            if exact is not None:
                return redirect(case_address(slug, exact))
        found = list_cases(
            session, service_id, narrowing, account_id, after=_after(), limit=PAGE + 1
        )
        kept = saved_filters(session, service_id, account_id)
    shown = found[:PAGE]
    return cases_page(slug, narrowing, shown, kept, more=len(found) > PAGE)


def cases_page(
    slug: str,
    narrowing: Narrowing,
    shown: list[CaseRow],
    kept: list[object],
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
        kept=kept,
        levels=LEVELS,
        older=write_key((last.referred_on.isoformat(), last.id)) if last else None,
        whose=Whose,
        states=CaseState,
        error=error,
        name=name,
    )


def _after() -> tuple[date, int] | None:
    key = read_key(request.args.get("after"))
    try:
        return None if key is None else (date.fromisoformat(key[0]), key[1])
    except ValueError:
        return None


def list_pages(pages: Blueprint) -> None:
    """Mount the list."""
    pages.get("/services/<slug>/cases")(cases)
