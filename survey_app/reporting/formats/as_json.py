"""How is a report written as JSON (FORMATS.md, "Report JSON")?"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from survey_app.reporting.population import Audience
from survey_app.reporting.report import Report

_WORDING = "label"
"""Rows know what they are called; the promised format speaks in keys alone."""


def document(report: Report) -> dict[str, Any]:
    """The report as plain dicts, lists, numbers, strings and None."""
    is_split = report.by is not None
    found = {
        "service": report.service,
        "period": {
            "code": report.period.code,
            "from": report.period.starts_on.isoformat(),
            "to": report.period.ends_on.isoformat(),
            "provisional": report.is_provisional,
        },
        "basis": report.basis.value,
        "audience": report.audience.value,
        "definitions_version": report.definitions_version,
        **({"by": report.by.value} if report.by else {}),
        "ladder": None if report.ladder is None else [_row(r, is_split) for r in report.ladder],
        "satisfaction": [_row(row, is_split) for row in report.satisfaction],
        "outcomes": [_row(row, is_split) for row in report.outcomes],
        "stars": [_row(row, is_split) for row in report.stars],
        "stars_overall": [_row(row, is_split) for row in report.stars_overall],
    }
    return found | _for_staff(report, is_split)


def _for_staff(report: Report, is_split: bool) -> dict[str, Any]:
    """What only the service's own staff get: the filters, and the tables that never leave it."""
    if report.audience is not Audience.STAFF:
        return {}
    return {
        "filters": {dimension.value: value for dimension, value in report.filters.only.items()}
        | ({"instrument": report.filters.instrument} if report.filters.instrument else {}),
        "changes": [_row(row, is_split) for row in report.changes.areas],
        "mode_changes": [_row(row, is_split) for row in report.changes.modes],
        "who_answered": [asdict(row) for row in report.who_answered],
        "recording": [asdict(row) for row in report.recording],
    }


def write(report: Report) -> str:
    """The document as text, ending in a line end."""
    return json.dumps(document(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _row(row: Any, is_split: bool) -> Mapping[str, Any]:
    fields = asdict(row)
    fields.pop(_WORDING, None)
    if not is_split:
        del fields["group"]
    return fields
