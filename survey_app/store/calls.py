"""Who was rung for which request, how did it end, and who is ringing now?"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.domain.calls import CallOutcome, PastCall
from survey_app.store.base import Base, OfService
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import RequestNotFound, SurveyRequest


class Call(OfService, Base):
    """One call that an interviewer made, and how it ended. Append-only."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_request", "request_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    at: Mapped[datetime]
    """When its outcome was written down."""
    outcome: Mapped[str]
    call_back_at: Mapped[datetime | None]


class CallTurn(OfService, Base):
    """Who has a request's call to themselves, so that two do not ring at once."""

    __tablename__ = "call_turns"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    taken_at: Mapped[datetime]
    until: Mapped[datetime]
    """From then on anyone may take it."""


def past_calls(session: Session, request_ids: Collection[int]) -> dict[int, list[PastCall]]:
    """The calls of each of these requests, oldest first; requests without calls are left out."""
    found: defaultdict[int, list[PastCall]] = defaultdict(list)
    rows = session.scalars(
        select(Call).where(Call.request_id.in_(request_ids)).order_by(Call.id)
    ).all()
    for row in rows:
        found[row.request_id].append(PastCall(row.at, CallOutcome(row.outcome), row.call_back_at))
    return dict(found)


def turns_under_way(
    session: Session, request_ids: Collection[int], now: datetime
) -> dict[int, CallTurn]:
    """The turns that hold at `now`, by request id."""
    rows = session.scalars(
        select(CallTurn).where(CallTurn.request_id.in_(request_ids), CallTurn.until > now)
    )
    return {turn.request_id: turn for turn in rows}


def lock_for_call(
    session: Session, service_id: int, request_id: int
) -> tuple[Person, SurveyRequest, Case]:
    """The request with its person and case, held until the transaction ends, or `RequestNotFound`.

    The person first, as a text's claim and a change of safety details lock them: whichever comes
    second sees what the first one did.
    """
    person = session.scalar(
        select(Person)
        .join(Case, Case.person_id == Person.id)
        .join(SurveyRequest, SurveyRequest.case_id == Case.id)
        .where(SurveyRequest.id == request_id, SurveyRequest.service_id == service_id)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise RequestNotFound(request_id)
    request, case = session.execute(
        select(SurveyRequest, Case)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(SurveyRequest.id == request_id)
        .with_for_update(of=SurveyRequest)
        .execution_options(populate_existing=True)
    ).one()
    return person, request, case
