"""How much would a publication tell and keep back, and in which words is it said what is lost?"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from survey_app.domain.statistics import SUPPRESSED
from survey_app.reporting.told_again import Comparison
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


def lost_in_words(comparison: Comparison) -> list[tuple[str, int]]:
    """The tables in which counts would be lost, most first."""
    found = sorted(comparison.lost_by_table.items(), key=lambda table: -table[1])
    return [(_table(by), count) for by, count in found]


def _table(by: str | None) -> str:
    if by is None:
        return _("Everyone")
    return _("By %(characteristic)s", characteristic=named(FILTERS, by).lower())
