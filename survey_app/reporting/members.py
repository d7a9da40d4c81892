"""Which cases are in each counted row? Sets of cases as bits of a number, packed for storing.

The cases of a month have places, and bit p of a set stands for the case at place p: how many of a
row pass any filters is one AND each and one count of bits. Rows of few cases list their places.

What tells rows of one case apart besides its own characteristics, as the mode of an answer does,
is laid in *layers*: within a layer a case has one mode and one language; most need one layer.
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, repeat
from typing import Any

from survey_app.reporting.row_columns import Row, pack_rows, read_rows

FEW = 24
"""Up to so many cases a list of places is quicker to count than bits."""

_PLACES = "I"
_HEAD = 4
"""Bytes that hold the length of the header."""


@dataclass(frozen=True)
class Layer:
    """The places of the cases with each value of what is told apart, and of those in each row."""

    own: Mapping[str, Mapping[str, Sequence[int]]]
    rows: Mapping[Row, Sequence[int]]
    """Keys and then sums, as one case adds to them."""


@dataclass(frozen=True)
class ReadLayer:
    """A layer as it was packed; sets are made when they are asked for."""

    rows: Sequence[Row]
    """Those that are kept as sets, in order, and behind them those that are lists of places."""
    few: Sequence[int]
    """The place of every case in a row that is a list of places, row by row."""
    few_rows: Sequence[int]
    """Beside each such place, which row it is in."""
    _own: Mapping[str, Sequence[tuple[str, int, int]]]
    _ends: Sequence[int]
    _content: memoryview

    def own(self, name: str) -> Iterator[tuple[str, int]]:
        """The values of what is told apart, and the set of each; none where it is not."""
        for value, begin, end in self._own.get(name, ()):
            yield value, int.from_bytes(self._content[begin:end], "little")

    @property
    def many(self) -> int:
        """How many rows are kept as sets."""
        return len(self._ends) - 1

    def cases_in(self, row: int) -> int:
        """The set of a row."""
        return int.from_bytes(self._content[self._ends[row] : self._ends[row + 1]], "little")


@dataclass(frozen=True)
class Members:
    """What was packed: the names of what is told apart, the layers, and the ids of the cases."""

    told_apart: frozenset[str]
    layers: tuple[ReadLayer, ...] = field(repr=False)
    case_ids: Sequence[int] = field(repr=False)
    """By place; empty where they were not packed with it."""


def case_set(places: Iterable[int], of: int) -> int:
    """The set of these of so many places."""
    bits = bytearray(of // 8 + 1)
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(bits, "little")


def places_in(cases: int) -> list[int]:
    """The places of a set, in order."""
    bits = bin(cases)[:1:-1]
    return [place for place, bit in enumerate(bits) if bit == "1"]


def pack_members(layers: Iterable[Layer], case_ids: Sequence[int] = ()) -> bytes:
    """Layers, and perhaps the ids of the cases by place, as they are stored: compressed."""
    packed = [_pack(layer) for layer in layers]
    header = {"layers": [head for head, _ in packed], "ids": len(case_ids)}
    head = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    body = b"".join(content for _, content in packed)
    ids = array(_PLACES, case_ids).tobytes()
    return zlib.compress(len(head).to_bytes(_HEAD, "little") + head + body + ids)


def _pack(layer: Layer) -> tuple[dict[str, Any], bytes]:
    own = {
        name: [(value, _bytes(places)) for value, places in sorted(values.items())]
        for name, values in layer.own.items()
    }
    rows = sorted(layer.rows.items(), key=lambda row: (len(row[1]) <= FEW, repr(row[0])))
    many = [_bytes(places) for _, places in rows if len(places) > FEW]
    few = [sorted(places) for _, places in rows[len(many) :]]
    values, columns = pack_rows([row for row, _ in rows])
    head = {
        "own": {name: [(v, len(bits)) for v, bits in values] for name, values in own.items()},
        "rows": values,
        "many": [len(bits) for bits in many],
        "few": [len(places) for places in few],
    }
    sets = [*(bits for values in own.values() for _, bits in values), *many]
    listed = array(_PLACES, (place for places in few for place in places))
    return head, columns + b"".join(sets) + listed.tobytes()


def _bytes(places: Sequence[int]) -> bytes:
    last = max(places)
    return case_set(places, last).to_bytes(last // 8 + 1, "little")


def members_of(packed: bytes) -> Members:
    """What was packed."""
    content = memoryview(zlib.decompress(packed))
    begin = _HEAD + int.from_bytes(content[:_HEAD], "little")
    header = json.loads(bytes(content[_HEAD:begin]))
    layers = []
    for head in header["layers"]:
        layer, begin = _read(head, content, begin)
        layers.append(layer)
    case_ids = _listed(content, begin, header["ids"])
    told_apart = {name for head in header["layers"] for name in head["own"]}
    return Members(frozenset(told_apart), tuple(layers), case_ids)


def _read(head: Mapping[str, Any], content: memoryview, at: int) -> tuple[ReadLayer, int]:
    """A layer, and where the next one begins."""
    rows, at = read_rows(head["rows"], content, len(head["many"]) + len(head["few"]), at)
    own: dict[str, list[tuple[str, int, int]]] = {}
    for name, values in head["own"].items():
        own[name] = []
        for value, size in values:
            own[name].append((value, at, at + size))
            at += size
    ends = list(accumulate(head["many"], initial=at))
    few, first_few = _listed(content, ends[-1], sum(head["few"])), len(head["many"])
    rows_of_few = map(repeat, range(first_few, len(rows)), head["few"])
    few_rows = array(_PLACES, chain.from_iterable(rows_of_few))
    layer = ReadLayer(rows, few, few_rows, own, ends, content)
    return layer, ends[-1] + len(few) * few.itemsize


def _listed(content: memoryview, at: int, size: int) -> "array[int]":
    found = array(_PLACES)
    found.frombytes(content[at : at + size * found.itemsize])
    return found
