"""Give cases the requests that their programme asks for: made, changed, ended or revived.

Called wherever a case arrives or changes. What is to happen is `domain.waves`' answer; here it is
carried out, for many cases in a constant number of queries.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason, RequestState, Wave
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.wave_plans import (
    PLANNED_WAVES,
    Action,
    Create,
    End,
    Leave,
    Revive,
    Update,
    WhyNot,
)
from survey_app.domain.waves import plan_wave
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.programmes import Programmes
from survey_app.store.request_plans import case_facts, change_plan, existing_request, new_request
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.services import Service
from survey_app.usecases.decide_contact import decide_contacts
from survey_app.usecases.refresh_pairs import refresh_pairs


@dataclass
class PlanCounts:
    """What planning did. `too_late` counts cases that history kept from being asked at some wave.

    `not_asked` counts, by reason, what was left as it is.
    """

    created: int = 0
    updated: int = 0
    ended: int = 0
    revived: int = 0
    too_late: int = 0
    not_asked: Counter[str] = field(default_factory=Counter)


def plan_requests(
    session: Session, service: Service, case_ids: Collection[int], today: date, now: datetime
) -> PlanCounts:
    """Plan every wave of these cases of a service on the London day `today`.

    Whatever is made, changed or revived is decided on at once, so that staff see early who may not
    be asked and why; ended requests take their queued texts back.
    """
    session.flush()
    planning = _Planning.begin(session, service, case_ids, today, now)
    for case in planning.cases:
        planning.plan(case)
    planning.finish()
    return planning.counts


@dataclass
class _Planning:
    session: Session
    service: Service
    today: date
    now: datetime
    cases: list[Case]
    requests: dict[tuple[int, str], SurveyRequest]
    answered: set[int]
    programmes: Programmes
    counts: PlanCounts = field(default_factory=PlanCounts)
    asking: list[SurveyRequest] = field(default_factory=list)
    ended: list[SurveyRequest] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        session: Session,
        service: Service,
        case_ids: Collection[int],
        today: date,
        now: datetime,
    ) -> "_Planning":
        cases = session.scalars(
            select(Case)
            .where(Case.id.in_(case_ids), Case.service_id == service.id)
            .order_by(Case.id)
        ).all()
        requests = session.scalars(
            select(SurveyRequest).where(SurveyRequest.case_id.in_(case_ids))
        ).all()
        return cls(
            session=session,
            service=service,
            today=today,
            now=now,
            cases=list(cases),
            requests={(request.case_id, request.wave): request for request in requests},
            answered=_answered(session, [request.id for request in requests]),
            programmes=Programmes.of(session, service.id),
        )

    def plan(self, case: Case) -> None:
        actions = {wave: self._action(case, wave) for wave in PLANNED_WAVES}
        self.counts.too_late += Leave(WhyNot.TOO_LATE) in actions.values()
        for wave, action in actions.items():
            self._carry_out(case, wave, action)

    def _action(self, case: Case, wave: Wave) -> Action:
        request = self.requests.get((case.id, wave))
        if request is None:
            return plan_wave(wave, case_facts(case), self.programmes.in_force, self.today, None)
        programme = self.programmes.by_id[request.programme_version_id]
        existing = existing_request(request, has_answers=request.id in self.answered)
        return plan_wave(wave, case_facts(case), programme, self.today, existing)

    def _carry_out(self, case: Case, wave: Wave, action: Action) -> None:
        if isinstance(action, Leave):
            self.counts.not_asked[action.reason] += 1
        elif isinstance(action, Create):
            self._create(case, wave, action)
        elif isinstance(action, End):
            self._end(self.requests[case.id, wave], action.reason)
        else:
            self._change(self.requests[case.id, wave], action)

    def _create(self, case: Case, wave: Wave, action: Create) -> None:
        if not action.plan.instruments:
            # A reading alone has no link: it is the caseworker's, and no request of the person.
            return
        request = new_request(case, wave, action.plan, self.programmes.in_force_id, self.now)
        self.session.add(request)
        self.asking.append(request)
        self.counts.created += 1

    def _change(self, request: SurveyRequest, action: Update | Revive) -> None:
        change_plan(request, action.plan)
        if isinstance(action, Revive):
            request.state = action.state
            request.end_reason, request.ended_at = None, None
            self.counts.revived += 1
        else:
            self.counts.updated += 1
        self.asking.append(request)

    def _end(self, request: SurveyRequest, reason: EndReason) -> None:
        request.state = RequestState.WITHDRAWN
        request.end_reason, request.ended_at = reason, self.now
        request.deferred_until = None
        self.ended.append(request)
        self.counts.ended += 1

    def finish(self) -> None:
        used = {(key, version) for request in self.asking for key, version in request.instruments}
        if used:
            snapshot_instruments(self.session, self.service, used, self.now)
        if self.ended:
            self._settle_ended()
        if self.asking:
            # What was queued under the former plan is asked anew when it is due.
            stale = [request.id for request in self.asking if request.id is not None]
            cancel_queued(self.session, request_ids=stale, reason="plan-changed", now=self.now)
            decide_contacts(self.session, self.asking, self.now)
        self.session.flush()

    def _settle_ended(self) -> None:
        """Take queued texts back; what was answered before a closing counts from today."""
        ids = [request.id for request in self.ended]
        cancel_queued(self.session, request_ids=ids, reason="request-withdrawn", now=self.now)
        responses = self.session.scalars(
            select(Response).where(Response.request_id.in_(ids), Response.counts_on.is_(None))
        ).all()
        for response in responses:
            response.counts_on = self.now.astimezone(LONDON).date()
        if responses:
            self.session.flush()
            refresh_pairs(self.session, {response.case_id for response in responses})


def _answered(session: Session, request_ids: Collection[int]) -> set[int]:
    """The requests of which at least one question was answered."""
    found = session.scalars(
        select(Response.request_id)
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.request_id.in_(request_ids), Answer.is_skipped.is_(False))
        .distinct()
    )
    return {request_id for request_id in found if request_id is not None}
