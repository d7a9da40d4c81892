"""Which numbers will a later batch of this file give to somebody else?

Rows land in batches, and texts go between them, or the import is killed. A number that two people
of one file share is shared from its first batch on (FORMATS-INTAKE.md, section 4, landing).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from survey_app.domain.case_file import CaseRow

_DIGITS = 10
"""So many digits tell British numbers apart, however they are written."""


class RowToCome(NamedTuple):
    """A sound row of a later batch, with the number that somebody else has in an earlier one."""

    case_ref: str
    client_ref: str | None
    line: int
    mobile: str


@dataclass
class NumbersToCome:
    """Gathered while a file is read; `rows` are the last ones of each number, of another person
    than the first."""

    rows: dict[str, RowToCome] = field(default_factory=dict)
    _first: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, row: CaseRow, batch: int) -> None:
        """Take in a sound row and the number of its batch."""
        mobile = row.safety.get("mobile")
        if not mobile:
            return
        digits = "".join(filter(str.isdecimal, mobile))[-_DIGITS:]
        whose = row.client_ref or f"\0{row.case_ref}"
        first, of_batch = self._first.setdefault(digits, (whose, batch))
        if first != whose and of_batch != batch:
            self.rows[digits] = RowToCome(row.case_ref, row.client_ref, row.line, mobile)
