"""From the outbox through Twilio's far end and back: once, whatever is lost on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from survey_app.app import create_app
from survey_app.domain.requests import MessageState
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.providers.choose import Providers
from survey_app.messaging.reconcile import reconcile_due
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.runtime import Runtime
from tests.fakes.loopback import Act, FarSide, served
from tests.fakes.twilio import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    OWN_NUMBER,
    TwilioFake,
    status_callback,
)
from tests.messaging.queued import message_of, queued
from tests.world import TEST_KEYS, SetClock


@dataclass
class Installation:
    """An app that sends through a far end on loopback."""

    app: Flask
    far_side: FarSide

    @property
    def runtime(self) -> Runtime:
        found = self.app.extensions["runtime"]
        assert isinstance(found, Runtime)
        return found

    def dispatch(self) -> dict[str, int]:
        return dict(dispatch_due(self.runtime, Providers.of(self.runtime)).answered)

    def hears(self, status: str, code: str | None = None, *, which: int = 0) -> int:
        """Twilio calls back about one of its texts; our answer's status."""
        address, form, headers = status_callback(self.far_side.texts[which], status, code)
        path = urlsplit(address).path
        return self.app.test_client().post(path, data=form, headers=headers).status_code


@pytest.fixture
def there(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Installation]:
    with served(TwilioFake, FarSide()) as far_side:
        settings = Settings(
            keys=TEST_KEYS,
            database_url=database.url.render_as_string(hide_password=False),
            data_dir=tmp_path,
            base_url="http://localhost",
            sms_provider="twilio",
            provider_options={
                "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
                "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
                "TWILIO_FROM": OWN_NUMBER,
                "TWILIO_BASE_URL": far_side.address,
            },
        )
        app = create_app(settings, clock)
        yield Installation(app, far_side)
        app.extensions["runtime"].database.close()


def test_a_text_leaves_and_is_delivered(there):
    [message_id] = queued(there.runtime)
    assert there.dispatch() == {"accepted": 1}
    assert [there.hears(status) for status in ("queued", "sent", "delivered")] == [204] * 3
    assert message_of(there.runtime, message_id).state == MessageState.DELIVERED


def test_a_callback_that_beats_our_own_answer_is_the_only_proof_needed(there):
    """The connection broke after Twilio took the text on: nothing is sent again."""
    [message_id] = queued(there.runtime)
    there.far_side.script.append(Act.TAKE_AND_BREAK)
    assert there.dispatch() == {"unknown": 1}
    assert there.hears("delivered") == 204
    assert message_of(there.runtime, message_id).state == MessageState.DELIVERED
    assert there.dispatch() == {}
    assert len(there.far_side.texts) == 1


@pytest.mark.parametrize(
    ("act", "counted", "in_the_end"),
    [(Act.TAKE_AND_FAULT, "found", "accepted"), (Act.FAULT, "put-back", "pending")],
)
def test_a_doubt_is_settled_by_asking_twilio(there, clock, act, counted, in_the_end):
    [message_id] = queued(there.runtime)
    there.far_side.script.append(act)
    assert there.dispatch() == {"unknown": 1}
    # The far end dates by the real clock; look back far enough to meet it.
    clock.now += timedelta(minutes=10)
    assert dict(reconcile_due(there.runtime, Providers.of(there.runtime))) == {counted: 1}
    assert message_of(there.runtime, message_id).state == in_the_end
    clock.now += timedelta(hours=2)
    there.dispatch()
    assert len(there.far_side.texts) == 1


def test_a_text_that_twilio_could_not_deliver_says_why(there):
    [message_id] = queued(there.runtime)
    there.dispatch()
    assert there.hears("undelivered", "30006") == 204
    message = message_of(there.runtime, message_id)
    assert (message.state, message.failure_code) == (MessageState.FAILED, "30006")


def test_a_doubt_of_a_provider_that_is_no_longer_set_up_waits_and_stops_nobody(there, clock):
    [message_id] = queued(there.runtime)
    there.far_side.script.append(Act.TAKE_AND_BREAK)
    there.dispatch()
    clock.now += timedelta(minutes=10)
    assert dict(reconcile_due(there.runtime, Providers({}, usual="notify"))) == {"waiting": 1}
    assert message_of(there.runtime, message_id).state == MessageState.UNKNOWN
