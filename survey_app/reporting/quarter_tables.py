"""Which tables does a publication of a quarter hold, so that no two can be subtracted?

The report of everyone, which is by tier, and the same split by each dimension. All are settled
together: splits against one table of everyone (see `domain.splits`), everything against what
earlier publications of the quarter told (see `domain.revisions`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import cast

from sqlalchemy.orm import Session

from survey_app.domain.circuits import Cell as DomainCell
from survey_app.domain.periods import Quarter
from survey_app.domain.revisions import Tied, left_over, moved_too_little
from survey_app.reporting.counting import SUPPRESSED_PARTS, Counted, count_parts
from survey_app.reporting.filters import OF_TIME, Dimension
from survey_app.reporting.group_suppression import GroupsOutside, group_sums
from survey_app.reporting.population import Audience, Basis, Population
from survey_app.reporting.published_averages import Told, keep_averages, name_of
from survey_app.reporting.report import Report, find_population, shown_report
from survey_app.reporting.suppression import (
    Cell,
    Section,
    View,
    merged,
    part_of_everyone,
    settle_everyone,
)
from survey_app.store.services import Service

PUBLISHED_BY = tuple(dimension for dimension in Dimension if dimension not in OF_TIME)
"""A published quarter is split by each of these, and by no two at once."""

WELL_FOUNDED = 30
"""In the strict way of publishing, no share of fewer people is told."""

_MOST_ROUNDS = 6


@dataclass(frozen=True)
class QuarterTables:
    """What one publication shows."""

    whole: Report
    splits: Mapping[Dimension, Report]
    told: Told


@dataclass(frozen=True)
class _Tables:
    """Everything counted, by dimension; None is everyone."""

    populations: Mapping[Dimension | None, Population]
    counted: Mapping[Dimension | None, Counted]
    sections: Mapping[Dimension | None, Section]

    def cells(self, by: Dimension | None) -> list[Cell]:
        """The printed cells of one table alone."""
        section = self.sections[by]
        return [
            cell
            for cell in section.counts
            if (cell[1] is None) == (by is None) and cell not in section.unprinted
        ]


def quarter_tables(
    session: Session,
    service: Service,
    quarter: Quarter,
    *,
    now: datetime,
    earlier: Sequence[Told] = (),
    least_base: int = 0,
    split_by: Sequence[Dimension] = PUBLISHED_BY,
) -> QuarterTables:
    """Count, settle and show all tables of a quarter, after what `earlier` publications told."""
    tables = _count(session, service, quarter, now, split_by)
    threshold = service.small_number_threshold
    views = _settle(tables, threshold, earlier)
    reports = {
        by: shown_report(
            session,
            service,
            tables.populations[by],
            tables.counted[by],
            View(view.counts, view.hidden, least_base),
            Audience.COMMISSIONER,
        )
        for by, view in views.items()
    }
    reports, told = keep_averages(reports, _told(tables, views), earlier, threshold)
    return QuarterTables(
        reports[None],
        {by: report for by, report in reports.items() if by is not None},
        told,
    )


def _count(
    session: Session,
    service: Service,
    quarter: Quarter,
    now: datetime,
    split_by: Sequence[Dimension],
) -> _Tables:
    populations = {
        by: find_population(session, service, quarter, Basis.CLOSED, by, now=now)
        for by in (None, *split_by)
    }
    counted = {
        by: count_parts(session, population, SUPPRESSED_PARTS)
        for by, population in populations.items()
    }
    return _Tables(populations, counted, {by: merged(c.sections) for by, c in counted.items()})


def _settle(
    tables: _Tables, threshold: int, earlier: Sequence[Told]
) -> dict[Dimension | None, View]:
    """Settle until nothing that is told can be subtracted from what was told before."""
    settler = _Settler(tables, threshold)
    if not earlier:
        return settler.views()
    before = {
        by: [_by_cell(tables, by, told) for told in earlier if _was_there(by, told)]
        for by in tables.sections
    }
    tied = {by: _tied(tables, by) for by in tables.sections}
    back: dict[Dimension | None, frozenset[Cell]] = {
        by: _cells(moved_too_little(one, before[by], threshold)) for by, one in tied.items()
    }
    for _round in range(_MOST_ROUNDS):
        views = settler.views(back)
        more = {
            by: _cells(left_over(one, _unknown(tables, by, views[by]), before[by], threshold))
            for by, one in tied.items()
        }
        if not any(more.values()):
            return views
        for by, cells in more.items():
            of_everyone = frozenset(cell for cell in cells if cell[1] is None)
            back[None] |= of_everyone
            back[by] |= cells - of_everyone
    # What stands still tells nothing new, whatever it is added to.
    return settler.views({by: _moved(tied[by], before[by]) for by in back})


class _Settler:
    """Settles all tables, again while more is kept back: what stays as it was is not done anew."""

    def __init__(self, tables: _Tables, threshold: int) -> None:
        self._whole = tables.sections[None]
        self._threshold = threshold
        of_everyone = part_of_everyone(self._whole)
        self._groups = {
            by: GroupsOutside(section, of_everyone, by, threshold)
            for by, section in tables.sections.items()
            if by is not None
        }

    def views(
        self, back: Mapping[Dimension | None, frozenset[Cell]] = MappingProxyType({})
    ) -> dict[Dimension | None, View]:
        """Every table as the commissioner's role sees it; `back` is kept back in any case."""
        kept = back.get(None, frozenset())
        everyone = settle_everyone([self._whole], self._threshold, kept)
        views: dict[Dimension | None, View] = {None: everyone.view}
        for by, groups in self._groups.items():
            views[by] = groups.view(everyone, back.get(by, frozenset()))
        return views


