"""How does a period's report leave as a file? The very figures of the pages, as CSV or JSON."""

from flask import Blueprint, Response, abort

from survey_app.domain.access import Task
from survey_app.reporting.formats import as_csv, as_json
from survey_app.reporting.report import SUPPRESSED_PARTS, Part
from survey_app.web.commissioner.asked import asked
from survey_app.web.commissioner.sources import Source, find_source, sees_live
from survey_app.web.shared.access import Audience, access


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_json(slug: str, period: str) -> Response:
    """Report JSON (FORMATS.md): live for staff, as published for the commissioner."""
    source = _source(slug, period)
    return as_file(as_json.write(source.report), "application/json", f"{slug}-{period}.json")


@access(Audience.STAFF, Task.SEE_FIGURES)
def download_csv(slug: str, period: str) -> Response:
    """The same as CSV, one row per figure (FORMATS.md)."""
    source = _source(slug, period)
    return as_file(as_csv.write(source.report), "text/csv; charset=utf-8", f"{slug}-{period}.csv")


def _source(slug: str, period: str) -> Source:
    source = find_source(asked(slug, period), tuple(Part) if sees_live() else SUPPRESSED_PARTS)
    if source is None:
        abort(404)
    return source


def as_file(body: str, kind: str, name: str) -> Response:
    """Something to keep, under a name."""
    return Response(
        body,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def download_pages(pages: Blueprint) -> None:
    """Mount both files."""
    pages.get("/services/<slug>/figures/<period>/report.json")(download_json)
    pages.get("/services/<slug>/figures/<period>/report.csv")(download_csv)
