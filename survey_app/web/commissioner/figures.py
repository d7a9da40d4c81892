"""Which quarters are there, and what does one of them say?"""

from datetime import date

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from survey_app.domain.access import Task, may
from survey_app.domain.periods import Quarter, london_day, quarter_of
from survey_app.reporting.desk import first_closing, list_publications
from survey_app.reporting.report import SUPPRESSED_PARTS
from survey_app.web.commissioner.asked import Asked, asked
from survey_app.web.commissioner.blocks import Block, table_as_csv
from survey_app.web.commissioner.downloads import as_file
from survey_app.web.commissioner.key_figures import key_figures
from survey_app.web.commissioner.pages.registry import (
    PAGES,
    Built,
    chosen_figure,
    is_about_other,
)
from survey_app.web.commissioner.sources import Source, find_source
from survey_app.web.commissioner.whole_report import has_suppressed
from survey_app.web.commissioner.wording import FILTERS, named, valued
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
    rows = [(q.code, newest.get(q.code)) for q in quarters_since(began)] if is_live else []
    if not is_live:
        rows = sorted(newest.items(), reverse=True)
    return render_template(
        "commissioner/quarters.html", rows=rows, is_live=is_live, service=service
    )


@access(Audience.STAFF, Task.SEE_FIGURES)
def figures(slug: str, period: str) -> str:
    """One period's headline figures."""
    return _show(asked(slug, period), "overview")


@access(Audience.STAFF, Task.SEE_FIGURES)
def figures_page(slug: str, period: str, page: str) -> str:
    """One question about a period."""
    if page not in PAGES:
        abort(404)
    return _show(asked(slug, period), page)


@access(Audience.STAFF, Task.SEE_FIGURES)
def block_csv(slug: str, period: str, page: str, block: str) -> Response:
    """The tables of one block as a file: the numbers that stand on the page."""
    about = asked(slug, period)
    body = "\n".join(table_as_csv(table) for table in _block(about, page, block).tables)
    return as_file(body, "text/csv; charset=utf-8", f"{slug}-{about.period.code}-{block}.csv")


@access(Audience.STAFF, Task.SEE_FIGURES)
def block_svg(slug: str, period: str, page: str, block: str) -> Response:
    """The chart of one block as a picture that can be scaled."""
    about = asked(slug, period)
    chart = _block(about, page, block).chart
    if chart is None:
        abort(404)
    # A picture of its own has no page whose colour it could take.
    body = chart.svg.replace("currentColor", "#1d1b22")
    return as_file(body, "image/svg+xml", f"{slug}-{about.period.code}-{block}.svg")


def _block(about: Asked, page: str, block: str) -> Block:
    if page not in PAGES:
        abort(404)
    source = find_source(about, PAGES[page].parts, is_brief=PAGES[page].is_brief)
    blocks = PAGES[page].build(about, source).blocks if source is not None else []
    found = next((one for one in blocks if one.id == block), None)
    if found is None:
        abort(404)
    return found


def _show(about: Asked, page: str) -> str:
    kind = PAGES[page]
    source = find_source(about, kind.parts, is_brief=kind.is_brief)
    common = {
        "asked": about,
        "page": page,
        "kind": kind,
        "pages": PAGES,
        "slug": about.slug,
        "period": about.period,
        "is_quarter": isinstance(about.period, Quarter),
    }
    if source is None:
        return render_template("commissioner/unpublished.html", **common)
    is_other = source.is_live and is_about_other(page, about)
    is_empty = bool(kind.parts & SUPPRESSED_PARTS) and source.report.is_empty
    built = Built([]) if is_other or is_empty else kind.build(about, source)
    return render_template(
        "commissioner/figures.html",
        **common,
        built=built,
        source=source,
        chips=chips_of(about) if source.is_live else [],
        choice=_choice(page, source),
        basis=source.content["basis"],
        is_other=is_other,
        is_other_basis=source.content["basis"] != about.basis,
        is_filter_lost=not source.is_live and bool(about.filters),
        is_provisional=source.content["period"]["provisional"],
        has_suppressed=has_suppressed(source.content),
        files=lambda block, ending: _file_address(about, page, block, ending),
        has_next=about.period.next.starts_on <= london_day(runtime().now()),
    )


def _file_address(about: Asked, page: str, block: str, ending: str) -> str:
    """Where a block's table or picture is to be had, with all that the page's address asks for."""
    kept = {name: request.args[name] for name in ("unit", "figure") if name in request.args}
    place = {"slug": about.slug, "period": about.period.code, "page": page, "block": block}
    return url_for(f"commissioner.block_{ending}", **place, **about.query(), **kept)


def _choice(page: str, source: Source) -> tuple[str, str, list[tuple[str, str]], str] | None:
    """What may be chosen on this page alone: name, label, options, and what is chosen."""
    if page == "trends" and source.is_live:
        options = [("quarter", _("quarters")), ("month", _("months"))]
        unit = request.args.get("unit")
        return "unit", _("Points are"), options, unit if unit == "month" else "quarter"
    if page == "compare" and key_figures(source.content):
        options = [(figure.key, figure.label) for figure in key_figures(source.content)]
        return "figure", _("Compare by"), options, chosen_figure(source)
    return None


def chips_of(about: Asked) -> list[tuple[str, Asked]]:
    """Every filter in words, and the page without it."""
    return [
        (
            _("%(name)s: %(value)s", name=named(FILTERS, name), value=valued(name, value)),
            about.without(name),
        )
        for name, value in about.query().items()
        if name != "basis"
    ]


def quarters_since(began: date | None) -> list[Quarter]:
    """From the present quarter back to the one of the first closing; at least this and the last."""
    now = quarter_of(london_day(runtime().now()))
    first = now.previous if began is None else min(quarter_of(began), now.previous)
    found = [now]
    while found[-1] > first and len(found) < MOST_QUARTERS:
        found.append(found[-1].previous)
    return found


def figures_pages(pages: Blueprint) -> None:
    """Mount the list of quarters, the pages of one period, and their files."""
    place = "/services/<slug>/figures/<period>"
    pages.get("/services/<slug>/figures")(quarters)
    pages.get(place)(figures)
    pages.get(f"{place}/<page>")(figures_page)
    pages.get(f"{place}/<page>/<block>.csv")(block_csv)
    pages.get(f"{place}/<page>/<block>.svg")(block_svg)
