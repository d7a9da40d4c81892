"""What does one record of a file ask for towards care, whatever else is wrong with it?

The care pass (FORMATS-INTAKE.md, section 3): each care cell is read alone, as said, as nothing, or
as unreadable. What was said may then only tighten; what nobody can read holds the person.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from survey_app.domain.care_words import by_care
from survey_app.domain.case_file_columns import CARE_COLUMNS, COLUMNS, YES_NO_COLUMNS
from survey_app.domain.cases import ClosureReason, Flag
from survey_app.domain.contact_facts import flags_meant
from survey_app.domain.file_cells import NO_FLAGS

HOURS_COLUMNS: Final = ("safe_days", "safe_from", "safe_until")
UNREADABLE_WORD: Final = "unreadable"
"""Stands in a held row for the word of a care cell that nobody could read."""


@dataclass(frozen=True, slots=True)
class Care:
    """What the care cells of one record say, by column; and which of them nobody can read."""

    said: Mapping[str, Any]
    unreadable: tuple[str, ...] = ()

    @property
    def mobile(self) -> str | None:
        """The number as typed, where one was."""
        return self.said.get("mobile")

    @property
    def born(self) -> date | None:
        """The birth date, however impossible."""
        return self.said.get("date_of_birth")

    def flags(self, sensitive_crimes: Mapping[str, str]) -> frozenset[Flag]:
        """The flags that were said, and the one that the crime category counts as here."""
        said = self.said.get("flags") or NO_FLAGS
        flags = frozenset() if said == NO_FLAGS else frozenset(map(Flag, said.split(";")))
        return flags_meant(flags, self.said.get("crime_category"), sensitive_crimes)

    def careful_words(self, sensitive_crimes: Mapping[str, str]) -> dict[str, str]:
        """What asks for more care than silence, by column, in codes; no number, no birth date."""
        words = {
            column: str(word)
            for column in YES_NO_COLUMNS
            if (word := self.said.get(column)) and word is not by_care(column)[-1]
        }
        for column in HOURS_COLUMNS:
            if hour := self.said.get(column):
                words[column] = hour if isinstance(hour, str) else f"{hour:%H:%M}"
        if flags := self.flags(sensitive_crimes):
            words["flags"] = ";".join(sorted(flags))
        if self.said.get("closure_reason") is ClosureReason.TRANSFERRED:
            words["closure_reason"] = ClosureReason.TRANSFERRED.value
        for column in self.unreadable:
            # Of flags some may be read beside one that is not: these stay.
            read = words.get(column) if column == "flags" else None
            words[column] = f"{read};{UNREADABLE_WORD}" if read else UNREADABLE_WORD
        return words


def read_care(cells: Mapping[str, str]) -> Care:
    """Read every care cell of a record alone; `cells` in their one form, by known column."""
    said: dict[str, Any] = {}
    unreadable: list[str] = []
    for column in CARE_COLUMNS:
        read = COLUMNS[column].care
        if not (cell := cells.get(column)) or read is None:
            continue
        word = read(cell)
        if word.said is not None:
            said[column] = word.said
        if word.is_unreadable:
            unreadable.append(column)
    if "safe_from" in said and said["safe_from"] == said.get("safe_until"):
        # A window that never opens: who meant "any time" would never be asked again.
        del said["safe_from"], said["safe_until"]
        unreadable.append("safe_until")
    return Care(said, tuple(sorted(unreadable)))


def united_words(one: Mapping[str, str], other: Mapping[str, str]) -> dict[str, str]:
    """The words of two rows of one case together, the most careful of each column.

    Of hours, which have no such order, those of the later row (`other`) stand.
    """
    united = {**one, **other}
    for column in one.keys() & other.keys():
        united[column] = _more_careful(column, (one[column], other[column]))
    return united


def _more_careful(column: str, words: Sequence[str]) -> str:
    if column == "flags":
        return ";".join(sorted({flag for said in words for flag in said.split(";")}))
    if UNREADABLE_WORD in words:
        return UNREADABLE_WORD
    if column in YES_NO_COLUMNS:
        return min(words, key=[str(word) for word in by_care(column)].index)
    return words[-1]


def most_careful_of(column: str, words: Iterable[str | None]) -> str | None:
    """The most careful word of a yes/no column among these; one that nobody can read is a doubt."""
    order = [str(word) for word in by_care(column)]
    said = [order[1] if word == UNREADABLE_WORD else word for word in words if word]
    return min(said, key=order.index, default=None)
