"""Somebody on the staff enters a form that was filled in on paper.

It lands as an imported response does (same rows, same pairs, same ending of an open request), with
mode `paper`. What was answered once is not taken a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.paper import PaperAnswers, Question, questions_of
from survey_app.domain.periods import london_day
from survey_app.domain.requests import OPEN_STATES, Mode, Wave
from survey_app.domain.response_file import GivenResponse, Manner, ResponseKey
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot, Service
from survey_app.usecases.import_responses.landing import Arrived, ResponseLanding
from survey_app.usecases.import_responses.tally import ResponseTally
from survey_app.usecases.readings.record import lock_case
from survey_app.usecases.respond.questionnaire import Shelf


class PaperRefusal(StrEnum):
    """Why a form cannot be entered."""

    NOTHING_ANSWERED = "nothing-answered"
    DATE_MISSING = "date-missing"
    BEFORE_REFERRAL = "before-referral"
    IN_THE_FUTURE = "in-the-future"
    ANSWERED_ALREADY = "answered-already"


class NothingAsked(LookupError):
    """The case has no request of this wave, so there is no form of it."""


@dataclass(frozen=True)
class PaperForm:
    """The questions of one case and wave; `is_answered`: they were answered already."""

    request_id: int
    wave: Wave
    instruments: tuple[Instrument, ...]
    is_open: bool
    is_answered: bool

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question with its number."""
        return questions_of(self.instruments)


def paper_form(session: Session, case: Case, wave: Wave) -> PaperForm:
    """The form of this case and wave, in the versions that its request asks. NothingAsked."""
    request = session.scalar(
        select(SurveyRequest).where(SurveyRequest.case_id == case.id, SurveyRequest.wave == wave)
    )
    if request is None:
        raise NothingAsked(case.case_ref, wave)
    versions = tuple((key, version) for key, version in request.instruments)
    questionnaire = Shelf().get(session, versions)
    return PaperForm(
        request_id=request.id,
        wave=wave,
        instruments=questionnaire.instruments,
        is_open=request.state in OPEN_STATES,
        is_answered=_is_answered(session, case.id, wave, [key for key, _ in versions]),
    )


def enter_paper(
    session: Session,
    case: Case,
    wave: Wave,
    said: PaperAnswers,
    *,
    on: date | None,
    language: str,
    account_id: int,
    now: datetime,
) -> PaperRefusal | None:
    """Keep the answers of a form whose entries were all sound, or say why not.

    `on` is the day written on the form. Answers begun over a link stay as they are; the form ends
    that request, as a file would.
    """
    lock_case(session, case)
    refusal = _refusal(session, case, wave, said, on, now)
    if refusal is not None or on is None:
        return refusal
    form = paper_form(session, case, wave)
    service = session.get_one(Service, case.service_id)
    ids = _snapshot_ids(session, form.instruments)
    landing = ResponseLanding(session, service, ids, now, london_day(now), ResponseTally())
    landing.land(
        [
            Arrived(
                ResponseKey(case.case_ref, each.key, each.version, wave, on),
                case.id,
                each,
                GivenResponse(Manner(Mode.PAPER, language, None), said.answers[each.key]),
            )
            for each in form.instruments
            if said.answers.get(each.key)
        ]
    )
    write_audit(
        session,
        at=now,
        actor="staff",
        action="enter-paper",
        subject="case",
        subject_id=case.id,
        service_id=case.service_id,
        account_id=account_id,
        details={"wave": wave, "on": on.isoformat(), "request_id": form.request_id},
    )
    return None


def _refusal(
    session: Session, case: Case, wave: Wave, said: PaperAnswers, on: date | None, now: datetime
) -> PaperRefusal | None:
    if paper_form(session, case, wave).is_answered:
        return PaperRefusal.ANSWERED_ALREADY
    if said.is_blank:
        return PaperRefusal.NOTHING_ANSWERED
    if on is None:
        return PaperRefusal.DATE_MISSING
    if on < case.referred_on:
        return PaperRefusal.BEFORE_REFERRAL
    return PaperRefusal.IN_THE_FUTURE if on > london_day(now) else None


def _is_answered(session: Session, case_id: int, wave: Wave, keys: Sequence[str]) -> bool:
    """Whether a response to one of these instruments was completed at this wave and stands."""
    found = session.scalar(
        select(Response.id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(
            Response.case_id == case_id,
            Response.wave == wave,
            InstrumentSnapshot.key.in_(keys),
            Response.is_complete.is_(True),
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
        )
        .limit(1)
    )
    return found is not None


def _snapshot_ids(
    session: Session, instruments: Sequence[Instrument]
) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(InstrumentSnapshot.key, InstrumentSnapshot.version, InstrumentSnapshot.id).where(
            InstrumentSnapshot.key.in_([each.key for each in instruments])
        )
    )
    return {(key, version): snapshot_id for key, version, snapshot_id in rows}
