"""Which quarters are there, and what does one of them say?"""

from datetime import date

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, may
from survey_app.domain.periods import Quarter, london_day, quarter_of
from survey_app.reporting.desk import first_closing, list_publications
from survey_app.web.commissioner.page import figures_page
from survey_app.web.commissioner.sources import asked_basis, asked_quarter, find_source
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.runtime import runtime

MOST_QUARTERS = 40
"""Ten years: older quarters are reached by their address."""


@access(Audience.STAFF, Task.SEE_FIGURES)
def quarters(**_address: str) -> str:
    """Staff: every quarter since the first closing. The commissioner: every published quarter."""
    service = this_service()
    is_live = may(service.roles, Task.SEE_LIVE_FIGURES)
    with reading() as session:
        published = list_publications(session, service.id)
        began = first_closing(session, service.id) if is_live else None
    newest = {row.period: row for row in reversed(published)}
    rows = [(q.code, newest.get(q.code)) for q in _quarters_since(began)] if is_live else []
    if not is_live:
        rows = sorted(newest.items(), reverse=True)
    return render_template(
        "commissioner/quarters.html", rows=rows, is_live=is_live, service=service
    )


@access(Audience.STAFF, Task.SEE_FIGURES)
def figures(slug: str, period: str) -> Response | str:
    """One quarter's figures."""
    quarter, basis = asked_quarter(period), asked_basis()
    source = find_source(quarter, basis)
    common = {"quarter": quarter, "slug": slug}
    if source is None:
        return render_template("commissioner/unpublished.html", **common)
    return render_template(
        "commissioner/figures.html",
        page=figures_page(source.content),
        source=source,
        basis=source.content["basis"],
        is_other_basis=source.content["basis"] != basis,
        has_next=quarter.next.starts_on <= london_day(runtime().now()),
        **common,
    )


def _quarters_since(began: date | None) -> list[Quarter]:
    """From the present quarter back to the one of the first closing; at least this and the last."""
    now = quarter_of(london_day(runtime().now()))
    first = now.previous if began is None else min(quarter_of(began), now.previous)
    found = [now]
    while found[-1] > first and len(found) < MOST_QUARTERS:
        found.append(found[-1].previous)
    return found


def figures_pages(pages: Blueprint) -> None:
    """Mount the list of quarters and the figures of one."""
    pages.get("/services/<slug>/figures")(quarters)
    pages.get("/services/<slug>/figures/<period>")(figures)
