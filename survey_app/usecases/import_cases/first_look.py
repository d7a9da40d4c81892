"""What has to be known of a cases file before its first row is judged?

Read once, cell by cell and without a verdict: whose several rows there are, which keys could be
taken for each other, and whether anything stands against the whole file.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from survey_app.domain.case_file_columns import GROUPED_COLUMNS
from survey_app.domain.file_faults import FileFault, FileFaultCode, Note, NoteCode
from survey_app.domain.missing_words import is_nobodys_case, is_nobodys_client
from survey_app.domain.plain_text import twin_form
from survey_app.usecases.csv_files import CsvFile, FileRow
from survey_app.usecases.import_runs import ImportJob

Place = tuple[int, int]
"""Offset and line of a row."""

COMMON_BIRTH: Final = ("1970-01-01", "01/01/1970")
_COMMON_ROWS, _COMMON_SHARE = 5, 0.01


@dataclass
class Twins:
    """References of one column that people would take for one, and are not.

    `near` has, by reference, what it looks like: a line of this file or what is stored.
    """

    column: str
    near: dict[str, str] = field(default_factory=dict)
    _first: dict[str, tuple[str, int]] = field(default_factory=dict)

    def note(self, ref: str, line: int) -> None:
        """Take in a reference of the file."""
        first, at = self._first.setdefault(twin_form(ref), (ref, line))
        if first != ref and ref not in self.near:
            self.near[ref] = f"line {at}"

    def compare(self, stored: Iterable[str]) -> None:
        """Look at what is stored: a new reference of the file may be near one of these."""
        for ref in stored:
            first, _ = self._first.get(twin_form(ref), (ref, 0))
            if first != ref and first not in self.near:
                self.near[first] = ref

    def of(self, ref: str | None) -> Note | None:
        """The note about a reference, where one is near it."""
        about = self.near.get(ref or "")
        return None if about is None else Note(self.column, NoteCode.NEAR_TWIN, about)


@dataclass
class FirstLook:
    """`places`: of cases that stand on several rows; `clients`: named by several rows.

    `spellings`: how often each text that reports count by is written how; `doubtful_refs`: case
    references that read as placeholders, and count only where a case has them already.
    """

    places: dict[str, list[Place]] = field(default_factory=dict)
    clients: set[str] = field(default_factory=set)
    spellings: Mapping[str, Counter[str]] = field(default_factory=dict)
    case_twins: Twins = field(default_factory=lambda: Twins("case_ref"))
    client_twins: Twins = field(default_factory=lambda: Twins("client_ref"))
    doubtful_refs: set[str] = field(default_factory=set)
    known_refs: frozenset[str] = frozenset()
    common_births: int = 0
    rows: int = 0

    @property
    def is_birth_common(self) -> bool:
        """Whether so many were born on 1 January 1970 that a system must have filled it in."""
        return self.common_births >= _COMMON_ROWS and self.common_births > self.rows * _COMMON_SHARE


def first_look(file: CsvFile, job: ImportJob) -> FirstLook | FileFault:
    """See that every row can be read and is this service's. Raises `UnreadableFile`."""
    look = FirstLook(spellings={c: Counter() for c in file.columns if c in GROUPED_COLUMNS})
    first_of_case: dict[str, Place] = {}
    seen_clients: set[str] = set()
    for row in file.rows():
        slug = row.cells.get("service")
        if slug and slug != job.slug:
            return FileFault(FileFaultCode.OTHER_SERVICE, slug, row.line)
        look.rows += 1
        _note_case(look, row, first_of_case)
        _note_client(look, row, seen_clients)
        for column, counts in look.spellings.items():
            if cell := row.cells.get(column):
                counts[cell] += 1
        look.common_births += row.cells.get("date_of_birth") in COMMON_BIRTH
    return look


def _note_case(look: FirstLook, row: FileRow, first_of_case: dict[str, Place]) -> None:
    ref = row.cells.get("case_ref")
    if not ref:
        return
    if is_nobodys_case(ref):
        look.doubtful_refs.add(ref)
    place = (row.offset, row.line)
    first = first_of_case.setdefault(ref, place)
    if first != place:
        look.places.setdefault(ref, [first]).append(place)
    else:
        look.case_twins.note(ref, row.line)


def _note_client(look: FirstLook, row: FileRow, seen: set[str]) -> None:
    client_ref = client_of(row.cells)
    if client_ref is None:
        return
    if client_ref in seen:
        look.clients.add(client_ref)
    else:
        seen.add(client_ref)
        look.client_twins.note(client_ref, row.line)


def client_of(cells: Mapping[str, str]) -> str | None:
    """Whose row it is: a placeholder is nobody."""
    client_ref = cells.get("client_ref")
    return None if not client_ref or is_nobodys_client(client_ref) else client_ref
