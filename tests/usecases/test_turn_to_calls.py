"""Who has not answered their reminders goes over to a call, where programme and rule allow it."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState, RequestState
from survey_app.store.messages import OutboxMessage
from survey_app.usecases.turn_to_calls import turn_to_calls
from tests.calls import a_call
from tests.messaging.queued import queue
from tests.texting import a_texting_service
from tests.world import NOON

REMINDED = {
    "channel": "sms",
    "refusal": None,
    "state": RequestState.ASKED,
    "first_text_accepted_at": NOON - timedelta(days=17),
    "reminder_days": [7, 14],
}
WILLING = {"sms_consent": "yes", "call_safe": "yes"}


def test_those_whose_last_reminder_brought_no_answer_are_to_be_rung(session: Session):
    service = a_texting_service(session)
    due = a_call(session, service, person=WILLING, **REMINDED)
    early = REMINDED | {"first_text_accepted_at": NOON - timedelta(days=16)}
    noise = [
        a_call(session, service, person=WILLING, **early),
        a_call(session, service, person=WILLING, **(REMINDED | {"channels": ["sms"]})),
        a_call(session, service, person=WILLING | {"call_safe": "no"}, **REMINDED),
        a_call(session, service, person=WILLING, **(REMINDED | {"state": "completed"})),
        a_call(session, service, person=WILLING, **(REMINDED | {"expires_at": NOON})),
    ]
    turned = turn_to_calls(session, NOON)
    assert (turned.to_calls, due.channel) == (1, "phone")
    assert {each.channel for each in noise} == {"sms"}
    assert turn_to_calls(session, NOON).to_calls == 0


@pytest.mark.parametrize(
    ("state", "sent_days_ago", "channel"),
    [
        (MessageState.PENDING, None, "sms"),
        (MessageState.UNKNOWN, None, "sms"),
        (MessageState.DELIVERED, 2, "sms"),
        (MessageState.DELIVERED, 3, "phone"),
        (MessageState.FAILED, None, "phone"),
    ],
)
def test_a_text_under_way_or_just_sent_is_waited_for(session, state, sent_days_ago, channel):
    request = a_call(session, person=WILLING, **REMINDED)
    text: OutboxMessage = queue(session, request)
    text.state = state
    text.sent_at = None if sent_days_ago is None else NOON - timedelta(days=sent_days_ago)
    session.flush()
    turn_to_calls(session, NOON)
    assert request.channel == channel


def test_a_pass_goes_on_behind_the_last_one_it_looked_at(session: Session):
    service = a_texting_service(session)
    first, second = (a_call(session, service, person=WILLING, **REMINDED) for _ in range(2))
    one = turn_to_calls(session, NOON, limit=1)
    assert (one.to_calls, one.last_id) == (1, first.id)
    two = turn_to_calls(session, NOON, after_id=first.id, limit=1)
    assert (two.to_calls, two.last_id) == (1, second.id)
    assert turn_to_calls(session, NOON, after_id=second.id).last_id is None
