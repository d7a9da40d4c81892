"""What do a report's sections tell of each other, and of themselves, beside what adds up?

Everyone who reads the definitions knows it: whoever completed the survey has answered it, whoever
went up in some area went up in one of those shown, and so on. It is named here, from the counts of
all sections together, so that no hidden count can be told by it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from survey_app.domain.circuits import Gap, Step, Sum

Cell = tuple[str, str | None, tuple[str, ...], str]
"""As in `suppression`: section, group, the row's keys, and which of its counts."""

Row = tuple[str, str | None, tuple[str, ...]]
Counts = Mapping[Cell, int]

_HELP = "ties"
"""The key of cells that stand in no table and are made here to tie others."""


@dataclass
class Ties:
    """Sums and gaps, with the unprinted cells that they need, and steps that cannot be."""

    counts: dict[Cell, int] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    closed: set[Step] = field(default_factory=set)

    def covers(self, name: Cell, parts: list[Cell], part: Cell, counts: Counts) -> None:
        """What `parts` count altogether is no less than `part`, if it is so."""
        found = sum(counts[cell] for cell in parts)
        if found >= (self.counts | dict(counts))[part]:
            self.counts[name] = found
            self.sums.append(Sum((name,), tuple(parts)))
            self.gaps.append(Gap(name, part))


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
            _close_completed(ties, counts, (section, group, row), answered[group, row[0]])
    return ties


def _tie_star(ties: Ties, counts: Counts, place: Row, areas: list[tuple[str, ...]]) -> None:
    """Whoever has a pair has it in some area; went up in some; or stood still in some."""
    section, group, _star = place

    def cell(key: str) -> Cell:
        return *place, key

    def cells(*keys: str) -> list[Cell]:
        return [(section, group, area, key) for area in areas for key in keys]

    paired, up = cell("with_paired_area"), cell("with_area_up")
    ties.covers(cell(f"{_HELP}.paired"), cells("paired"), paired, counts)
    ties.covers(cell(f"{_HELP}.up"), cells("increased"), up, counts)
    if counts[paired] >= counts[up]:
        ties.counts[cell(f"{_HELP}.not-up")] = counts[paired] - counts[up]
        ties.sums.append(Sum((paired,), (up, cell(f"{_HELP}.not-up"))))
        still = cells("maintained", "decreased")
        ties.covers(cell(f"{_HELP}.still"), still, cell(f"{_HELP}.not-up"), counts)


def _tie_outcome(ties: Ties, counts: Counts, place: Row) -> None:
    """Whoever stayed low had room to improve, as had whoever improved."""
    had_room: Cell = (*place, f"{_HELP}.had-room")
    parts: tuple[Cell, Cell] = ((*place, "improved"), (*place, "sustained_low"))
    found, room = sum(counts[cell] for cell in parts), (*place, "with_room")
    if counts[room] >= found:
        ties.counts[had_room] = found
        ties.sums.append(Sum((had_room,), parts))
        ties.gaps.append(Gap(room, had_room))


def _close_completed(ties: Ties, counts: Counts, place: Row, answered: list[Cell]) -> None:
    """Whoever completed the survey of a tier is among those who answered one in it.

    `answered` are printed nowhere, but are the sum of what is told of each question.
    """
    completed: Cell = (*place, "completed")
    room = sum(counts[cell] for cell in answered) - counts.get(completed, 0)
    if place[2] == ("all",) or completed not in counts or room < 0:
        return
    if room == 0:
        ties.closed.add((completed, 1))
    if room < len(answered):
        ties.closed |= {(cell, -1) for cell in answered}
