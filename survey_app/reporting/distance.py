"""How far has one person come, area by area: first, what lay between, and last?

First, last and what became of them are those of the pairs (`usecases.refresh_pairs`), so that a
case's own page and a quarter's figures cannot differ; the days between come from the answers.
Only for the staff of the case and the person: nothing here is counted, so nothing is suppressed.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.items import Item
from survey_app.domain.outcomes import Change, Move, Standing
from survey_app.reporting.snapshots import newest_by_key, stored_instruments
from survey_app.store.cases import Case
from survey_app.store.pairs import Pair
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot

_KINDS = (InstrumentKind.STAR, InstrumentKind.SELF_ASSESSMENT)
_UP = {Change.IMPROVED.value, Move.INCREASED.value}
_DOWN = {Change.DECLINED.value, Move.DECREASED.value}


@dataclass(frozen=True)
class AreaDistance:
    """One area: `first` None where there is nothing to compare with yet."""

    item: Item
    status: Standing
    first: int | None
    last: int | None
    first_on: date | None
    last_on: date | None
    between: tuple[int, ...]
    """Values of the days between first and last, oldest first."""
    outcome: str | None

    @property
    def label(self) -> str:
        """The area's short name."""
        return self.item.label or self.item.text

    @property
    def is_paired(self) -> bool:
        """Whether there is a first and a last."""
        return self.status is Standing.PAIRED

    @property
    def is_up(self) -> bool:
        """Whether it moved in the good direction."""
        return self.outcome in _UP

    @property
    def is_down(self) -> bool:
        """Whether it moved the other way."""
        return self.outcome in _DOWN


@dataclass(frozen=True)
class Distance:
    """One instrument of one case, its areas in the instrument's order."""

    instrument: Instrument
    areas: tuple[AreaDistance, ...]

    @property
    def paired(self) -> tuple[AreaDistance, ...]:
        """The areas that have a first and a last."""
        return tuple(area for area in self.areas if area.is_paired)


def distances(session: Session, case_id: int) -> list[Distance]:
    """Every instrument of the case that has areas; stars first. Three queries."""
    rows = session.scalars(select(Pair).where(Pair.case_id == case_id)).all()
    newest = newest_by_key(stored_instruments(session, _KINDS))
    values = _values(session, case_id)
    by_place = {(row.instrument, row.area): row for row in rows}
    keys = sorted({row.instrument for row in rows}, key=lambda key: (_rank(newest[key]), key))
    return [
        Distance(
            newest[key],
            tuple(
                _area(item, by_place[key, item.outcome], values.get((key, item.outcome), []))
                for item in newest[key].outcome_items
                if item.outcome is not None and (key, item.outcome) in by_place
            ),
        )
        for key in keys
    ]


def _rank(instrument: Instrument) -> int:
    return _KINDS.index(instrument.kind)


def _area(item: Item, pair: Pair, values: list[tuple[date, int]]) -> AreaDistance:
    first_on, last_on = pair.first_on, pair.last_on
    between = tuple(
        value
        for on, value in values
        if first_on is not None and last_on is not None and first_on < on < last_on
    )
    return AreaDistance(
        item=item,
        status=Standing(pair.status),
        first=pair.first_value,
        last=pair.last_value,
        first_on=first_on,
        last_on=last_on,
        between=between,
        outcome=pair.outcome,
    )


def _values(session: Session, case_id: int) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """Day and value of every counted answer, by instrument and area, oldest first."""
    instruments = stored_instruments(session, _KINDS)
    rows = session.execute(
        select(
            Response.instrument_id,
            Response.counts_on,
            Response.is_retrospective,
            Case.referred_on,
            Answer.item,
            Answer.code,
        )
        .join(Answer, Answer.response_id == Response.id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .join(Case, Case.id == Response.case_id)
        .where(
            Response.case_id == case_id,
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind.in_(_KINDS),
        )
        .order_by(Response.counts_on, Response.id)
    )
    found: dict[tuple[str, str], list[tuple[date, int]]] = defaultdict(list)
    for row in rows:
        instrument = instruments[row.instrument_id]
        item = instrument.find_item(row.item)
        value = item.values.get(row.code) if item is not None else None
        if item is not None and item.outcome is not None and value is not None:
            on = row.referred_on if row.is_retrospective else row.counts_on
            found[instrument.key, item.outcome].append((on, value))
    return {place: sorted(values, key=lambda pair: pair[0]) for place, values in found.items()}
