"""Are the stored pair rows still those that the raw answers make?

The figures are counted from `pairs`, so this is the proof that they are figures of the answers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.reporting.snapshots import stored_instruments
from survey_app.store.case_facts import batches
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair
from survey_app.usecases.refresh_pairs import PAIRED_KINDS, pair_rows, refresh_pairs

COLUMNS = tuple(
    column.name for column in Pair.__table__.columns if column.name not in ("id", "service_id")
)

Done = Callable[[int, int], None]
"""Hears how many of how many cases are behind it."""


@dataclass(frozen=True)
class PairDifference:
    """One row that is not as the answers say; None where the row should not or does not exist."""

    case_ref: str
    instrument: str
    area: str
    stored: dict[str, Any] | None
    rebuilt: dict[str, Any] | None

    @property
    def columns(self) -> tuple[str, ...]:
        """Which columns differ; none where a row is missing or too many."""
        if self.stored is None or self.rebuilt is None:
            return ()
        return tuple(name for name in COLUMNS if self.stored[name] != self.rebuilt[name])


@dataclass(frozen=True)
class PairCheck:
    """How many cases were looked at, how many pair rows their answers make, and what differs."""

    cases: int
    pairs: int
    differences: tuple[PairDifference, ...]


def check_pairs(session: Session, service_ids: Sequence[int], done: Done) -> PairCheck:
    """Compare every pair row of these services with a rebuild from the answers; changes nothing."""
    refs = _case_refs(session, service_ids)
    instruments = stored_instruments(session, PAIRED_KINDS)
    differences: list[PairDifference] = []
    behind = pairs = 0
    for batch in batches(refs):
        rebuilt = {_place(row): row for row in pair_rows(session, instruments, batch)}
        differences += _differences(refs, _stored(session, batch), rebuilt)
        behind, pairs = behind + len(batch), pairs + len(rebuilt)
        done(behind, len(refs))
    return PairCheck(len(refs), pairs, tuple(differences))


def rebuild_pairs(session: Session, service_ids: Sequence[int], done: Done) -> int:
    """Make every pair row of these services anew; how many cases there were."""
    refs = _case_refs(session, service_ids)
    for behind, batch in enumerate(batches(refs), start=1):
        refresh_pairs(session, batch)
        done(min(behind * len(batch), len(refs)), len(refs))
    return len(refs)


def _case_refs(session: Session, service_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Case.id, Case.case_ref).where(Case.service_id.in_(service_ids)).order_by(Case.id)
    )
    return {row.id: row.case_ref for row in rows}


_PairPlace = tuple[int, str, str]


def _place(row: dict[str, Any]) -> _PairPlace:
    return row["case_id"], row["instrument"], row["area"]


def _stored(session: Session, case_ids: list[int]) -> dict[_PairPlace, dict[str, Any]]:
    found = session.execute(
        select(*(getattr(Pair, name) for name in COLUMNS)).where(Pair.case_id.in_(case_ids))
    )
    return {_place(row): row for row in (dict(found_row) for found_row in found.mappings())}


def _differences(
    refs: dict[int, str],
    stored: dict[_PairPlace, dict[str, Any]],
    rebuilt: dict[_PairPlace, dict[str, Any]],
) -> Iterator[PairDifference]:
    for place in sorted(stored.keys() | rebuilt.keys()):
        found = PairDifference(
            refs[place[0]], place[1], place[2], stored.get(place), rebuilt.get(place)
        )
        if found.stored is None or found.rebuilt is None or found.columns:
            yield found
