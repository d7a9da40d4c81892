"""What do a report's sections tell of each other, and of themselves, beside what adds up?

Everyone who reads the definitions knows it: whoever completed the survey has answered it, whoever
went up in some area went up in one of those shown, and so on. It is named here, from the counts of
all sections together, so that no hidden count can be told by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey_app.domain.circuits import Constraint, Step

Cell = tuple[str, str | None, tuple[str, ...], str]
"""As in `suppression`: section, group, the row's keys, and which of its counts."""

Row = tuple[str, str | None, tuple[str, ...]]
Counts = Mapping[Cell, int]


@dataclass
class Ties:
    """What counts cannot fall below together."""

    limits: list[Constraint] = field(default_factory=list)

    def no_less(self, counts: Counts, whole: Iterable[Cell], parts: Iterable[Cell]) -> None:
        """`whole` counts altogether no less than `parts` do, where that could tell anything.

        Tables are told apart by single steps of their counts: with more room, none goes beyond.
        """
        signs = {**dict.fromkeys(whole, 1), **dict.fromkeys(parts, -1)}
        room = sum(sign * counts[cell] for cell, sign in signs.items())
        if 0 <= room < len(signs):
            self.limits.append(Constraint(signs, room, None))


def ties_of(counts: Counts) -> Ties:
    """All ties between the cells of merged sections."""
    ties = Ties()
    areas: dict[tuple[str | None, str], set[tuple[str, ...]]] = defaultdict(set)
    answered: dict[tuple[str | None, str], list[Cell]] = defaultdict(list)
    rows = dict.fromkeys(cell[:3] for cell in counts)
    for section, group, row in rows:
        if section == "stars" and len(row) > 1:
            areas[group, row[0]].add(row)
        everyone: Cell = (section, group, row, "asked")
        if section == "satisfaction" and row[2] == "" and everyone in counts:
            answered[group, row[0]].append(everyone)
    for section, group, row in rows:
        if section == "stars" and len(row) == 1:
            _tie_star(ties, counts, (section, group, row), sorted(areas[group, row[0]]))
        if section == "outcomes":
            _tie_outcome(ties, counts, (section, group, row))
        if section == "ladder":
            _tie_completed(ties, counts, (section, group, row), answered[group, row[0]])
    return ties


def impossible_by_mode(counts: Counts) -> set[Step]:
    """In a split by mode, whoever answered in one mode completed in no other."""
    return {
        (cell, 1)
        for cell in counts
        if cell[0] == "ladder" and cell[3].startswith("mode.") and cell[3] != f"mode.{cell[1]}"
    }


def _tie_star(ties: Ties, counts: Counts, place: Row, areas: list[tuple[str, ...]]) -> None:
    """Whoever has a pair has it in some area; went up in some, or stood still or fell in some."""
    section, group, _star = place
    paired, up = (*place, "with_paired_area"), (*place, "with_area_up")

    def cells(*keys: str) -> list[Cell]:
        return [(section, group, area, key) for area in areas for key in keys]

    ties.no_less(counts, cells("paired"), [paired])
    ties.no_less(counts, cells("increased"), [up])
    ties.no_less(counts, [*cells("maintained", "decreased"), up], [paired])


def _tie_outcome(ties: Ties, counts: Counts, place: Row) -> None:
    """Whoever stayed low had room to improve, as had whoever improved."""
    parts: list[Cell] = [(*place, "improved"), (*place, "sustained_low")]
    ties.no_less(counts, [(*place, "with_room")], parts)


def _tie_completed(ties: Ties, counts: Counts, place: Row, answered: list[Cell]) -> None:
    """Whoever completed the survey of a tier is among those who answered one in it.

    `answered` are printed nowhere, but are the sum of what is told of each question.
    """
    completed: Cell = (*place, "completed")
    if place[2] != ("all",) and completed in counts:
        ties.no_less(counts, answered, [completed])
