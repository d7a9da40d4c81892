"""Which rows does a CSV file hold? Read one at a time, however large the file.

A file is read as bytes, line by line, so that each row knows where it stands: rows can be fetched
again without being kept in memory, and what cannot be read is said with its line.
"""

import csv
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

from survey_app.domain.file_faults import FileFault, FileFaultCode, FileKind
from survey_app.domain.plain_text import key_form, text_form

BOOKKEEPING_COLUMNS = ("line", "column", "reason")
"""What a rejected file adds to the original columns; left out when it is imported again."""

_MAGIC = {
    b"PK\x03\x04": FileKind.EXCEL,
    b"\xd0\xcf\x11\xe0": FileKind.EXCEL,
    b"\xff\xfe": FileKind.UTF_16,
    b"\xfe\xff": FileKind.UTF_16,
}
_BOM = b"\xef\xbb\xbf"
_MOST_MARKS = 8
"""Byte order marks at the start of a file: each tool on its way may have set one before it."""
Found = TypeVar("Found")


class UnreadableFile(Exception):
    """The file cannot be read as CSV; nothing of it may land. Carries the fault as a value."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: the line it starts on, where its bytes start, its cells by known column.

    Cells stand in their one form (`domain.plain_text`). A cell that a short row lacks is absent: a
    spreadsheet leaves trailing ones out, so it says nothing. `has_surplus`: more cells than the
    header has columns; `is_broken`: quotes that do not match; `is_short`: fewer cells.
    """

    line: int
    offset: int
    cells: dict[str, str]
    has_surplus: bool = False
    is_broken: bool = False
    is_short: bool = False

    @property
    def is_in_columns(self) -> bool:
        """Whether the cells can be trusted to stand in their columns."""
        return not (self.has_surplus or self.is_broken)


@dataclass(frozen=True)
class CsvFile:
    """A CSV file whose header was read; `columns` are the known ones in the file's order.

    `free_text`: those in which invisible joiners stay.
    """

    path: Path
    header: tuple[str, ...]
    columns: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    body_offset: int
    body_line: int
    free_text: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """Bytes, for a progress bar over row offsets."""
        return self.path.stat().st_size

    def rows(self) -> Iterator[FileRow]:
        """Every row that is not blank, in order. Raises `UnreadableFile`."""
        known = _places(self)
        with self.path.open("rb") as file:
            file.seek(self.body_offset)
            for record in _records(_Lines(file, self.body_offset, self.body_line)):
                if any(cell.strip() for cell in record.cells):
                    yield _row(record, known, len(self.header))

    def rows_at(self, places: Sequence[tuple[int, int]]) -> Iterator[FileRow]:
        """The rows that start at these (offset, line) places. Raises `UnreadableFile`."""
        known = _places(self)
        with self.path.open("rb") as file:
            for offset, line in places:
                file.seek(offset)
                record = next(_records(_Lines(file, offset, line)))
                yield _row(record, known, len(self.header))


def open_csv(
    path: Path,
    known: Collection[str],
    required: Sequence[str],
    free_text: frozenset[str] = frozenset(),
) -> CsvFile | FileFault:
    """Read the header; names are compared in key form and in lower case."""
    try:
        return _open(path, known, required, free_text)
    except UnreadableFile as unreadable:
        return unreadable.fault


def look_through(
    path: Path,
    known: Collection[str],
    required: Sequence[str],
    look: Callable[[CsvFile], Found | FileFault],
    free_text: frozenset[str] = frozenset(),
) -> tuple[CsvFile, Found] | FileFault:
    """Open a file and look through all of it before anything of it lands; what stands against it,
    where something does."""
    file = open_csv(path, known, required, free_text)
    if isinstance(file, FileFault):
        return file
    try:
        found = look(file)
    except UnreadableFile as unreadable:
        return unreadable.fault
    return found if isinstance(found, FileFault) else (file, found)


