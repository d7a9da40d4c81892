"""The staff's first page counts what is its own service's, and what is recent."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState
from survey_app.reporting.desk import desk_counts, first_closing
from survey_app.reporting.staff_texts import Shown, count_texts
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import LinkToken
from tests.alerts import an_alert
from tests.builders import a_case, a_request, a_service
from tests.world import NOON

_numbers = count(1)
LATELY, LONG_AGO = NOON - timedelta(days=6), NOON - timedelta(days=8)


def a_text(session: Session, service, state: MessageState, at=None) -> None:
    n = next(_numbers)
    case = a_case(session, service)
    request = a_request(session, case)
    token = LinkToken(request_id=request.id, token_hash=f"h{n}", key_id="k", created_at=NOON)
    session.add(token)
    session.flush()
    session.add(
        OutboxMessage(
            service_id=service.id,
            request_id=request.id,
            person_id=case.person_id,
            token_id=token.id,
            kind="invitation",
            dedupe_key=f"d{n}",
            state=state,
            due_at=NOON,
            created_at=NOON,
            claimed_at=at,
            sent_at=at,
            provider="simulated",
            language="en",
            segments=1,
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("state", "at", "field", "expected"),
    [
        (MessageState.PENDING, None, "texts_waiting", 1),
        (MessageState.SENDING, LONG_AGO, "texts_waiting", 1),
        (MessageState.ACCEPTED, LATELY, "texts_sent", 1),
        (MessageState.DELIVERED, LATELY, "texts_sent", 1),
        (MessageState.DELIVERED, LONG_AGO, "texts_sent", 0),
        (MessageState.FAILED, LATELY, "texts_failed", 1),
        (MessageState.FAILED, LONG_AGO, "texts_failed", 0),
        (MessageState.UNKNOWN, LONG_AGO, "texts_unknown", 1),
        (MessageState.CANCELLED, LATELY, "texts_sent", 0),
    ],
)
def test_a_text_is_counted_where_it_stands(session: Session, state, at, field, expected):
    ours, theirs = a_service(session), a_service(session)
    for service in (ours, theirs):
        a_text(session, service, state, at)
    assert getattr(desk_counts(session, ours.id, NOON), field) == expected


def test_a_deferred_text_is_in_the_list_of_that_name_and_no_other(session: Session):
    service = a_service(session)
    for _ in range(2):
        a_text(session, service, MessageState.PENDING, None)
    session.scalars(select(OutboxMessage)).first().reason = "outside-safe-hours"
    session.flush()
    counts, lists = desk_counts(session, service.id, NOON), count_texts(session, service.id)
    assert (counts.texts_waiting, counts.texts_deferred) == (1, 1)
    assert (lists[Shown.WAITING], lists[Shown.DEFERRED]) == (1, 1)


def test_open_and_overdue_alerts_of_the_service_are_counted(session: Session):
    service = a_service(session)
    for facts in (
        {},
        {"due_at": NOON - timedelta(seconds=1)},
        {"due_at": NOON - timedelta(days=1), "closed_at": NOON},
    ):
        an_alert(session, a_case(session, service), **facts)
    an_alert(session)
    counts = desk_counts(session, service.id, NOON)
    assert (counts.cases, counts.open_alerts, counts.overdue_alerts) == (3, 2, 1)


def test_the_first_closing_is_the_services_own(session: Session):
    service = a_service(session)
    assert first_closing(session, service.id) is None
    days = [NOON.date() - timedelta(days=n) for n in (3, 9)]
    for day in days:
        a_case(session, service, closed_on=day)
    a_case(session, closed_on=NOON.date() - timedelta(days=99))
    assert first_closing(session, service.id) == days[1]
