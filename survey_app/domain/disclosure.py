"""Which figures stay out of a table so that nobody can be worked out from it (DOMAIN.md, "Small
numbers")?

Primary suppression takes the small counts; secondary suppression takes as few others as it finds
necessary, so that no hidden count follows from the visible ones. The proof is constructive: for
every hidden count a *twin* of the table is at hand (see `twins`) that prints the same and has
another value there. What cannot be told apart from a twin cannot be worked out, be it by
elimination or by bounds.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace

from survey_app.domain.circuits import Constraint, Gap, Steps, Sum, Target
from survey_app.domain.twins import TwinSearch

Cell = Hashable

THRESHOLD = 5
"""The default: counts of 1-4 are small."""


@dataclass(frozen=True)
class Table:
    """Counts of people, how they hang together, and what was settled before.

    `already_hidden` stays hidden, and is protected anew; `fixed` is published and cannot be taken
    back (a cell in both is hidden); `totals` are hidden only when nothing else will do;
    `unprinted` are in no table at all: they tie others together, and need no protection. `limits`
    are what counts cannot fall below together, as an outsider knows beside the sums.
    """

    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...] = ()
    gaps: tuple[Gap, ...] = ()
    totals: frozenset[Cell] = frozenset()
    already_hidden: frozenset[Cell] = frozenset()
    fixed: frozenset[Cell] = frozenset()
    unprinted: frozenset[Cell] = frozenset()
    limits: tuple[Constraint, ...] = ()


@dataclass(frozen=True)
class Suppression:
    """What to hide. `withheld` is the part of it for which no twin was found: everything that hangs
    together with such a count is hidden, so that nothing is told beyond what was fixed before."""

    hidden: frozenset[Cell]
    withheld: frozenset[Cell] = frozenset()
    twins: tuple[Steps, ...] = ()
    """How the hidden counts can differ, as steps from the table."""


def is_small(count: int, threshold: int = THRESHOLD) -> bool:
    """Whether a count could identify someone: 1 to threshold-1. None at all identifies nobody."""
    return 0 < count < threshold


def find_primary(table: Table, threshold: int = THRESHOLD) -> frozenset[Cell]:
    """Cells whose own count, base, or base minus count is small; what is fixed is beyond reach."""
    primary = {cell for cell, count in table.counts.items() if is_small(count, threshold)}
    for gap in table.gaps:
        if gap.is_sensitive:
            base, share = table.counts[gap.whole], table.counts[gap.part]
            if is_small(base, threshold) or is_small(base - share, threshold):
                primary.add(gap.part)
    return frozenset(primary - table.fixed - table.unprinted)


def suppress(table: Table, threshold: int = THRESHOLD) -> Suppression:
    """Primary and secondary suppression together: the cells to hide, each beyond working out."""
    table = replace(table, fixed=table.fixed | _public_noughts(table))
    hidden = find_primary(table, threshold) | table.already_hidden
    search = TwinSearch(
        counts=table.counts,
        sums=table.sums,
        gaps=table.gaps,
        totals=table.totals,
        hidden=hidden | table.unprinted,
        shown_for_good=table.fixed - hidden,
        limits=table.limits,
    )
    unprotected = {
        target.cells[0]
        for target in _targets(table, hidden, threshold)
        # Nobody at all is nobody to protect at the price of all that hangs together with it.
        if not search.protect(target) and table.counts[target.cells[0]]
    }
    shown_for_good = table.fixed - hidden
    withheld = _tied_to(table, unprotected) - shown_for_good - table.unprinted
    hidden = frozenset(search.hidden | withheld) - table.unprinted
    return Suppression(hidden, withheld, tuple(search.twins))


def _public_noughts(table: Table) -> frozenset[Cell]:
    """Noughts that everyone knows, because a published nought contains them: nothing to protect."""
    shown = table.fixed - table.already_hidden
    known = {cell for cell in shown if table.counts[cell] == 0}
    ties = [*((s.whole, s.parts) for s in table.sums), *((s.parts, s.whole) for s in table.sums)]
    ties += [((gap.whole,), (gap.part,)) for gap in table.gaps]
    is_growing = True
    while is_growing:
        found = {cell for one, other in ties if known.issuperset(one) for cell in other}
        is_growing = not found <= known
        known |= found
    return frozenset(known - table.unprinted)


def _tied_to(table: Table, start: Iterable[Cell]) -> frozenset[Cell]:
    """These cells and all that hang together with them by sums and gaps, however far."""
    ties: dict[Cell, list[tuple[Cell, ...]]] = {}
    links: list[tuple[Cell, ...]] = [(*s.whole, *s.parts) for s in table.sums]
    links += [(gap.whole, gap.part) for gap in table.gaps]
    links += [tuple(limit.signs) for limit in table.limits]
    for link in links:
        for cell in link:
            ties.setdefault(cell, []).append(link)
    reached, waiting = set(start), list(start)
    while waiting:
        for link in ties.get(waiting.pop(), ()):
            fresh = set(link) - reached
            reached |= fresh
            waiting += fresh
    return frozenset(reached)


def _targets(table: Table, hidden: Iterable[Cell], threshold: int) -> list[Target]:
    """Every hidden cell, smallest first, and every small count that a subtraction would give."""
    cells = sorted(hidden, key=lambda cell: (table.counts[cell], repr(cell)))
    gaps = [
        Target((gap.part, gap.whole))
        for gap in table.gaps
        if gap.is_sensitive
        and is_small(table.counts[gap.whole] - table.counts[gap.part], threshold)
        and gap.part not in table.fixed
    ]
    return [*(Target((cell,)) for cell in cells), *gaps]
