"""Which readings has a case, with their notes, and how did each come to stand as it does?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, selectinload

from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.readings import AreaNotes, gaps
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.reporting.snapshots import stored_instruments
from survey_app.store.readings import ReadingCorrection, ReadingNote
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot
from survey_app.store.staff import StaffAccount


class ReadingNotFound(Exception):
    """The case has no reading of this id."""


@dataclass(frozen=True)
class Correction:
    """Who put another reading in this one's place, when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Reading:
    """One recorded reading; `scores` by item id, those without a value left out."""

    id: int
    instrument: Instrument
    wave: Wave
    on: date
    scored_by: ScoredBy | None
    is_retrospective: bool
    scorer: str
    codes: dict[str, str]
    notes: dict[str, AreaNotes]
    superseded_by_id: int | None
    correction: Correction | None
    """Why it was put in another's place; None: it was recorded as it stands."""

    @property
    def scores(self) -> dict[str, int]:
        """The values by item id."""
        items = {item.id: item for item in self.instrument.items}
        return {
            area: items[area].values[code]
            for area, code in self.codes.items()
            if area in items and code in items[area].values
        }


@dataclass(frozen=True)
class Occasion:
    """The readings of one wave and day that stand, together before worker before client."""

    wave: Wave
    on: date
    readings: tuple[Reading, ...]

    @property
    def gaps(self) -> dict[str, int]:
        """By how many steps the person scored above the worker, where both scored apart."""
        by = {reading.scored_by: reading for reading in self.readings}
        worker, client = by.get(ScoredBy.WORKER), by.get(ScoredBy.CLIENT)
        return gaps(worker.scores, client.scores) if worker and client else {}


_ORDER = (ScoredBy.TOGETHER, ScoredBy.WORKER, ScoredBy.CLIENT)


def list_readings(session: Session, case_id: int) -> list[Reading]:
    """Every reading of a case, superseded ones too, oldest day first."""
    responses = session.scalars(
        select(Response)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(Response.case_id == case_id, InstrumentSnapshot.kind == InstrumentKind.STAR)
        .options(selectinload(Response.answers))
        .order_by(Response.counts_on, Response.id)
    ).all()
    instruments = stored_instruments(session, [InstrumentKind.STAR])
    ids = [response.id for response in responses]
    notes, corrections = _notes(session, ids), _corrections(session, ids)
    accounts = {r.scorer_id for r in responses} - {None}
    names = _names(session, {account for account in accounts if account is not None})
    return [
        Reading(
            id=response.id,
            instrument=instruments[response.instrument_id],
            wave=Wave(response.wave),
            on=response.counts_on or response.started_at.date(),
            scored_by=ScoredBy(response.scored_by) if response.scored_by else None,
            is_retrospective=response.is_retrospective,
            scorer=names.get(response.scorer_id or 0, ""),
            codes={answer.item: answer.code for answer in response.answers if answer.code},
            notes=notes[response.id],
            superseded_by_id=response.superseded_by_id,
            correction=corrections.get(response.id),
        )
        for response in responses
    ]


def get_reading(session: Session, case_id: int, response_id: int) -> Reading:
    """The reading of this id. Raises ReadingNotFound."""
    for reading in list_readings(session, case_id):
        if reading.id == response_id:
            return reading
    raise ReadingNotFound(response_id)


def occasions(readings: list[Reading]) -> list[Occasion]:
    """The readings that stand, grouped by wave and day, oldest first."""
    found: dict[tuple[Wave, date], list[Reading]] = defaultdict(list)
    for reading in readings:
        if reading.superseded_by_id is None:
            found[reading.wave, reading.on].append(reading)
    return [
        Occasion(wave, on, tuple(sorted(together, key=_rank)))
        for (wave, on), together in sorted(found.items(), key=lambda pair: pair[0][1])
    ]


def _rank(reading: Reading) -> int:
    return len(_ORDER) if reading.scored_by is None else _ORDER.index(reading.scored_by)


def _notes(session: Session, ids: list[int]) -> dict[int, dict[str, AreaNotes]]:
    found: dict[int, dict[str, AreaNotes]] = defaultdict(dict)
    for row in session.scalars(select(ReadingNote).where(ReadingNote.response_id.in_(ids))):
        found[row.response_id][row.area] = AreaNotes(
            row.note or "", row.action or "", row.is_priority
        )
    return found


def _corrections(session: Session, ids: list[int]) -> dict[int, Correction]:
    rows: list[Row[tuple[ReadingCorrection, str, str]]] = list(
        session.execute(
            select(ReadingCorrection, StaffAccount.name, StaffAccount.email)
            .join(StaffAccount, StaffAccount.id == ReadingCorrection.account_id)
            .where(ReadingCorrection.response_id.in_(ids))
        )
    )
    return {
        row.response_id: Correction(name or email, row.corrected_at, row.reason)
        for row, name, email in rows
    }


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    rows = session.execute(
        select(StaffAccount.id, StaffAccount.name, StaffAccount.email).where(
            StaffAccount.id.in_(ids)
        )
    )
    return {account_id: name or email for account_id, name, email in rows}
