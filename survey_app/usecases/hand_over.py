"""The worker hands a tablet to the person, who answers on it; then the tablet is given back.

Asked in person, so the contact rule is asked for that channel, at this moment, and its answer is
kept like any other. Handing over is asking and reaching in one.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import OPEN_STATES, Channel, RequestState, Wave
from survey_app.domain.safe_contact import Outcome, Refusal, judge
from survey_app.domain.wave_plans import RequestPlan
from survey_app.domain.waves import closure_in_person
from survey_app.messaging.outbox import cancel_queued
from survey_app.messaging.tokens import new_token
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.decisions import record_decision
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.request_plans import case_facts, new_request
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.services import Service, programme_in_force

SELF_ASSESSMENT = "self-assessment"
OPEN_FOR = timedelta(days=28)
"""How long a request made for a hand-over can be answered: as in the standard programme."""
HANDED_OVER = "handed-over"
"""Why queued texts were taken back: the person has the questions in their hands."""


@dataclass(frozen=True)
class HandedOver:
    """The link to show on the tablet, and what to take back with it."""

    request_id: int
    token_id: int
    token: str


@dataclass(frozen=True)
class NotHandedOver:
    """Why not. `refusal` None: there is nothing left to ask in this case."""

    refusal: Refusal | None


def hand_over(
    session: Session, case: Case, *, account_id: int, now: datetime
) -> HandedOver | NotHandedOver:
    """Open a link to what this case is to be asked, for the tablet in the person's hands.

    The open request that is due first, also before its day; where there is none, a closed case is
    asked what its programme asks at the end, else a self-assessment for the wave that has had no
    request yet. Texts that wait for the same request are taken back.
    """
    request = _open_request(session, case, now) or _new_request(session, case, now)
    if request is None:
        return NotHandedOver(None)
    session.flush()
    refusal = _asked_the_rule(session, request, now)
    if refusal is not None:
        return NotHandedOver(refusal)
    if request.state == RequestState.WAITING:
        request.state = RequestState.ASKED
    request.is_contactable = True
    request.deferred_until = None
    request.handed_over_at = request.handed_over_at or now
    request.reached_at = request.reached_at or now
    cancel_queued(session, request_ids=[request.id], reason=HANDED_OVER, now=now)
    token, clear = new_token(session, request.id, now)
    write_audit(
        session,
        at=now,
        actor="staff",
        action="hand-over",
        subject="request",
        subject_id=request.id,
        service_id=case.service_id,
        account_id=account_id,
        details={"case_id": case.id, "wave": request.wave},
    )
    return HandedOver(request.id, token.id, clear)


def give_back(session: Session, token_id: int, now: datetime) -> None:
    """Make the tablet's link lead nowhere, so that its history opens nothing."""
    session.execute(
        update(LinkToken)
        .where(LinkToken.id == token_id, LinkToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def next_to_ask(session: Session, case: Case, now: datetime) -> Wave | None:
    """The wave that a hand-over would ask now; None where nothing is left."""
    request = _open_request(session, case, now)
    if request is not None:
        return Wave(request.wave)
    found = _free_wave(session, case, now)
    return None if found is None else found[0]


def _open_request(session: Session, case: Case, now: datetime) -> SurveyRequest | None:
    return session.scalars(
        select(SurveyRequest)
        .where(
            SurveyRequest.case_id == case.id,
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.expires_at > now,
        )
        .order_by(SurveyRequest.due_at, SurveyRequest.id)
        .limit(1)
        .with_for_update()
    ).first()


def _free_wave(session: Session, case: Case, now: datetime) -> tuple[Wave, RequestPlan, int] | None:
    """A wave that may be asked, what of, and the programme version: a case is asked once a wave.

    A closed one is asked at closure what its programme asks (its tier stands in the ladder), or,
    where that is nothing, how things go on.
    """
    version = programme_in_force(session, case.service_id)
    if version is None:
        return None
    taken = set(session.scalars(select(SurveyRequest.wave).where(SurveyRequest.case_id == case.id)))
    today = london_day(now)
    if case.closed_on is None:
        free = next((wave for wave in (Wave.BASELINE, Wave.REVIEW) if wave not in taken), None)
        return None if free is None else (free, _self_assessment(today), version.id)
    if Wave.CLOSURE not in taken:
        programme = Programme.model_validate(version.content)
        plan = closure_in_person(case_facts(case), programme, today)
        if plan is not None and plan.instruments:
            return Wave.CLOSURE, plan, version.id
    if Wave.FOLLOW_UP in taken:
        return None
    return Wave.FOLLOW_UP, _self_assessment(today), version.id


def _self_assessment(today: date) -> RequestPlan:
    return RequestPlan(
        tier=None,
        instruments=(SELF_ASSESSMENT,),
        reading=None,
        channels=(Channel.IN_PERSON,),
        due_on=today,
        expires_on=today + OPEN_FOR,
        reminders=(),
    )


def _new_request(session: Session, case: Case, now: datetime) -> SurveyRequest | None:
    found = _free_wave(session, case, now)
    if found is None:
        return None
    request = new_request(case, *found, now)
    service = session.get_one(Service, case.service_id)
    asked = {(key, version_of) for key, version_of in request.instruments}
    snapshot_instruments(session, service, asked, now)
    session.add(request)
    return request


def _asked_the_rule(session: Session, request: SurveyRequest, now: datetime) -> Refusal | None:
    """Why the person may not be asked face to face; the decision is kept either way."""
    facts = contact_facts(session, [request.id])[request.id]
    verdict = judge(Channel.IN_PERSON, facts, now)
    record_decision(session, request, Channel.IN_PERSON, verdict, facts, now)
    return None if verdict.outcome is Outcome.YES else verdict.reason
