"""Which rows of a responses file are one response? Found without keeping a row in memory.

Only where each row starts is kept, and no copy of what people said is ever written.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from survey_app.domain.file_faults import RowFault, RowFaultCode
from survey_app.domain.requests import Wave
from survey_app.domain.response_file import (
    ResponseKey,
    ResponseRow,
    read_response_key,
    read_response_row,
)
from survey_app.usecases.csv_files import CsvFile, FileRow

_Place = tuple[int, int]
"""Offset and line."""


@dataclass(frozen=True)
class Group:
    """The rows of one response, in the file's order, with the faults of its rows and as a whole."""

    key: ResponseKey
    rows: Sequence[FileRow]
    answers: Sequence[ResponseRow]
    faults: Sequence[RowFault]


@dataclass
class FileGroups:
    """Where the rows of each response stand; `strays` are rows that belong to none."""

    file: CsvFile
    places: dict[ResponseKey, list[_Place]] = field(default_factory=dict)
    strays: list[tuple[FileRow, list[RowFault]]] = field(default_factory=list)
    row_count: int = 0

    @cached_property
    def baselines(self) -> Mapping[tuple[str, str], date]:
        """By case and instrument: the earliest baseline that this file has."""
        found: dict[tuple[str, str], date] = {}
        for key in self.places:
            if key.wave is Wave.BASELINE:
                about = (key.case_ref, key.instrument)
                found[about] = min(key.completed_on, found.get(about, key.completed_on))
        return found

    def read(self, keys: Sequence[ResponseKey]) -> Iterator[Group]:
        """The responses of these keys, read from the file again."""
        for key in keys:
            rows = list(self.file.rows_at(self.places[key]))
            answers: list[ResponseRow] = []
            faults: list[RowFault] = []
            for row in rows:
                read = read_response_row(row.line, row.cells)
                if isinstance(read, ResponseRow):
                    answers.append(read)
                else:
                    faults += read
            faults += self._held_back(key)
            yield Group(key, rows, answers, faults)

    def _held_back(self, key: ResponseKey) -> list[RowFault]:
        """A stray row may be part of this response, which would then land in parts."""
        return [
            RowFault(line, "", RowFaultCode.PART_REJECTED, "", str(line))
            for line in self._stray_lines.get((key.case_ref, key.instrument), ())
        ][:1]

    @property
    def _stray_lines(self) -> Mapping[tuple[str, str], Sequence[int]]:
        if not self._lines and self.strays:
            for row, _ in self.strays:
                about = (
                    row.cells.get("case_ref", ""),
                    row.cells.get("instrument", "").casefold(),
                )
                self._lines.setdefault(about, []).append(row.line)
        return self._lines

    _lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)


def group_rows(file: CsvFile, today: date) -> FileGroups:
    """Read the file once and note which rows are one response. Raises `UnreadableFile`."""
    groups = FileGroups(file)
    for row in file.rows():
        groups.row_count += 1
        key = _key(row, today)
        if isinstance(key, ResponseKey):
            groups.places.setdefault(key, []).append((row.offset, row.line))
        else:
            groups.strays.append((row, key))
    return groups


def _key(row: FileRow, today: date) -> ResponseKey | list[RowFault]:
    if row.is_broken:
        return [RowFault(row.line, "", RowFaultCode.BROKEN_QUOTES)]
    if row.has_surplus:
        return [RowFault(row.line, "", RowFaultCode.TOO_MANY_CELLS)]
    return read_response_key(row.line, row.cells, today)
