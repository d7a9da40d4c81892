"""How does a period's report leave as a file? The figures of the pages as CSV, JSON or workbook.

With `by` in the address, split by that characteristic.
"""

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from survey_app.domain.access import Task
from survey_app.reporting.filters import Dimension
from survey_app.reporting.formats import as_csv, as_json, as_xlsx
from survey_app.reporting.report import SUPPRESSED_PARTS, Part
from survey_app.web.commissioner.asked import asked, asked_dimension, refuse
from survey_app.web.commissioner.sources import Source, find_source, sees_live
from survey_app.web.shared.access import Audience, access


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_json(slug: str, period: str) -> Response:
    """Report JSON (FORMATS.md): live for staff, as published for the commissioner."""
    name = _name(slug, period, "json")
    return as_file(as_json.write(_source(slug, period).report), "application/json", name)


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_csv(slug: str, period: str) -> Response:
    """The same as CSV, one row per figure (FORMATS.md)."""
    name = _name(slug, period, "csv")
    return as_file(as_csv.write(_peopled(slug, period).report), "text/csv; charset=utf-8", name)


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_xlsx(slug: str, period: str) -> Response:
    """The same as a workbook, a sheet for each section."""
    name = _name(slug, period, "xlsx")
    return as_file(as_xlsx.write(_peopled(slug, period).report), _WORKBOOK, name)


_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _source(slug: str, period: str) -> Source:
    by = _by()
    is_whole = sees_live() and by is None
    source = find_source(
        asked(slug, period), tuple(Part) if is_whole else tuple(SUPPRESSED_PARTS), by
    )
    if source is None:
        refuse(
            _("These figures are not published"),
            _("They can be had once the manager of the service publishes the quarter."),
        )
    return source


def _peopled(slug: str, period: str) -> Source:
    """A source with somebody in it: people get words for nobody, and no file of noughts."""
    source = _source(slug, period)
    if source.report.is_empty:
        refuse(
            _("There is nothing to download"),
            _("Nobody in this period fits these filters.")
            if source.report.filters
            else _("Nobody is in this period: no case closed in it, and nobody answered."),
        )
    return source


def _by() -> Dimension | None:
    return asked_dimension(request.args["by"]) if "by" in request.args else None


def _name(slug: str, period: str, ending: str) -> str:
    by = _by()
    return f"{slug}-{period}{f'-by-{by.value}' if by else ''}.{ending}"


def as_file(body: str | bytes, kind: str, name: str) -> Response:
    """Something to keep, under a name."""
    return Response(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def download_pages(pages: Blueprint) -> None:
    """Mount the files."""
    pages.get("/services/<slug>/figures/<period>/report.json")(download_json)
    pages.get("/services/<slug>/figures/<period>/report.csv")(download_csv)
    pages.get("/services/<slug>/figures/<period>/report.xlsx")(download_xlsx)