def _tied(tables: _Tables, by: Dimension | None) -> Tied:
    """What one table tells, with the ties inside it and to the table of everyone."""
    section = tables.sections[by]
    printed = {*tables.cells(by), *tables.cells(None)}
    sums = section.sums + (group_sums(section) if by is not None and by.is_partition else ())
    return Tied(
        {cell: section.counts.get(cell, 0) for cell in printed},
        tuple(tie for tie in sums if printed.intersection((*tie.whole, *tie.parts))),
        tuple(gap for gap in section.gaps if gap.whole in printed and gap.part in printed),
    )


def _unknown(tables: _Tables, by: Dimension | None, view: View) -> frozenset[DomainCell]:
    return frozenset(view.hidden | tables.sections[by].unprinted)


def _moved(tied: Tied, before: Sequence[Mapping[DomainCell, int | None]]) -> frozenset[Cell]:
    moved = {
        c for told in before for c, n in tied.counts.items() if told.get(c, 0) not in (n, None)
    }
    return _cells(frozenset(moved))


def _by_cell(tables: _Tables, by: Dimension | None, told: Told) -> Mapping[DomainCell, int | None]:
    """What was told of each cell that there is now."""
    found = {cell: told.get(name_of(by, cell), 0) for cell in tables.cells(by)}
    if by is not None:
        found |= {cell: told.get(name_of(None, cell), 0) for cell in tables.cells(None)}
    return found


def _was_there(by: Dimension | None, told: Told) -> bool:
    """Whether an earlier publication had this table: a later one cannot be held against none."""
    start = json.dumps([by])[:-1]
    return any(name.startswith(start) for name in told)


def _told(tables: _Tables, views: Mapping[Dimension | None, View]) -> dict[str, int | None]:
    return {
        name_of(by, cell): None if cell in view.hidden else view.counts[cell]
        for by, view in views.items()
        for cell in tables.cells(by)
        if cell in view.hidden or view.counts[cell]
    }


def _cells(cells: frozenset[DomainCell]) -> frozenset[Cell]:
    return cast(frozenset[Cell], cells)
