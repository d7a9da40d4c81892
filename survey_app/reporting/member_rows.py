"""How many of the cases that are asked for are in each row of a kept month?"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import compress

from survey_app.reporting.dimension_columns import named_by
from survey_app.reporting.kept_cases import Cell, KeptCases, Wanted, is_wanted, united
from survey_app.reporting.members import Members, ReadLayer
from survey_app.reporting.row_columns import Row

Found = Counter[tuple[Row, Row]]
"""By what tells the group apart, and a row of keys and sums: of how many cases."""

Asked = Mapping[int, Collection[object]]
"""By place in a row: what may stand there."""

_LABELS = 255
"""A byte holds so many, besides the nought of nobody."""


def rows_asked(rows: Iterable[Row], asked: Asked) -> Iterable[Row]:
    """The rows that are asked for."""
    for place, values in asked.items():
        rows = [row for row in rows if row[place] in values]
    return rows


def count_members(
    found: Found,
    members: Members,
    cases: KeptCases,
    wanted: Wanted,
    asked: Asked,
    of_time: Row,
) -> None:
    """Add the rows asked for that somebody is in, by group; `of_time` begins each group's names."""
    cells = wanted.without(members.told_apart).cells(cases)
    for layer in members.layers:
        groups = _of_answers(layer, members, wanted, cells)
        if groups:
            groups = [(of_time + key, cell) for key, cell in groups]
            rows = [True] * len(layer.rows)
            if asked:
                those = set(rows_asked(layer.rows, asked))
                rows = [row in those for row in layer.rows]
            _count_many(found, layer, groups, rows)
            for start in range(0, len(groups), _LABELS):
                found.update(_few(layer, groups[start : start + _LABELS], rows))


def _of_answers(
    layer: ReadLayer, members: Members, wanted: Wanted, cells: list[Cell]
) -> list[Cell]:
    """The groups, narrowed and split by what the answers themselves tell."""
    for dimension, value in wanted.only.items():
        name = named_by(dimension)
        if name in members.told_apart:
            those = united(c for v, c in layer.own(name) if is_wanted(dimension, v, value))
            cells = [(key, cell & those) for key, cell in cells]
    if wanted.by is not None and named_by(wanted.by) in members.told_apart:
        parts = list(layer.own(named_by(wanted.by)))
        cells = [((value, *key), cell & part) for key, cell in cells for value, part in parts]
    return [cell for cell in cells if cell[1]]


def _count_many(found: Found, layer: ReadLayer, groups: list[Cell], rows: list[bool]) -> None:
    """The rows that are kept as sets."""
    for number in range(layer.many):
        if rows[number]:
            row, members = layer.rows[number], layer.cases_in(number)
            for key, cell in groups:
                times = (members & cell).bit_count()
                if times:
                    found[key, row] += times


def _few(layer: ReadLayer, groups: list[Cell], rows: list[bool]) -> Iterator[tuple[Row, Row]]:
    """The rows that are lists of places: group and row of each case, of all groups in one go."""
    if not layer.few:
        return iter(())
    labels = _labels(groups, max(layer.few) + 1)
    labelled = map(labels.__getitem__, layer.few)
    if not all(rows):
        asked = map(rows.__getitem__, layer.few_rows)
        labelled = map(int.__mul__, labelled, map(int, asked))
    here = bytes(labelled)
    keys = [(), *(key for key, _ in groups)]
    return zip(
        map(keys.__getitem__, compress(here, here)),
        map(layer.rows.__getitem__, compress(layer.few_rows, here)),
        strict=True,
    )


def _labels(groups: list[Cell], places: int) -> bytes:
    """Of each place the number of its group, from 1; 0 for who is in none.

    No place is in two groups: they are parts of everyone.
    """
    everyone = (1 << places) - 1
    found = 0
    for number, (_, cell) in enumerate(groups, start=1):
        # A byte for each bit, made by the number's own writing in twos.
        bits = f"{cell & everyone:0{places}b}".encode().translate(_NOUGHT_AND_ONE)
        found += number * int.from_bytes(bits, "big")
    return found.to_bytes(places, "little")


_NOUGHT_AND_ONE = bytes.maketrans(b"01", b"\x00\x01")
