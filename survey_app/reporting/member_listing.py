"""Do two ways of keeping a month hold the same of every case, but for some cases?"""

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from survey_app.reporting.kept_cases import CASES
from survey_app.reporting.members import Members, members_of, places_in

KeptTallies = Mapping[str, tuple[bytes, bytes]]
"""Packed totals and members, by tally."""

Listed = set[tuple[int, tuple[Any, ...]]]
"""A case, and something that holds of it."""


def different_tallies(kept: KeptTallies, anew: KeptTallies, but: Collection[int]) -> set[str]:
    """The tallies that do not hold the same, of all cases but these.

    Totals are those of all cases; where some are counted apart no page reads them.
    """
    names = {name for name in kept.keys() | anew.keys() if kept.get(name) != anew.get(name)}
    if not but:
        return names
    return {name for name in names if _listed(kept, name, but) != _listed(anew, name, but)}


def _listed(tallies: KeptTallies, name: str, but: Collection[int]) -> Listed | None:
    """All that one tally holds of all cases but these; None where it cannot be read."""
    if name not in tallies:
        return set()
    try:
        case_ids = members_of(tallies[CASES][1]).case_ids
        members = members_of(tallies[name][1])
        return {one for one in _members(members, case_ids) if one[0] not in but}
    except (zlib.error, KeyError):
        return None


def _members(members: Members, case_ids: Sequence[int]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    for number, layer in enumerate(members.layers):
        for name in members.told_apart:
            for value, cases in layer.own(name):
                for place in places_in(cases):
                    yield case_ids[place], (number, name, value)
        for row in range(layer.many):
            for place in places_in(layer.cases_in(row)):
                yield case_ids[place], (number, *layer.rows[row])
        for place, row in zip(layer.few, layer.few_rows, strict=True):
            yield case_ids[place], (number, *layer.rows[row])
