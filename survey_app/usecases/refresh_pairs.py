"""Where did these cases start and end, area by area, and what did they answer?

Makes the pairs, and the facts of survey answers beside them, equal to the answers. Called wherever
a request ends, a reading or an import lands, or a closing changes; running it again changes
nothing, and running it for every case rebuilds the tables.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.orm import Session

from survey_app.domain.comparability import ScaleMark, Versioned, scale_mark, version_pools
from survey_app.domain.instruments import Instrument, InstrumentKind, version_order
from survey_app.domain.items import Item
from survey_app.domain.outcomes import (
    DatedValue,
    Pair,
    Scale,
    Standing,
    classify,
    classify_move,
    make_pair,
    make_star_pair,
)
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.reporting.snapshots import BrokenSnapshotError, stored_instruments
from survey_app.store import pairs as stored
from survey_app.store.answer_facts import refresh_answer_facts
from survey_app.store.case_facts import batches
from survey_app.store.cases import Case
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot
from survey_app.store.stale_facts import mark_stale

PAIRED_KINDS = (InstrumentKind.SELF_ASSESSMENT, InstrumentKind.STAR)

_SCORERS = (ScoredBy.TOGETHER, ScoredBy.WORKER, ScoredBy.CLIENT)


@dataclass(frozen=True)
class _Reading(DatedValue[date]):
    """A value with what the pair row keeps of its response."""

    mode: str
    language: str
    scored_by: str | None


@dataclass(frozen=True)
class _Candidate:
    """The pair that one version of an instrument makes, or several that may be compared."""

    instrument: Instrument
    item: Item
    pair: Pair[date]

    @property
    def rank(self) -> tuple[bool, date, tuple[int, ...]]:
        """Of several versions a pair comes first, then what was said last, then the newest."""
        last = cast(_Reading, self.pair.last)
        is_paired = self.pair.standing is Standing.PAIRED
        return is_paired, last.on, version_order(self.instrument.version)


_Place = tuple[int, str, str]
"""Case, instrument and area."""

_Comparable = tuple[int, Versioned, str, ScaleMark]
"""Case, pool of versions, area and scale: what has all of these alike may stand in one pair."""


def refresh_pairs(session: Session, case_ids: Collection[int]) -> None:
    """Make the pair rows of these cases, and the facts of their survey answers, anew from the
    answers that count; their case facts are made anew with the commit.

    Only equal versions of one instrument are compared, and those that its file calls comparable;
    where a case has several, the one that makes a pair stands for it. Superseded responses do not
    count.
    """
    mark_stale(session, case_ids)
    instruments: Mapping[int, Instrument] = {}
    for batch in batches(case_ids):
        refresh_answer_facts(session, batch)
        readings = _readings(session, batch)
        if readings and not instruments:
            # Reading them costs more than all else here, and many cases have nothing that pairs.
            instruments = stored_instruments(session, PAIRED_KINDS)
        rows = _rows(instruments, readings)
        session.execute(
            delete(stored.Pair)
            .where(stored.Pair.case_id.in_(batch))
            .execution_options(synchronize_session=False)
        )
        if rows:
            session.execute(insert(stored.Pair), rows)


def pair_rows(
    session: Session, instruments: Mapping[int, Instrument], case_ids: list[int]
) -> list[dict[str, Any]]:
    """The rows of `pairs` that the answers of these cases make, by column; nothing is stored."""
    return _rows(instruments, _readings(session, case_ids))


def _rows(
    instruments: Mapping[int, Instrument], readings: Sequence[Row[Any]]
) -> list[dict[str, Any]]:
    services = {row.case_id: row.service_id for row in readings}
    best = _best_candidates(instruments, readings)
    return [
        {"service_id": services[case_id], "case_id": case_id, "area": area, **_row(candidate)}
        for (case_id, _, area), candidate in sorted(best.items())
    ]


def _readings(session: Session, case_ids: list[int]) -> Sequence[Row[Any]]:
    """Every counted answer to an instrument that can pair, in the order of giving."""
    return session.execute(
        select(
            Response.case_id,
            Response.instrument_id,
            Response.wave,
            Response.counts_on,
            Response.mode,
            Response.language,
            Response.scored_by,
            Response.is_retrospective,
            Case.service_id,
            Case.referred_on,
            Answer.item,
            Answer.code,
        )
        .join(Answer, Answer.response_id == Response.id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .join(Case, Case.id == Response.case_id)
        .where(
            Response.case_id.in_(case_ids),
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind.in_(PAIRED_KINDS),
        )
        .order_by(
            Response.counts_on,
            func.coalesce(Response.completed_at, Response.started_at),
            Response.id,
        )
    ).all()


def _best_candidates(
    instruments: Mapping[int, Instrument], rows: Iterable[Row[Any]]
) -> dict[_Place, _Candidate]:
    """The pair that stands for each case, instrument and area, over all its versions."""
    pools = version_pools(instruments.values())
    values: dict[_Comparable, list[_Reading]] = defaultdict(list)
    newest: dict[_Comparable, Instrument] = {}
    for row in rows:
        instrument = instruments[row.instrument_id]
        item = instrument.find_item(row.item)
        if item is not None and item.outcome is not None:
            pool = pools[instrument.key, instrument.version]
            place = row.case_id, pool, item.outcome, scale_mark(item)
            values[place].append(_reading(item, row))
            newest[place] = max(newest.get(place, instrument), instrument, key=_age)
    best: dict[_Place, _Candidate] = {}
    for place, readings in values.items():
        candidate = _candidate(newest[place], place[2], readings)
        if candidate is not None:
            shown = place[0], candidate.instrument.key, place[2]
            best[shown] = max(best.get(shown, candidate), candidate, key=lambda c: c.rank)
    return best


def _age(instrument: Instrument) -> tuple[int, ...]:
    return version_order(instrument.version)


def _reading(item: Item, row: Row[Any]) -> _Reading:
    # A retrospective reading says how it was at the start, whenever it was made.
    on = row.referred_on if row.is_retrospective else row.counts_on
    return _Reading(
        wave=Wave(row.wave),
        on=on,
        value=item.values.get(row.code),
        mode=row.mode,
        language=row.language,
        scored_by=row.scored_by,
    )


def _candidate(instrument: Instrument, area: str, readings: list[_Reading]) -> _Candidate | None:
    """The pair of readings on one scale, judged by the newest version that has one of them."""
    item = next(item for item in instrument.outcome_items if item.outcome == area)
    if instrument.kind is InstrumentKind.STAR:
        pair = make_star_pair(_one_per_occasion(readings))
    else:
        pair = make_pair(readings)
    if pair.standing is Standing.NOTHING:
        return None
    return _Candidate(instrument, item, pair)


def _one_per_occasion(readings: Iterable[_Reading]) -> list[_Reading]:
    """Worker and client may both score one occasion: their difference is no change over time."""
    chosen: dict[tuple[Wave, date], _Reading] = {}
    for reading in readings:
        if reading.value is not None:
            occasion = reading.wave, reading.on
            known = chosen.get(occasion, reading)
            chosen[occasion] = min(reading, known, key=_scorer_rank)
    return list(chosen.values())


def _scorer_rank(reading: _Reading) -> int:
    """What was scored together counts before what one of the two scored alone."""
    return _SCORERS.index(ScoredBy(reading.scored_by)) if reading.scored_by else len(_SCORERS)


def _row(candidate: _Candidate) -> dict[str, Any]:
    pair, item = candidate.pair, candidate.item
    first, last = cast(_Reading, pair.first), cast(_Reading, pair.last)
    has_first = pair.standing not in (Standing.CLOSURE_ONLY, Standing.REVIEW_ONLY)
    has_last = pair.standing not in (Standing.BASELINE_ONLY, Standing.ONE_READING)
    return {
        "kind": candidate.instrument.kind.value,
        "instrument": candidate.instrument.key,
        "status": pair.standing.value,
        "first_value": first.value if has_first else None,
        "last_value": last.value if has_last else None,
        "outcome": _outcome(candidate),
        "has_room": has_first and first.value != item.best,
        "is_review_last": pair.is_review_last,
        "first_on": first.on if has_first else None,
        "last_on": last.on,
        "first_mode": first.mode if has_first else None,
        "last_mode": last.mode,
        "last_language": last.language,
    }


def _outcome(candidate: _Candidate) -> str | None:
    pair = candidate.pair
    if pair.standing is not Standing.PAIRED:
        return None
    first, last = cast(_Reading, pair.first).value, cast(_Reading, pair.last).value
    is_star = candidate.instrument.kind is InstrumentKind.STAR
    judge = classify_move if is_star else classify
    return judge(_scale(candidate.item), cast(float, first), cast(float, last)).value


def _scale(item: Item) -> Scale:
    polarity, change, well = item.polarity, item.minimum_change, item.doing_well_from
    if polarity is None or change is None or well is None:
        raise BrokenSnapshotError(item.id)
    return Scale(polarity, minimum_change=change, doing_well_from=well, best=item.best)
