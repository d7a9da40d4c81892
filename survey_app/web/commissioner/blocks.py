"""What is a figures page made of? Blocks: a question's sentence, its chart, its tables.

Every page is a list of these, so that one template shows them all, and one function writes any
table as a file: the numbers on the page, in the chart's table and in the file are the same objects.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey_app.reporting.charts.rows import Chart
from survey_app.reporting.formats.as_csv import safe_cell

NARROW = 2
"""As many columns of a table with shares stand side by side on a phone."""
RATE_COLUMNS = ("numerator", "denominator", "percent", "low", "high", "suppressed")


@dataclass(frozen=True)
class Toned:
    """A cell with a shade that repeats what its place says: `good`, `same` or `bad`."""

    value: Any
    tone: str


Cell = Any
"""Words, a count (which may be `[c]` or None), a RATE (FORMATS.md), or one of these `Toned`."""


@dataclass(frozen=True)
class Table:
    """Rows under one heading row; the first cell of a row names it."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    words: int = 1
    """How many columns from the left hold words, not figures."""
    is_wide: bool = False
    """Whether it takes the whole width, also where tables stand side by side."""
    has_many_words: bool = False
    """Whether its columns have names too long to stand side by side on a phone."""

    @property
    def is_records(self) -> bool:
        """Whether on a phone each of its rows is laid out as a small record."""
        has_rates = any(_is_rate(cell) for row in self.rows for cell in row)
        return self.has_many_words or (has_rates and len(self.head) > NARROW)


@dataclass(frozen=True)
class Block:
    """One answer: what the figures say in words, the picture, the numbers."""

    id: str
    title: str
    sentence: str
    chart: Chart | None = None
    tables: tuple[Table, ...] = ()
    warning: str | None = None
    """What a reader must know before believing it."""
    note: str | None = None
    """How it was worked out."""
    is_folded: bool = False
    """Whether its tables open on demand: where a page has many charts of one kind."""
    is_grid: bool = False
    """Whether its tables are small enough to stand side by side."""
    left_out: int = 0
    """Figures kept back that stand in none of its tables, for all of their kind are."""


@dataclass(frozen=True)
class Card:
    """A large number and the sentence that makes it honest; `change` compares with before."""

    number: str
    words: str
    base: str = ""
    change: str = ""
    href: str | None = None


@dataclass(frozen=True)
class PageContent:
    """What one page shows below its heading."""

    blocks: list[Block]
    cards: list[Card] | None = None
    empty: str | None = None
    """Said in place of everything, where there is nothing to show."""


def table_as_csv(table: Table) -> str:
    """A table with its numbers whole: a RATE takes six columns, named after its heading."""
    wide = {n for row in table.rows for n, cell in enumerate(row) if _is_rate(cell)}
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(
        [safe_cell(name) for n, head in enumerate(table.head) for name in _names(head, n in wide)]
    )
    for row in table.rows:
        writer.writerow([value for n, cell in enumerate(row) for value in _values(cell, n in wide)])
    return written.getvalue()


def _is_rate(cell: Cell) -> bool:
    return isinstance(cell, Mapping) and "denominator" in cell


def _names(head: str, is_wide: bool) -> Iterator[str]:
    if is_wide:
        yield from (f"{head}: {column}" for column in RATE_COLUMNS)
    else:
        yield head


def _values(cell: Cell, is_wide: bool) -> Iterator[object]:
    value = cell.value if isinstance(cell, Toned) else cell
    if is_wide:
        rate = value if _is_rate(value) else {}
        yield from (rate.get(column) for column in RATE_COLUMNS)
    else:
        yield safe_cell(value)
