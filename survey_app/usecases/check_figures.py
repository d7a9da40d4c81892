"""Are the rows that figures are counted from those that the recorded cases and answers make?

Every figure is a count of case facts, answer facts and pairs, so this is the proof that they are
figures of what was recorded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey_app.store.answer_facts import AnswerFact, answer_fact_rows
from survey_app.store.case_facts import CaseFact, batches, case_fact_rows
from survey_app.store.cases import Case
from survey_app.usecases.check_pairs import check_pairs

Done = Callable[[int, int], object]
"""Hears how many of how many cases are behind it."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class FigureDifference:
    """A row that is not as it should be; `columns` is empty where it is missing or too many."""

    case_ref: str
    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class FigureCheck:
    """How many cases were compared, and what differs."""

    cases: int
    differences: tuple[FigureDifference, ...]


def check_figures(session: Session, service_ids: Sequence[int], done: Done) -> FigureCheck:
    """Compare every row that these services' figures are counted from; changes nothing."""
    refs = {
        row.id: row.case_ref
        for row in session.execute(
            select(Case.id, Case.case_ref).where(Case.service_id.in_(service_ids))
        )
    }
    pairs = check_pairs(session, service_ids, lambda _behind, _of: None)
    found = [FigureDifference(one.case_ref, "pairs", one.columns) for one in pairs.differences]
    behind = 0
    for batch in batches(refs):
        for table, rebuilt in _TABLES:
            found += _differences(session, refs, table, rebuilt, batch)
        behind += len(batch)
        done(behind, len(refs))
    return FigureCheck(len(refs), tuple(found))


_TABLES: tuple[tuple[Any, Select[Any]], ...] = (
    (CaseFact.__table__, case_fact_rows()),
    (AnswerFact.__table__, answer_fact_rows()),
)
"""Each table of facts, and its rows as they should be."""


def _differences(
    session: Session,
    refs: Mapping[int, str],
    table: Any,
    rebuilt: Select[Any],
    case_ids: list[int],
) -> Iterator[FigureDifference]:
    keys = [column.name for column in table.primary_key]

    def by_key(query: Select[Any]) -> dict[tuple[Any, ...], Row]:
        return {
            tuple(row[key] for key in keys): row
            for row in session.execute(query, {"case_ids": case_ids}).mappings()
        }

    are = by_key(select(*table.c).where(table.c.case_id.in_(case_ids)))
    should = by_key(rebuilt)
    for key in sorted(are.keys() | should.keys()):
        one, other = are.get(key), should.get(key)
        case_id = (one or other or {})["case_id"]
        if one is None or other is None:
            yield FigureDifference(refs[case_id], table.name, ())
        elif differing := tuple(name for name in one if one[name] != other[name]):
            yield FigureDifference(refs[case_id], table.name, differing)
