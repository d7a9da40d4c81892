"""Which counts of a split must nobody be able to work out?"""

from collections.abc import Iterable

from survey_app.domain.circuits import Cell, Target
from survey_app.domain.disclosure import Table, find_primary, is_small
from survey_app.domain.groups import Group, Place, Split


def primary_of(split: Split, name: str, threshold: int) -> frozenset[Cell]:
    """The cells of a group that are hidden for a small number: theirs, their base's, the rest's."""
    group = split.groups[name]
    table = Table(group.counts, group.sums, group.gaps, unprinted=split.unprinted)
    kept_back = {cell for other, cell in split.kept_back if other == name}
    found = find_primary(table, threshold) | kept_back
    if not split.is_partition:
        found |= {
            cell for cell in group.counts if is_small(_outside(split, name, cell), threshold)
        } - split.unprinted
    return frozenset(found & group.counts.keys())


def targets_of(split: Split, hidden: Iterable[Place], threshold: int) -> list[tuple[str, Target]]:
    """What of the hidden must be protected: small counts, smallest first, noughts beside small
    bases, what is kept back, and small remainders of bases."""

    def is_sensitive(place: Place) -> bool:
        name, cell = place
        is_few = split.groups[name].counts[cell] < threshold
        is_all_but_few = not split.is_partition and is_small(_outside(split, *place), threshold)
        return is_few or is_all_but_few or place in split.kept_back

    own = sorted(
        filter(is_sensitive, hidden),
        key=lambda place: (split.groups[place[0]].counts[place[1]], repr(place)),
    )
    remainders = [
        (name, Target((gap.part, gap.whole)))
        for name, group in split.groups.items()
        for gap in group.gaps
        if gap.is_sensitive and is_small(group.rooms[gap.whole, gap.part], threshold)
    ]
    return [*((name, Target((cell,))) for name, cell in own), *remainders]


def is_nought(group: Group, target: Target) -> bool:
    """Nobody at all is nobody to protect: hidden beside a small base, and shielded if it may be,
    but not at the price of all that hangs together with it."""
    return len(target.cells) == 1 and group.counts[target.cells[0]] == 0


def _outside(split: Split, name: str, cell: Cell) -> int:
    """Who is not in a group that overlaps others is as easy to name as who is."""
    return split.everyone.get(cell, 0) - split.groups[name].counts[cell]
