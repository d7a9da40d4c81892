"""May a text go to this person now? The contact rule's own word, without keeping a decision."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.requests import Channel, RequestState
from survey_app.domain.safe_contact import Verdict, judge
from survey_app.reporting.desk_case import case_requests
from survey_app.store.cases import Case
from survey_app.store.contact_facts import contact_facts
from survey_app.store.requests import SurveyRequest


def judge_texts(session: Session, case: Case, now: datetime) -> list[tuple[SurveyRequest, Verdict]]:
    """The rule's word on a text at `now`, for each request of the case that is open."""
    requests = [r for r in case_requests(session, case.id) if RequestState(r.state).is_open]
    facts = contact_facts(session, [request.id for request in requests])
    return [(request, judge(Channel.SMS, facts[request.id], now)) for request in requests]
