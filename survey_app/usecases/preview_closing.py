"""What would a closing set off: what is asked, when, over which channel, or why not?

The closing is really carried out, inside a savepoint that is rolled back: so the preview cannot
drift away from what happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.channel_choice import ChannelChoice, choose_channel
from survey_app.domain.closings import Closing
from survey_app.domain.readings_due import WantedReading
from survey_app.domain.requests import OPEN_STATES, Channel, Wave
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.tiers import NotEligibleReason
from survey_app.domain.wave_plans import Leave, WhyNot
from survey_app.domain.waves import plan_wave
from survey_app.reporting.desk_readings import readings_of_case
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.programmes import Programmes
from survey_app.store.request_plans import case_facts
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.case_work import Overtaken, Worker
from survey_app.usecases.close_case import NotClosed, close_case


@dataclass(frozen=True)
class WouldAsk:
    """What the person would be asked. `choice`: the rule's word on each channel at that time."""

    instruments: tuple[str, ...]
    due_on: date
    asked_at: datetime
    choice: ChannelChoice
    reminder_days: tuple[int, ...]


@dataclass(frozen=True)
class ClosingPreview:
    """What a closing would set off."""

    asks: WouldAsk | None
    not_asked: WhyNot | NotEligibleReason | None
    ends: tuple[str, ...]
    """Waves whose open request would end."""
    reading: WantedReading | None
    """The closure reading that the programme wants, where one is wanted."""


def preview_closing(
    session: Session,
    service: Service,
    case_ref: str,
    closing: Closing,
    worker: Worker,
    *,
    seen: Mapping[str, str],
) -> ClosingPreview | NotClosed | Overtaken:
    """Say what `close_case` would do with the same arguments; nothing is kept."""
    savepoint = session.begin_nested()
    try:
        open_before = _open_waves(session, service.id, case_ref)
        outcome = close_case(session, service, case_ref, closing, worker, seen=seen)
        if not isinstance(outcome, Case):
            return outcome
        return _look(session, service, outcome, worker, open_before)
    finally:
        savepoint.rollback()


def _look(
    session: Session, service: Service, case: Case, worker: Worker, open_before: set[str]
) -> ClosingPreview:
    requests = {
        request.wave: request
        for request in session.scalars(
            select(SurveyRequest).where(
                SurveyRequest.case_id == case.id, SurveyRequest.state.in_(OPEN_STATES)
            )
        )
    }
    asked = requests.get(Wave.CLOSURE)
    programme = Programmes.of(session, service.id).in_force
    action = plan_wave(Wave.CLOSURE, case_facts(case), programme, worker.today, None)
    wanted = readings_of_case(session, case, programme, worker.today)
    return ClosingPreview(
        asks=None if asked is None else _would_ask(session, asked, worker.now),
        not_asked=action.reason if asked is None and isinstance(action, Leave) else None,
        ends=tuple(sorted(open_before - requests.keys())),
        reading=next((each for each in wanted if each.wave is Wave.CLOSURE), None),
    )


def _would_ask(session: Session, request: SurveyRequest, now: datetime) -> WouldAsk:
    at = max(now, request.due_at)
    choice = choose_channel(
        [Channel(channel) for channel in request.channels],
        None,
        contact_facts(session, [request.id])[request.id],
        at,
        was_asked=False,
    )
    return WouldAsk(
        instruments=tuple(key for key, _ in request.instruments),
        due_on=request.due_at.astimezone(LONDON).date(),
        asked_at=at,
        choice=choice,
        reminder_days=tuple(request.reminder_days),
    )


def _open_waves(session: Session, service_id: int, case_ref: str) -> set[str]:
    return set(
        session.scalars(
            select(SurveyRequest.wave)
            .join(Case, Case.id == SurveyRequest.case_id)
            .where(
                Case.service_id == service_id,
                Case.case_ref == case_ref,
                SurveyRequest.state.in_(OPEN_STATES),
            )
        )
    )
