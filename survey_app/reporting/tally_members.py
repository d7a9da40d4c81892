"""How are the rows of a tally, told apart by case, laid out for keeping?"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from survey_app.reporting.members import Layer
from survey_app.reporting.row_columns import Row, packed
from survey_app.reporting.tallies import CountedRow, Tally, add_sums

Places = Mapping[int, int]
"""By case."""
Own = tuple[str, ...]
"""What the answers of a case themselves tell: values in the order of their names."""


def layer_of_cases(rows: Iterable[CountedRow], places: Places) -> Layer:
    """The cases by each of their characteristics; a row is a case."""
    own: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        place = places[row["case_id"]]
        for name, value in row.items():
            if name != "case_id":
                own[name][value or ""].append(place)
    return Layer(own, {})


@dataclass(frozen=True)
class ByCase:
    """The rows of a tally, told apart by case and by what its answers tell, under these names."""

    names: tuple[str, ...]
    sums: Mapping[tuple[int, Own, Row], Sequence[int]]

    def totals(self) -> bytes:
        """The rows of all cases together, packed."""
        totals: dict[Row, Sequence[int]] = {}
        for (_, _, keys), sums in self.sums.items():
            add_sums(totals, keys, sums)
        return packed((*keys, *sums) for keys, sums in totals.items())

    def layers(self, places: Places) -> list[Layer]:
        """The cases in each row."""
        numbers = _layer_numbers(self.sums)
        own = [_own(self.names, numbers, places, n) for n in range(_height(numbers))]
        members: list[dict[Row, list[int]]] = [defaultdict(list) for _ in own]
        for (case_id, by, keys), sums in self.sums.items():
            rows, place = members[numbers[case_id][by]], places[case_id]
            for piece in _pieces(sums):
                rows[keys + piece].append(place)
        return [Layer(known, rows) for known, rows in zip(own, members, strict=True)]


def by_case(tally: Tally, rows: Sequence[CountedRow]) -> ByCase:
    """The rows of a tally, which have a `case_id`, summed up where they are alike."""
    names = tuple(name for name in rows[0] if name.startswith("by_")) if rows else ()
    own_of, keys_of, sums_of = (_getter(some) for some in (names, tally.keys, tally.sums))
    summed: dict[tuple[int, Own, Row], Sequence[int]] = {}
    for row in rows:
        own = tuple(value or "" for value in own_of(row))
        add_sums(
            summed, (row["case_id"], own, keys_of(row)), tuple(int(n or 0) for n in sums_of(row))
        )
    return ByCase(names, summed)


def _getter(names: tuple[str, ...]) -> Callable[[CountedRow], tuple[Any, ...]]:
    """As `itemgetter`, but for one name and for none too."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def _layer_numbers(summed: Iterable[tuple[int, Own, Row]]) -> dict[int, dict[Own, int]]:
    """By case, in which layer what its answers tell lies."""
    found: dict[int, set[Own]] = defaultdict(set)
    for case_id, own, _ in summed:
        found[case_id].add(own)
    return {case: {by: n for n, by in enumerate(sorted(those))} for case, those in found.items()}


def _height(numbers: Mapping[int, Mapping[Own, int]]) -> int:
    return max(len(those) for those in numbers.values())


def _own(
    names: Sequence[str], numbers: Mapping[int, Mapping[Own, int]], places: Places, layer: int
) -> dict[str, dict[str, list[int]]]:
    own: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in names}
    for case_id, those in numbers.items():
        for by, number in those.items():
            if number == layer:
                for name, value in zip(names, by, strict=True):
                    own[name][value].append(places[case_id])
    return own


def _pieces(sums: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The sums of a row as what a case is in a row for, or is not: of one sum, powers of two."""
    if len(sums) != 1:
        yield (*sums,)
        return
    [count] = sums
    for power in range(count.bit_length()):
        if count >> power & 1:
            yield (1 << power,)
