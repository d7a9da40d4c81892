"""Which cases have a baseline, an ending and a pair of them, for all, each team and worker?

Read from the pair rows that `report` counts, so that for a quarter and an area the figures of all
are the report's own (`paired`, `baseline_only`, `closure_only`; of a star `one_reading_only`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Standing
from survey_app.reporting.marked_cases import CaseGroup, Mark, MarkedCase
from survey_app.reporting.snapshots import area_labels, newest_by_key, stored_instruments
from survey_app.reporting.workers import Worker
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair

KINDS = (InstrumentKind.SELF_ASSESSMENT, InstrumentKind.STAR)

HAS = "has"
BASELINE, CLOSURE, READING, NOTHING = "baseline", "closure", "reading", "nothing"
COLUMNS = {
    InstrumentKind.SELF_ASSESSMENT: (
        BASELINE,
        CLOSURE,
        Standing.PAIRED.value,
        Standing.BASELINE_ONLY.value,
        Standing.CLOSURE_ONLY.value,
        NOTHING,
    ),
    InstrumentKind.STAR: (READING, Standing.PAIRED.value, Standing.ONE_READING.value, NOTHING),
}
"""What a case may have, by kind of instrument, in the order shown."""


@dataclass(frozen=True)
class Measure:
    """What coverage is asked of: one area of one instrument, or any area of any of a kind."""

    kind: InstrumentKind
    instrument: str | None = None
    area: str | None = None

    @property
    def key(self) -> str:
        """As an address carries it."""
        return f"{self.instrument}:{self.area}" if self.instrument else self.kind.value

    @property
    def columns(self) -> tuple[str, ...]:
        """What cases may have of it."""
        return COLUMNS[self.kind]


def measures(session: Session) -> dict[Measure, str | None]:
    """Everything that coverage can be asked of, with the label of an area; one query."""
    newest = newest_by_key(stored_instruments(session, KINDS))
    labels = area_labels(newest.values())
    found: dict[Measure, str | None] = {Measure(kind): None for kind in KINDS}
    for kind in KINDS:
        for (key, area), label in labels.items():
            if newest[key].kind is kind:
                found[Measure(kind, key, area)] = label
    return found


def covered_cases(session: Session, group: CaseGroup, measure: Measure) -> list[MarkedCase]:
    """The cases of a group, each with what it has of a measure: one query.

    In any area a case counts for the most that it has: a pair before a single end. `baseline` and
    `closure` count every case with that end; a pair that ends in a review has no closure.
    """
    return [
        MarkedCase(
            id=row["id"],
            referred_on=row["referred_on"],
            worker=Worker.of(row["caseworker_id"], row["caseworker_text"]),
            arrived_at=row["created_at"],
            marks=frozenset(_marks(row, measure.kind)),
        )
        for row in session.execute(_query(group, measure)).mappings()
    ]


def _query(group: CaseGroup, measure: Measure) -> Select[Any]:
    wanted = [Pair.service_id == group.service_id, Pair.kind == measure.kind]
    if measure.instrument is not None:
        wanted += [Pair.instrument == measure.instrument, Pair.area == measure.area]
    is_paired = Pair.status == Standing.PAIRED
    ends: dict[str, ColumnElement[bool]] = {
        "paired": is_paired,
        "first": or_(is_paired, Pair.status == Standing.BASELINE_ONLY),
        "last": or_(
            and_(is_paired, Pair.is_review_last.is_(False)), Pair.status == Standing.CLOSURE_ONLY
        ),
        "one": Pair.status == Standing.ONE_READING,
    }
    had = (
        select(
            Pair.case_id,
            *(func.max(case((is_so, 1), else_=0)).label(name) for name, is_so in ends.items()),
        )
        .where(*wanted)
        .group_by(Pair.case_id)
        .subquery()
    )
    return (
        select(
            Case.id,
            Case.referred_on,
            Case.created_at,
            Case.caseworker_id,
            Case.caseworker_text,
            *(func.coalesce(had.c[name], 0).label(name) for name in ends),
        )
        .outerjoin(had, had.c.case_id == Case.id)
        .where(*group.conditions)
    )


def _marks(row: Any, kind: InstrumentKind) -> Iterator[Mark]:
    if kind is InstrumentKind.STAR:
        yield HAS, _star_standing(row)
        if row["paired"] or row["one"]:
            yield HAS, READING
        return
    if row["first"]:
        yield HAS, BASELINE
    if row["last"]:
        yield HAS, CLOSURE
    if row["paired"]:
        yield HAS, Standing.PAIRED.value
    elif row["first"]:
        yield HAS, Standing.BASELINE_ONLY.value
    elif row["last"]:
        yield HAS, Standing.CLOSURE_ONLY.value
    else:
        yield HAS, NOTHING


def _star_standing(row: Any) -> str:
    if row["paired"]:
        return Standing.PAIRED.value
    return Standing.ONE_READING.value if row["one"] else NOTHING
