"""A reading is recorded: it counts from its day, and the case's pairs are made anew."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.periods import london_day
from survey_app.domain.readings import (
    Faulty,
    ReadingFault,
    ReadingGiven,
    answers_of,
    reading_faults,
)
from survey_app.domain.requests import Mode
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.readings import ReadingNote
from survey_app.store.responses import Answer, Response
from survey_app.usecases.import_responses.ending import instant_on
from survey_app.usecases.readings.drafts import erase_draft
from survey_app.usecases.readings.star import Star, star_snapshot
from survey_app.usecases.refresh_pairs import refresh_pairs

LANGUAGE = "en"
"""Readings are scored on staff pages, which are in English."""

Faults = tuple[Faulty, ...]


def record_reading(
    session: Session, case: Case, star: Star, given: ReadingGiven, *, account_id: int, now: datetime
) -> Response | Faults:
    """Keep a reading, or say all that is wrong with it.

    Worker and person may each score one day: both are kept. The same scorer's second reading of a
    wave and day is refused: what was recorded is corrected, not recorded again.
    """
    lock_case(session, case)
    faults = faults_of(case, star, given, now)
    if not faults and _is_recorded(session, case, star.instrument, given):
        faults = (Faulty(ReadingFault.ALREADY_RECORDED),)
    if faults:
        return faults
    response = keep_reading(session, case, star.instrument, given, account_id=account_id, now=now)
    erase_draft(session, case.id, given.wave, account_id=account_id)
    _audit(session, response, given, account_id, now)
    refresh_pairs(session, [case.id])
    return response


def lock_case(session: Session, case: Case) -> None:
    """Whoever else records in this case waits: two saves at once become one after the other."""
    session.execute(select(Case.id).where(Case.id == case.id).with_for_update())


def faults_of(case: Case, star: Star, given: ReadingGiven, now: datetime) -> Faults:
    """All that is wrong with a reading of this case by itself."""
    if not star.is_licensed:
        return (Faulty(ReadingFault.LICENCE_NOT_RECORDED),)
    return reading_faults(
        star.instrument, given, referred_on=case.referred_on, today=london_day(now)
    )


def keep_reading(
    session: Session,
    case: Case,
    instrument: Instrument,
    given: ReadingGiven,
    *,
    account_id: int,
    now: datetime,
) -> Response:
    """Write a sound reading with its notes; flushed."""
    day = _day(given)
    at = instant_on(day, now)
    response = Response(
        service_id=case.service_id,
        case_id=case.id,
        wave=given.wave,
        instrument_id=star_snapshot(session, case, instrument, now),
        mode=Mode.IN_PERSON,
        language=LANGUAGE,
        started_at=at,
        completed_at=at,
        is_complete=True,
        counts_on=day,
        scored_by=given.scored_by,
        is_retrospective=given.is_retrospective,
        scorer_id=account_id,
        answers=[
            Answer(item=item, code=code, answered_at=at)
            for item, answer in answers_of(instrument, given).items()
            for code in answer.codes
        ],
    )
    session.add(response)
    session.flush()
    session.add_all(_notes(response, given))
    session.flush()
    return response


def _notes(response: Response, given: ReadingGiven) -> list[ReadingNote]:
    return [
        ReadingNote(
            service_id=response.service_id,
            response_id=response.id,
            area=area,
            is_priority=notes.is_priority,
            note=notes.note or None,
            action=notes.action or None,
        )
        for area, notes in given.notes.items()
        if not notes.is_empty
    ]


def _is_recorded(session: Session, case: Case, instrument: Instrument, given: ReadingGiven) -> bool:
    found = session.scalars(
        select(Response)
        .join(Response.instrument)
        .where(
            Response.case_id == case.id,
            Response.wave == given.wave,
            Response.counts_on == _day(given),
            Response.scored_by == given.scored_by,
            Response.is_retrospective == given.is_retrospective,
            Response.superseded_by_id.is_(None),
            Response.instrument.has(key=instrument.key),
        )
    )
    return found.first() is not None


def _day(given: ReadingGiven) -> date:
    if given.on is None:
        raise ValueError("a sound reading has a day")
    return given.on


def _audit(
    session: Session, response: Response, given: ReadingGiven, account_id: int, now: datetime
) -> None:
    write_audit(
        session,
        at=now,
        actor="staff",
        action="record-reading",
        subject="response",
        subject_id=response.id,
        service_id=response.service_id,
        account_id=account_id,
        details={"case_id": response.case_id, "wave": given.wave, "scored_by": given.scored_by},
    )
