"""How much would a publication tell and keep back, and what becomes of what the last one told?"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.published_averages import Told
from survey_app.web.commissioner.blocks import Block, Table, Toned
from survey_app.web.commissioner.wording import FILTERS, named


@dataclass(frozen=True)
class Extent:
    """How many figures stand in tables, and how many of them are kept back."""

    figures: int
    kept_back: int

    @property
    def percent(self) -> int:
        """Kept back, in whole per cent; 0 of nothing."""
        return round(100 * self.kept_back / self.figures) if self.figures else 0


@dataclass(frozen=True)
class Comparison:
    """What a new publication does to what the last one told, in counts."""

    lost: int
    """Told before, kept back now."""
    lost_by_table: list[tuple[str, int]]
    gained: int
    """Kept back before, or not there, and told now."""
    changed: int
    """Told both times, and not the same."""

    @property
    def is_another(self) -> bool:
        """Whether anything differs."""
        return bool(self.lost or self.gained or self.changed)


def extent_of(blocks: Iterable[Block]) -> Extent:
    """The figures of some blocks as they would be read, cell by cell."""
    marks: Counter[bool] = Counter()
    for block in blocks:
        marks[True] += block.left_out
        marks.update(mark for table in block.tables for mark in _marks(table))
    return Extent(marks.total(), marks[True])


def _marks(table: Table) -> Iterator[bool]:
    """Of each figure of a table, whether it is kept back; words are none."""
    for row in table.rows:
        for cell in row[table.words :]:
            value = cell.value if isinstance(cell, Toned) else cell
            if isinstance(value, Mapping):
                yield value["suppressed"] is not None
            elif isinstance(value, int | float):
                yield False
            elif isinstance(value, str) and (SUPPRESSED in value or any(map(str.isdigit, value))):
                yield SUPPRESSED in value


def compare(now: Told, before: Told) -> Comparison:
    """Two publications of one quarter. What neither names is nought in both."""
    lost: Counter[str] = Counter()
    gained = changed = 0
    for name in {**before, **now}:
        was, is_now = before.get(name, 0), now.get(name, 0)
        if was is not None and is_now is None and name in before:
            lost[_table_of(name)] += 1
        elif was is None and is_now is not None:
            gained += 1
        elif was is not None and is_now is not None and was != is_now:
            changed += 1
    return Comparison(lost.total(), lost.most_common(), gained, changed)


def _table_of(name: str) -> str:
    """The table that a count stands in, from its name (`published_averages.name_of`)."""
    by: Any = json.loads(name)[0]
    if by is None:
        return _("Everyone")
    return _("By %(characteristic)s", characteristic=named(FILTERS, str(by)).lower())
