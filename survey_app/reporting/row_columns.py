"""How are many rows of few different values packed, so that they are quickly read again?

Column by column: its different values once, and which of them stands in each row.
"""

import json
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

Row = tuple[Any, ...]
"""Keys and sums of a counted row: texts, whole numbers, truths and None."""

_HEAD = 4
"""Bytes that hold the length of the header."""

_SMALL, _LARGE = "B", "I"
_MOST = 256
"""So many different values can be told apart by one byte."""


def pack_rows(rows: Sequence[Row]) -> tuple[list[list[Any]], bytes]:
    """The values of each column, for a header; and which of them stands where."""
    values: list[list[Any]] = []
    content = b""
    for column in zip(*rows, strict=True):
        numbers = {value: number for number, value in enumerate(dict.fromkeys(column))}
        values.append(list(numbers))
        content += array(_code(numbers), map(numbers.__getitem__, column)).tobytes()
    return values, content


def read_rows(
    values: Sequence[Sequence[Any]], content: memoryview, of: int, at: int = 0
) -> tuple[list[Row], int]:
    """So many rows, packed from this byte on, and where they end."""
    columns = []
    for known in values:
        numbers = array(_code(known))
        end = at + of * numbers.itemsize
        numbers.frombytes(content[at:end])
        columns.append(map(known.__getitem__, numbers))
        at = end
    return (list(zip(*columns, strict=True)) if columns else [()] * of), at


def _code(values: Sequence[Any] | dict[Any, int]) -> str:
    return _SMALL if len(values) <= _MOST else _LARGE


def packed(rows: Iterable[Row]) -> bytes:
    """Rows of keys and sums as they are stored: in order, compressed."""
    in_order = sorted(rows, key=repr)
    values, content = pack_rows(in_order)
    head = json.dumps([len(in_order), values], separators=(",", ":"), ensure_ascii=False).encode()
    return zlib.compress(len(head).to_bytes(_HEAD, "little") + head + content)


def unpacked(stored: bytes | None) -> list[Row]:
    """The rows that were packed; none where nothing was."""
    if stored is None:
        return []
    content = memoryview(zlib.decompress(stored))
    begin = _HEAD + int.from_bytes(content[:_HEAD], "little")
    of, values = json.loads(bytes(content[_HEAD:begin]))
    return read_rows(values, content, of, begin)[0]
