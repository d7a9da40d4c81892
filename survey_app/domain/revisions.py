"""What must a table keep back so that it cannot be subtracted from an earlier one of the same?

Between two publications of one quarter a few late answers came in. A count that moved by fewer
than the threshold would tell what those few said. So a count is told again only where it stands
still or moved by the threshold at least, measured against every earlier publication that told it.
The same goes for the remainder of a base, and for what a sum leaves over when all that was told
both times is taken from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from survey_app.domain.circuits import Cell, Gap, Sum
from survey_app.domain.disclosure import is_small

Told = Mapping[Cell, int | None]
"""Counts as they were told, None where hidden; what is missing was told to be nought."""


@dataclass(frozen=True)
class Tied:
    """Counts as they are now, and how they hang together."""

    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...] = ()
    gaps: tuple[Gap, ...] = ()


def moved_too_little(now: Tied, earlier: Iterable[Told], threshold: int) -> frozenset[Cell]:
    """The cells that would tell of too few, had they been told before and were told now."""
    found: set[Cell] = set()
    for told in earlier:
        moved = {
            cell: count - before
            for cell, count in now.counts.items()
            if (before := told.get(cell, 0)) is not None
        }
        found |= {cell for cell, delta in moved.items() if is_small(abs(delta), threshold)}
        found |= {
            gap.part
            for gap in now.gaps
            if gap.is_sensitive
            and gap.whole in moved
            and gap.part in moved
            and is_small(abs(moved[gap.whole] - moved[gap.part]), threshold)
        }
    return frozenset(found)


def left_over(
    now: Tied, hidden: frozenset[Cell], earlier: Iterable[Told], threshold: int
) -> frozenset[Cell]:
    """More cells to keep back for every sum whose hidden rest moved by too few together.

    That is one that moved; and, if none did or few, whatever was hidden in it before: told now, it
    would tell what it was then.
    """
    found: set[Cell] = set()
    for told in earlier:
        for tie in now.sums:
            signs = {**dict.fromkeys(tie.whole, 1), **dict.fromkeys(tie.parts, -1)}
            moved = {
                cell: now.counts.get(cell, 0) - before
                for cell in signs
                if cell not in hidden and (before := told.get(cell, 0)) is not None
            }
            rest = sum(signs[cell] * delta for cell, delta in moved.items())
            if abs(rest) < threshold:
                found |= {
                    cell for cell in signs if cell not in hidden and told.get(cell, 0) is None
                }
            if len(moved) < len(signs) and is_small(abs(rest), threshold):
                movers = [cell for cell, delta in moved.items() if delta]
                found.add(min(movers, key=lambda cell: (now.counts.get(cell, 0), repr(cell))))
    return frozenset(found)
