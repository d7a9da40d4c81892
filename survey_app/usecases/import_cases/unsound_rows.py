"""Which rows of a file do not land, and what do they ask for all the same?

FORMATS-INTAKE.md, section 3: also of a row that is refused each care cell is read alone.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey_app.domain.care import Care, read_care
from survey_app.domain.case_file_people import SaidOfPerson, combine
from survey_app.domain.file_faults import RowFault, RowFaultCode
from survey_app.domain.holds import Contradiction, HoldCause
from survey_app.usecases.csv_files import FileRow
from survey_app.usecases.import_cases.client_facts import ClientFacts
from survey_app.usecases.import_cases.first_look import client_of
from survey_app.usecases.import_cases.held_rows import unreadable
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.row_reading import ReadRow

CareSaid = Mapping[str, Any]
"""Yes/no words and hours by care column, as read."""


@dataclass
class FileCare:
    """What landing has to know: what clients' rows say together, and what unsound rows say.

    By client and, where a row names a known case, by person.
    """

    combined: dict[str, SaidOfPerson] = field(default_factory=dict)
    of_client: defaultdict[str, list[CareSaid]] = field(default_factory=lambda: defaultdict(list))
    of_person: defaultdict[int, list[CareSaid]] = field(default_factory=lambda: defaultdict(list))
    contradictions: defaultdict[str, list[Contradiction]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def unsound(self, person_id: int | None, client_ref: str | None) -> list[CareSaid]:
        """What unsound rows say of a person."""
        found = [*self.of_client.get(client_ref or "", ()), *self.of_person.get(person_id or 0, ())]
        return list({id(said): said for said in found}.values())


@dataclass(frozen=True)
class UnsoundRow:
    """A row that does not land, and what it asks for."""

    row: FileRow
    faults: list[RowFault]
    care: Care
    disagreement: Contradiction | None

    @property
    def case_ref(self) -> str | None:
        """The case it names; where it names its client too, a placeholder is no case."""
        is_nobodys = any(fault.code is RowFaultCode.PLACEHOLDER_KEY for fault in self.faults)
        if is_nobodys and self.client_ref is not None:
            return None
        return self.row.cells.get("case_ref") or None

    @property
    def client_ref(self) -> str | None:
        """The client it names."""
        return client_of(self.row.cells)

    def contradictions(self) -> list[Contradiction]:
        """What holds whoever the row is of, known or not."""
        line, cells = self.row.line, self.row.cells
        found = [unreadable(column, cells[column], line) for column in self.care.unreadable]
        if not self.row.is_in_columns:
            whole = " | ".join(cells.values())
            found.append(Contradiction(HoldCause.ROW_UNREADABLE, "", (whole,), (line,)))
        if self.disagreement is not None:
            found.append(self.disagreement)
        return found


def unsound_row(read: ReadRow) -> UnsoundRow | None:
    """What a refused row asks for; None where nobody can tell whose it is, or where it landed."""
    if not isinstance(read.read, list):
        return None
    cells = read.row.cells
    if not cells.get("case_ref") and client_of(cells) is None:
        return None
    # With broken quotes a row may be cut off: then only its key can be told.
    care = Care({}) if read.row.is_broken and read.row.is_short else read_care(cells)
    return UnsoundRow(read.row, read.read, care, read.disagreement)


def gather(care: FileCare, clients: Mapping[str, ClientFacts], reading: Reading) -> None:
    """Say what the rows of each client say together, once all of them were read."""
    for client_ref, facts in clients.items():
        if facts.said:
            care.combined[client_ref] = combine(facts.said)
        found = facts.contradictions(client_ref, drama_allowed=reading.drama_allowed)
        if found:
            care.contradictions[client_ref] += found
