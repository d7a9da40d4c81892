"""Which single figures does a report hold? One list for every format that has a line a figure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from survey_app.domain.statistics import SUPPRESSED, Rate
from survey_app.reporting.report import Report
from survey_app.reporting.stars import Average

COLUMNS = (
    "section",
    "tier",
    "group",
    "instrument",
    "key",
    "numerator",
    "denominator",
    "percent",
    "low",
    "high",
    "suppressed",
)

_SUBJECTS = ("measure", "area", "characteristic", "value", "first_mode", "last_mode", "fact")
"""What a row is about, in the order in which its figures are named after it."""

_PLACE = {"group", "tier", "instrument", "label", "values", *_SUBJECTS}


@dataclass(frozen=True)
class Figure:
    """One figure, in the columns of FORMATS.md. What is no share stands in `numerator` alone."""

    section: str
    tier: str | None
    group: str | None
    instrument: str | None
    key: str
    numerator: float | None
    denominator: int | None = None
    percent: float | None = None
    low: float | None = None
    high: float | None = None
    suppressed: str | None = None

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in the order of `COLUMNS`."""
        return tuple(getattr(self, column) for column in COLUMNS)


def figures(report: Report) -> Iterator[Figure]:
    """Every figure, section by section in the order of the report."""
    sections = {
        "ladder": report.ladder or (),
        "satisfaction": report.satisfaction,
        "outcomes": report.outcomes,
        "stars": report.stars,
        "stars_overall": report.stars_overall,
        "changes": report.changes.areas,
        "mode_changes": report.changes.modes,
        "who_answered": report.who_answered,
        "recording": report.recording,
    }
    for section, rows in sections.items():
        for row in rows:
            yield from _of_row(section, row)


def _of_row(section: str, row: Any) -> Iterator[Figure]:
    subject = ".".join(str(getattr(row, name)) for name in _SUBJECTS if hasattr(row, name))
    place = {name: getattr(row, name, None) for name in ("tier", "group", "instrument")}
    for field in fields(row):
        if field.name in _PLACE:
            continue
        # A measure's own share is the measure; everything else about it is named after it.
        name = None if field.name == "rate" else field.name
        for key, value in _flat(name, getattr(row, field.name)):
            full = ".".join(part for part in (subject, key) if part)
            yield Figure(section=section, **place, key=full, **_shown(value))


def _flat(key: str | None, value: Any) -> Iterator[tuple[str | None, Any]]:
    """A value, or each of its parts with a dot between the names."""
    if isinstance(value, Average):
        value = {"median": value.median, "mean": value.mean}
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield f"{key}.{name}", part
    elif value is not None:
        yield key, value


def _shown(value: Any) -> dict[str, Any]:
    if isinstance(value, Rate):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if value == SUPPRESSED:
        return {"numerator": None, "suppressed": SUPPRESSED}
    return {"numerator": value}
