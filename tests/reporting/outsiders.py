"""An outsider who reads published documents (FORMATS.md, "Report JSON") and the definitions.

Nothing here knows how the tables were counted or suppressed: cells come from the documents alone,
and what ties them from what the figures mean. Whatever is known to be so in every table is known
to him, also between the sections of one, between groups, and between a split and everyone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.domain.attacks import Outsider, signed

EVERYONE = ("everyone", None)
STEPS = ("supported", "eligible", "contactable", "asked", "reached", "started", "completed")
TIERS = ("none", "1", "2", "3")
NOT_ELIGIBLE = frozenset({
    "care-unit", "no-tier", "completed", "declined", "withdrew", "no-contact", "transferred",
    "other",
})  # fmt: skip
OVERLAPPING = "flag"
APART = ("none", "not-recorded")
_ANSWERS = ("base", "blank", "does_not_apply", "prefer_not_to_say", "not_needed")
_NO_LIMIT = float("inf")

Place = tuple[str, str | None]
"""The table (`everyone`, or what it is split by), and the group."""


@dataclass
class Reading:
    """The cells of documents: what they say (None: kept back), by place, section, row and key."""

    said: dict[tuple[Any, ...], int | None] = field(default_factory=dict)
    shares: set[tuple[tuple[Any, ...], tuple[Any, ...]]] = field(default_factory=set)
    """Cells of a base and of a count out of it."""

    def say(self, cell: tuple[Any, ...], value: int | str | None) -> None:
        number = value if isinstance(value, int) else None
        before = self.said.get(cell)
        assert before is None or number in (None, before), (cell, before, value)
        self.said[cell] = number if before is None else before

    def rate(self, numerator: tuple[Any, ...], base: tuple[Any, ...], rate: Mapping) -> None:
        self.shares.add((base, numerator))
        self.say(base, rate["denominator"])
        self.say(numerator, rate["numerator"])


def read(documents: Mapping[str, Mapping[str, Any]]) -> Reading:
    """All that the documents say; by `everyone` and by what each of the others is split by."""
    reading = Reading()
    for table, document in documents.items():
        for row in document["ladder"] or ():
            _ladder(reading, (table, row.get("group")), row)
        for row in document["satisfaction"]:
            _satisfaction(reading, (table, row.get("group")), row)
        for row in document["outcomes"]:
            _outcome(reading, (table, row.get("group")), row)
        for row in document["stars"]:
            place = (*(table, row.get("group")), "stars", row["instrument"], row["area"])
            for key in ("paired", "increased", "maintained", "decreased", "one_reading_only"):
                reading.say((*place, key), row[key])
            reading.rate((*place, "increased"), (*place, "paired"), row["increased_rate"])
        for row in document["stars_overall"]:
            place = (*(table, row.get("group")), "overall", row["instrument"], "")
            reading.rate((*place, "up"), (*place, "with"), row["any_area_increased"])
    return reading


def _ladder(reading: Reading, at: Place, row: Mapping[str, Any]) -> None:
    place = (*at, "ladder", row["tier"], "")
    for key in (*STEPS, "opted_out", "expired"):
        reading.say((*place, key), row[key])
    for part in ("texts", "not_asked", "completed_by_mode"):
        for key, value in row[part].items():
            reading.say((*place, f"{part}.{key}"), value)
    for whole in ("eligible", "supported"):
        cells = (*place, "completed"), (*place, whole)
        reading.rate(*cells, row[f"completed_of_{whole}"])


def _satisfaction(reading: Reading, at: Place, row: Mapping[str, Any]) -> None:
    item = "satisfied" if row["measure"] == "completely-satisfied" else row["measure"]
    place = (*at, "satisfaction", (row["tier"], row["instrument"]))
    yes, base = (*place, row["measure"], "yes"), (*place, item, "base")
    reading.rate(yes, base, row["rate"])
    for key, value in row["outside_base"].items():
        reading.say((*place, item, key), value)
    if row["all_asked"] is not None:
        asked_first = (*place, item.replace("helped-", "affected-"), "base")
        reading.rate(yes, asked_first, row["all_asked"])


def _outcome(reading: Reading, at: Place, row: Mapping[str, Any]) -> None:
    place = (*at, "outcomes", row["instrument"], row["area"])
    for key, value in row.items():
        if isinstance(value, int | str) and key not in ("area", "instrument", "group"):
            reading.say((*place, key), value)
    for name, numerator, base in (
        ("improved_or_sustained", "kept", "paired"),
        ("improved_rate", "improved", "paired"),
        ("improved_with_room", "improved", "with_room"),
    ):
        reading.rate((*place, numerator), (*place, base), row[name])


def outsider_of(reading: Reading, truth: Mapping[Any, int]) -> Outsider:
    """Someone who reads it. Ties that are not always so he knows where they are so in `truth`."""
    outsider = Outsider()
    outsider.see(
        {cell: truth.get(cell, 0) for cell in reading.said},
        [cell for cell, value in reading.said.items() if value is None],
    )
    for place in sorted({cell[:2] for cell in reading.said}, key=str):
        _know_place(outsider, reading, truth, place)
    for table in sorted({cell[0] for cell in reading.said} - {"everyone"}):
        _know_groups(outsider, reading, truth, table)
    return outsider


def _know_place(outsider: Outsider, reading: Reading, truth: Mapping, place: Place) -> None:
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for cell in reading.said:
        if cell[:2] == place:
            rows.setdefault(cell[:5], {})[cell[5]] = cell
    for base, share in reading.shares:
        if base[:2] == place:
            outsider.know_gap(base, share)
    for row, cells in rows.items():
        ties = {"ladder": _ladder_ties, "outcomes": _outcome_ties, "stars": _star_ties}
        for signs, low, high in ties.get(row[2], lambda *_: ())(row, cells):
            _know_if_true(outsider, truth, signs, low, high)
    _know_ladder_of_all(outsider, truth, rows, place)
    _know_satisfaction(outsider, truth, rows, place)
    _know_stars(outsider, truth, rows, place)


def _ladder_ties(row: tuple, cells: Mapping[str, Any]) -> Iterator[tuple[dict, float, float]]:
    none = (*row, "nobody")
    inside = (*pairwise(STEPS), ("eligible", "opted_out"), ("asked", "expired"))
    for whole, part in (*inside, ("texts.sent", "texts.delivered")):
        yield {cells[whole]: 1, cells[part]: -1}, 0, _NO_LIMIT
    reasons = [k for k in cells if k.startswith("not_asked.") and k != "not_asked.no-delivery"]
    modes = [k for k in cells if k.startswith("completed_by_mode.")]
    later = [k for k in reasons if k.removeprefix("not_asked.") not in NOT_ELIGIBLE]
    for whole, parts in (
        ("supported", ["asked", *reasons]),
        ("eligible", ["asked", *later]),
        ("completed", modes),
    ):
        yield signed([cells[whole]], [cells[k] for k in parts] or [none]), 0, 0


def _outcome_ties(row: tuple, cells: Mapping[str, Any]) -> Iterator[tuple[dict, float, float]]:
    kept = [cells[key] for key in ("improved", "sustained_well", "sustained_low")]
    yield signed([cells["paired"]], [*kept, cells["declined"]]), 0, 0
    yield signed([cells["kept"]], kept), 0, 0
    yield {cells["paired"]: 1, cells["with_room"]: -1}, 0, _NO_LIMIT
    yield {cells["paired"]: 1, cells["paired_with_review"]: -1}, 0, _NO_LIMIT
    # Whoever stayed low was not at the top before.
    yield signed([cells["with_room"]], [cells["improved"], cells["sustained_low"]]), 0, _NO_LIMIT
    some = ("paired", "baseline_only", "closure_only")
    yield {cells[key]: 1 for key in some}, 1, _NO_LIMIT


def _star_ties(row: tuple, cells: Mapping[str, Any]) -> Iterator[tuple[dict, float, float]]:
    moves = [cells[key] for key in ("increased", "maintained", "decreased")]
    yield signed([cells["paired"]], moves), 0, 0
    yield {cells["paired"]: 1, cells["one_reading_only"]: 1}, 1, _NO_LIMIT


def _know_ladder_of_all(outsider: Outsider, truth: Mapping, rows: Mapping, place: Place) -> None:
    keys = {key for row, cells in rows.items() if row[2] == "ladder" for key in cells}
    for key in sorted(keys):
        cells = [(*place, "ladder", tier, "", key) for tier in (*TIERS, "all")]
        *parts, whole = cells
        shown = [cell for cell in parts if cell[5] in rows.get(cell[:5], {})]
        if key in rows.get(whole[:5], {}):
            _know_if_true(outsider, truth, signed([whole], shown), 0, 0)
        else:
            for cell in shown:
                outsider.told.setdefault(cell, 0)


def with_answered(said: Mapping[Any, Any]) -> dict[Any, Any]:
    """The truth with how many answered each survey in each tier, which no document says."""
    answered = {
        (*cell[:4], "", "answered"): sum(said[(*cell[:5], key)] for key in _ANSWERS)
        for cell in said
        if cell[2] == "satisfaction" and cell[4:] == ("satisfied", "base")
    }
    return dict(said) | answered


def _know_satisfaction(outsider: Outsider, truth: Mapping, rows: Mapping, place: Place) -> None:
    """Answers and what is outside them are everyone who answered; a yes leads to the next."""
    answered: dict[str, dict[Any, None]] = {tier: {} for tier in TIERS}
    for row, cells in rows.items():
        if row[2] != "satisfaction":
            continue
        where, item, everyone = row[:4], row[4], (*row[:4], "", "answered")
        if item == "completely-satisfied":
            outsider.know_gap((*where, "satisfied", "yes"), cells["yes"])
            continue
        parts = [cells[key] for key in _ANSWERS]
        answered[where[3][0]][everyone] = None
        if item.startswith("helped-"):
            everyone = (*where, item.replace("helped-", "affected-"), "yes")
        # Some are not shown a question: young people, or who answered another version.
        _know_if_true(outsider, truth, signed([everyone], parts), 0, 0)
    if place[0] != "language":  # A case has the language of its person.
        for tier, cells in answered.items():
            completed = (*place, "ladder", tier, "", "completed")
            if completed in outsider.cells:
                outsider.know(signed(cells, [completed]))
            for cell in cells:
                outsider.know({cell: 1}, 1)


def _know_stars(outsider: Outsider, truth: Mapping, rows: Mapping, place: Place) -> None:
    """Who has a pair in some area, went up in some, or in none."""
    for row, cells in rows.items():
        if row[2] != "overall":
            continue
        areas = [c for r, c in rows.items() if r[2:4] == ("stars", row[3])]
        still = [a[key] for a in areas for key in ("maintained", "decreased")]
        for signs in (
            signed([a["paired"] for a in areas], [cells["with"]]),
            signed([a["increased"] for a in areas], [cells["up"]]),
            signed([*still, cells["up"]], [cells["with"]]),
            *({cells["with"]: 1, area["paired"]: -1} for area in areas),
            *({cells["up"]: 1, area["increased"]: -1} for area in areas),
        ):
            # By mode, an area goes by its own last reading, a case by the last of all.
            _know_if_true(outsider, truth, signs, 0, _NO_LIMIT)


def _know_groups(outsider: Outsider, reading: Reading, truth: Mapping, table: str) -> None:
    groups = sorted({cell[1] for cell in reading.said if cell[0] == table})
    for cell in sorted({c[2:] for c in reading.said if c[0] in (table, "everyone")}, key=str):
        whole = (*EVERYONE, *cell)
        parts = [(table, group, *cell) for group in groups]
        parts = [part for part in parts if part in outsider.cells]
        if whole not in outsider.cells:
            assert not any(truth.get(part, 0) for part in parts), whole
            outsider.told |= dict.fromkeys(parts, 0)
        elif table != OVERLAPPING:
            outsider.know(signed([whole], parts), 0, 0)
        else:
            apart = [part for part in parts if part[1] in APART]
            outsider.know(signed(parts, [whole]))
            for part in parts:
                outsider.know(signed([whole], {*apart, part}))
    if table == "mode":
        for cell in outsider.cells:
            is_by_mode = cell[0] == "mode" and str(cell[5]).startswith("completed_by_mode.")
            if is_by_mode and cell[5] != f"completed_by_mode.{cell[1]}":
                outsider.told.setdefault(cell, 0)


def _know_if_true(
    outsider: Outsider, truth: Mapping, signs: Mapping, low: float, high: float
) -> None:
    if low <= sum(n * truth.get(cell, 0) for cell, n in signs.items()) <= high:
        outsider.know({cell: n for cell, n in signs.items() if cell[5] != "nobody"}, low, high)


def sensitive(reading: Reading, truth: Mapping[Any, int]) -> list[tuple[dict[Any, int], int]]:
    """Every small count, every small remainder of a base, and who is not in a group of few."""
    found = [({cell: 1}, truth[cell]) for cell in reading.said if truth.get(cell, 0)]
    found += [({b: 1, n: -1}, truth.get(b, 0) - truth.get(n, 0)) for b, n in reading.shares]
    for cell in reading.said:
        whole = (*EVERYONE, *cell[2:])
        if cell[0] == OVERLAPPING and whole in reading.said:
            found.append(({whole: 1, cell: -1}, truth.get(whole, 0) - truth.get(cell, 0)))
    return sorted((f for f in found if 0 < f[1] < 5), key=repr)
