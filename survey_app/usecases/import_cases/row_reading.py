"""What does each row of a cases file come to: sound, part of another row, or refused, and why?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from survey_app.domain.case_file import CaseRow, read_case_row
from survey_app.domain.case_file_repeats import differing_columns, join
from survey_app.domain.file_faults import NoteCode, RowFault, RowFaultCode
from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.usecases.csv_files import CsvFile, FileRow
from survey_app.usecases.import_cases.first_look import FirstLook


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row and what it says: a case, that it is part of one said before, or its faults."""

    row: FileRow
    read: CaseRow | NoteCode | list[RowFault]
    disagreement: Contradiction | None = None
    """In what the rows of its case differ, where they cannot be one."""


@dataclass
class RowReader:
    """Reads a file's rows as often as asked, always to the same end."""

    file: CsvFile
    look: FirstLook
    today: date
    _judged: dict[int, ReadRow] = field(default_factory=dict)
    """By line: rows of several of their case, judged together with the first."""

    def rows(self) -> Iterator[ReadRow]:
        """Every row in the file's order. Raises `UnreadableFile`."""
        self._judged.clear()
        for row in self.file.rows():
            if row.cells.get("case_ref") not in self.look.places:
                yield ReadRow(row, self._read(row))
                continue
            if row.line not in self._judged:
                for each in self._judge(row.cells["case_ref"]):
                    self._judged[each.row.line] = each
            yield self._judged.pop(row.line)

    def _read(self, row: FileRow) -> CaseRow | list[RowFault]:
        if row.is_broken:
            return [RowFault(row.line, "", RowFaultCode.BROKEN_QUOTES)]
        if row.has_surplus:
            return [RowFault(row.line, "", RowFaultCode.TOO_MANY_CELLS)]
        return read_case_row(row.line, row.cells, self.today, self.look.known_refs)

    def _judge(self, ref: str) -> list[ReadRow]:
        """All rows of one case: one case, or all refused."""
        rows = list(self.file.rows_at(self.look.places[ref]))
        reads = [self._read(row) for row in rows]
        sound = [read for read in reads if isinstance(read, CaseRow)]
        if not sound:
            return [ReadRow(row, read) for row, read in zip(rows, reads, strict=True)]
        if len(sound) < len(rows):
            return self._refused(rows, reads, _differing_cells(rows))
        joined = join(sound)
        if isinstance(joined, CaseRow):
            return [ReadRow(rows[0], joined), *_parts(rows, sound)]
        return self._refused(rows, reads, joined)

    def _refused(
        self,
        rows: Sequence[FileRow],
        reads: Sequence[CaseRow | list[RowFault]],
        columns: Sequence[str],
    ) -> list[ReadRow]:
        why = Contradiction(
            HoldCause.ROWS_DISAGREE,
            ";".join(columns),
            tuple(sorted("; ".join(row.cells.get(c, "") for c in columns) for row in rows)),
            tuple(row.line for row in rows),
        )
        return [
            ReadRow(row, _disagree(row, rows, columns) if isinstance(read, CaseRow) else read, why)
            for row, read in zip(rows, reads, strict=True)
        ]


def _parts(rows: Sequence[FileRow], sound: Sequence[CaseRow]) -> Iterator[ReadRow]:
    """The rows after the first: the same once more, or joined to it."""
    for row, read in zip(rows[1:], sound[1:], strict=True):
        is_same = not differing_columns([sound[0], read])
        yield ReadRow(row, NoteCode.REPEATED if is_same else NoteCode.JOINED)


def _differing_cells(rows: Sequence[FileRow]) -> list[str]:
    columns = dict.fromkeys(column for row in rows for column in row.cells)
    differing = [c for c in columns if len({row.cells.get(c, "") for row in rows}) > 1]
    return differing or ["case_ref"]


def _disagree(row: FileRow, rows: Sequence[FileRow], columns: Sequence[str]) -> list[RowFault]:
    return [
        RowFault(
            row.line,
            column,
            RowFaultCode.ROWS_DISAGREE,
            row.cells.get(column, ""),
            _elsewhere(row, rows, column),
        )
        for column in columns
    ]


def _elsewhere(row: FileRow, rows: Sequence[FileRow], column: str) -> str:
    """Another value of the column and its line; any other row of the case where all are alike."""
    others = [other for other in rows if other.line != row.line]
    own = row.cells.get(column, "")
    differing = [other for other in others if other.cells.get(column, "") != own] or others
    return f'"{differing[0].cells.get(column, "")}" (line {differing[0].line})'
