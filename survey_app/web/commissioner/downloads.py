"""How does a quarter's report leave as a file? The very figures of the page, as CSV or JSON."""

from flask import Blueprint, Response, abort

from survey_app.domain.access import Task
from survey_app.domain.periods import Quarter
from survey_app.reporting.formats import as_csv, as_json
from survey_app.web.commissioner.sources import Source, asked_basis, asked_quarter, find_source
from survey_app.web.shared.access import Audience, access


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_json(slug: str, period: str) -> Response:
    """Report JSON (FORMATS.md): live for staff, as published for the commissioner."""
    source = _source(period)
    name = f"{slug}-{source.quarter.code}.json"
    return _file(as_json.write(source.report), "application/json", name)


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_csv(slug: str, period: str) -> Response:
    """The same as CSV, one row per figure (FORMATS.md)."""
    source = _source(period)
    name = f"{slug}-{source.quarter.code}.csv"
    return _file(as_csv.write(source.report), "text/csv; charset=utf-8", name)


def _source(period: str) -> Source:
    quarter: Quarter = asked_quarter(period)
    source = find_source(quarter, asked_basis())
    if source is None:
        abort(404)
    return source


def _file(body: str, kind: str, name: str) -> Response:
    return Response(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def download_pages(pages: Blueprint) -> None:
    """Mount both files."""
    pages.get("/services/<slug>/figures/<period>/report.json")(download_json)
    pages.get("/services/<slug>/figures/<period>/report.csv")(download_csv)
