"""How does a number on a manager's page know its base, and the cases behind it?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.marked_cases import Mark, Tally


@dataclass(frozen=True)
class Cell:
    """A number of cases, of how many, and where they are listed."""

    rate: Rate
    href: str
    what: str
    """What is counted, for whoever does not see the head of the column."""


@dataclass(frozen=True)
class Row:
    """One worker, team, topic or file: all its cases, and those with each mark."""

    name: str
    base: int
    href: str
    cells: tuple[Cell, ...]
    more: str | None = None
    """Where the name leads."""
    is_team: bool = False


Address = Callable[[Mark | None], str]


def a_row(
    name: str,
    found: Tally,
    marks: Iterable[tuple[Mark, str]],
    address: Address,
    *,
    more: str = "",
    is_team: bool = False,
) -> Row:
    """A row of the cells of these marks, each called as told."""
    return Row(
        name=name,
        base=found.base,
        href=address(None),
        cells=tuple(
            Cell(rate(found.counts[mark], found.base), address(mark), f"{what}, {name}")
            for mark, what in marks
        ),
        more=more or None,
        is_team=is_team,
    )