def _open(
    path: Path, known: Collection[str], required: Sequence[str], free_text: frozenset[str]
) -> CsvFile | FileFault:
    with path.open("rb") as file:
        start = file.read(_MOST_MARKS * len(_BOM))
        for magic, kind in _MAGIC.items():
            if start.startswith(magic):
                return FileFault(FileFaultCode.NOT_UTF_8, kind)
        offset = 0
        while start.startswith(_BOM, offset):
            offset += len(_BOM)
        file.seek(offset)
        lines = _Lines(file, offset, 1)
        first = next((r for r in _records(lines) if any(c.strip() for c in r.cells)), None)
    if first is None:
        return FileFault(FileFaultCode.EMPTY)
    header = tuple(key_form(cell).casefold() for cell in first.cells)
    fault = _header_fault(header, known, required, first)
    if fault is not None:
        return fault
    is_rejected_file = set(BOOKKEEPING_COLUMNS) <= set(header)
    expected = {*known, *(BOOKKEEPING_COLUMNS if is_rejected_file else ())}
    return CsvFile(
        path=path,
        header=header,
        columns=tuple(name for name in header if name in known),
        unknown_columns=tuple(
            key_form(cell)
            for cell, name in zip(first.cells, header, strict=True)
            if name and name not in expected
        ),
        body_offset=lines.offset,
        body_line=lines.number,
        free_text=free_text,
    )


def _header_fault(
    header: tuple[str, ...], known: Collection[str], required: Sequence[str], record: "_Record"
) -> FileFault | None:
    line = record.line
    twice = next((name for name in header if name in known and header.count(name) > 1), None)
    if twice is not None:
        return FileFault(FileFaultCode.COLUMN_TWICE, twice, line)
    missing = [name for name in required if name not in header]
    if len(missing) == len(required) and len(header) == 1:
        for delimiter in (";", "\t", "|"):
            if delimiter in record.cells[0].strip():
                return FileFault(FileFaultCode.WRONG_DELIMITER, delimiter, line)
    if missing:
        return FileFault(FileFaultCode.COLUMN_MISSING, " ".join(missing), line)
    return None


_Places = list[tuple[int, str, Callable[[str], str]]]
"""Where each known column stands, and which form its cells have."""


def _places(file: CsvFile) -> _Places:
    return [
        (file.header.index(name), name, text_form if name in file.free_text else key_form)
        for name in file.columns
    ]


def _row(record: "_Record", known: _Places, width: int) -> FileRow:
    cells = record.cells
    return FileRow(
        line=record.line,
        offset=record.offset,
        cells={
            name: form(cells[place]) if cells[place] else ""
            for place, name, form in known
            if place < len(cells)
        },
        has_surplus=any(cell.strip() for cell in cells[width:]),
        is_broken=record.is_broken,
        is_short=len(cells) < width,
    )


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    offset: int
    cells: list[str]
    is_broken: bool = False


class _Lines:
    """The lines of a file, decoded; knows where the next one starts, and those of this record."""

    def __init__(self, file: BinaryIO, offset: int, number: int) -> None:
        self.file = file
        self.offset = offset
        self.number = number
        self.taken: list[str] = []
        self.is_at_end = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        raw = self.file.readline()
        if not raw:
            self.is_at_end = True
            raise StopIteration
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            kind = FileKind.BINARY if b"\0" in raw else FileKind.WINDOWS_1252
            fault = FileFault(FileFaultCode.NOT_UTF_8, kind, self.number)
            raise UnreadableFile(fault) from error
        if "\0" in line:
            raise UnreadableFile(FileFault(FileFaultCode.NOT_UTF_8, FileKind.UTF_16, self.number))
        self.offset += len(raw)
        self.number += 1
        self.taken.append(line)
        return line


def _records(lines: _Lines) -> Iterator[_Record]:
    reader = csv.reader(lines, strict=True)
    while True:
        line, offset, lines.taken = lines.number, lines.offset, []
        try:
            yield _Record(line, offset, next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(lines, line, offset, error)


def _broken(lines: _Lines, line: int, offset: int, error: csv.Error) -> _Record:
    """A row with wrong quotes stands alone; a quote that is never closed takes the file with it."""
    if lines.is_at_end:
        raise UnreadableFile(FileFault(FileFaultCode.UNCLOSED_QUOTE, "", line)) from error
    try:
        cells = next(csv.reader(lines.taken))
    except csv.Error:
        raise UnreadableFile(FileFault(FileFaultCode.NOT_CSV, "", line)) from error
    return _Record(line, offset, cells, is_broken=True)
