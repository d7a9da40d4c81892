"""Which medians and means of a star may be told again when a quarter is published again?

A mean beside the number of people is the sum of what they were scored. Told twice of about as many,
it tells the score of those who came or went, or whose reading was put right.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.filters import Dimension
from survey_app.reporting.report import Report
from survey_app.reporting.stars import Average, StarRow
from survey_app.reporting.suppression import Cell

Told = Mapping[str, int | None]
"""Counts by their names (and averages in tenths): what was told, None where it was hidden."""

Reports = Mapping[Dimension | None, Report]

_HIDDEN = Average(SUPPRESSED, SUPPRESSED)


def name_of(by: Dimension | None, cell: Cell) -> str:
    """What a count, or an average, of one of the tables is called in what is told."""
    section, group, row, key = cell
    return json.dumps([by, section, group, *row, key], separators=(",", ":"), ensure_ascii=False)


def table_of(name: str) -> str | None:
    """What the table of a count is split by, from its name; None is everyone's."""
    by: str | None = json.loads(name)[0]
    return by


def keep_averages(
    reports: Reports, told: Told, earlier: Sequence[Told], threshold: int
) -> tuple[dict[Dimension | None, Report], dict[str, int | None]]:
    """The reports without the averages that cannot be told again, and all that is told then.

    An area whose averages moved while its number of people did not, or hardly, is kept back in
    every table, for the averages of all groups give that of everyone.
    """
    averages = {
        (by, name): (row, value)
        for by, report in reports.items()
        for row in report.stars
        for name, value in _averages(by, row)
    }
    back = {
        (row.instrument, row.area)
        for (by, name), (row, value) in averages.items()
        if any(
            _moved_too_little(name_of(by, _paired(row)), name, value, told, before, threshold)
            for before in earlier
        )
    }
    shown = {
        by: replace(report, stars=tuple(_shown(row, back) for row in report.stars))
        for by, report in reports.items()
    }
    now = {
        name: None if (row.instrument, row.area) in back else value
        for (_by, name), (row, value) in averages.items()
    }
    return shown, dict(told) | now


def _moved_too_little(
    people: str, name: str, value: int | None, now: Told, before: Told, threshold: int
) -> bool:
    then = before.get(name)
    if value is None or then is None or then == value:
        return False
    counts = (now.get(people, 0), before.get(people, 0))
    return None not in counts and abs((counts[0] or 0) - (counts[1] or 0)) < threshold


def _averages(by: Dimension | None, row: StarRow) -> Iterator[tuple[str, int | None]]:
    """Names and tenths of a row's averages; those that nobody has are none."""
    for end, average in (("first", row.first), ("last", row.last)):
        for kind, figure in (("median", average.median), ("mean", average.mean)):
            if figure is not None:
                cell = ("stars", row.group, (row.instrument, row.area), f"{end}.{kind}")
                tenths = None if isinstance(figure, str) else round(figure * 10)
                yield name_of(by, cell), tenths


def _paired(row: StarRow) -> Cell:
    return "stars", row.group, (row.instrument, row.area), "paired"


def _shown(row: StarRow, back: set[tuple[str, str]]) -> StarRow:
    if (row.instrument, row.area) not in back:
        return row
    return replace(row, first=_HIDDEN, last=_HIDDEN)
