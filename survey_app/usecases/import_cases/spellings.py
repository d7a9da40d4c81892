"""In which spelling is a text stored that reports count by? Sandwell and SANDWELL are one place.

The spelling that stands stored in the service counts; else the one that the file writes most often.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_columns import CHARACTERISTIC_COLUMNS
from survey_app.store.cases import Case
from survey_app.store.people import Person


@dataclass(frozen=True)
class Spellings:
    """By column: the spellings that give way, and to which."""

    instead: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def adopt(self, row: CaseRow) -> CaseRow:
        """The row in the spellings that are stored."""
        if not self.instead:
            return row
        return replace(row, case=self._adopted(row.case), person=self._adopted(row.person))

    def _adopted(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        others = {
            column: instead[facts[column]]
            for column, instead in self.instead.items()
            if facts.get(column) in instead
        }
        return {**facts, **others} if others else facts


def find_spellings(
    session: Session, service_id: int, written: Mapping[str, Counter[str]]
) -> Spellings:
    """Compare what a file writes with what is stored; a query a column that the file has."""
    found = {
        column: _giving_way(counts, _stored(session, service_id, column))
        for column, counts in written.items()
    }
    return Spellings({column: instead for column, instead in found.items() if instead})


def _giving_way(written: Counter[str], stored: Counter[str]) -> dict[str, str]:
    usual: dict[str, str] = {}
    for counts in (written, stored):
        # The most frequent last, so that it stays; of equally frequent ones the lower case.
        for spelling in sorted(counts, key=lambda text: (counts[text], text)):
            usual[_group(spelling)] = spelling
    return {text: word for text in written if (word := usual[_group(text)]) != text}


def _group(text: str) -> str:
    return " ".join(text.casefold().split())


def _stored(session: Session, service_id: int, column: str) -> Counter[str]:
    model: Any = Person if column in CHARACTERISTIC_COLUMNS else Case
    spelt = getattr(model, column)
    rows = session.execute(
        select(spelt, func.count())
        .where(model.service_id == service_id, spelt.is_not(None))
        .group_by(spelt)
    )
    return Counter({row[0]: row[1] for row in rows})
