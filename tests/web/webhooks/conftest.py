"""An installation behind a proxy that hears Twilio and Notify, and a text that has left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from survey_app.app import create_app
from survey_app.domain.requests import MessageState
from survey_app.messaging.progress import accept
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.messages import OutboxMessage
from survey_app.store.models import metadata
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from tests.messaging.queued import queue
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS, SetClock

BASE = "https://answers.example.org"
AUTH_TOKEN = "an auth token for tests alone"
BEARER = "a bearer token for tests alone"
SID = "SM" + "a" * 32
NOTIFY_ID = "55555555-5555-4555-8555-555555555555"


@dataclass
class Callbacks:
    """Calls our webhooks as a provider does, through a proxy that speaks plain HTTP to us."""

    client: FlaskClient
    runtime: Runtime

    def twilio(self, path: str, form: dict, *, token: str = AUTH_TOKEN, **options) -> TestResponse:
        """A signed form; `signed_path` and `signed_form` sign something else than is sent."""
        path = f"/webhooks/twilio/{path}"
        url = BASE + options.pop("signed_path", path)
        signature = RequestValidator(token).compute_signature(url, options.pop("signed_form", form))
        headers = PROXY | {"X-Twilio-Signature": signature} | options.pop("headers", {})
        return self.client.post(path, data=form, headers=headers, **options)

    def notify(self, path: str, said: object, *, token: str = BEARER, **options) -> TestResponse:
        """A JSON body with a bearer token."""
        headers = PROXY | {"Authorization": f"Bearer {token}"} | options.pop("headers", {})
        return self.client.post(f"/webhooks/notify/{path}", json=said, headers=headers, **options)

    def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        with self.runtime.database.read(Scope.worker()) as session:
            return {
                table.name: session.scalar(select(func.count()).select_from(table)) or 0
                for table in metadata.sorted_tables
            }

    def sent(self, provider: str = "twilio", **facts) -> int:
        """A text that this provider has, or was perhaps given (`provider_message_id` None)."""
        given = facts.pop("provider_message_id", SID if provider == "twilio" else NOTIFY_ID)
        with self.runtime.database.write(Scope.worker()) as session:
            service = a_texting_service(session, sms_provider=provider)
            message = queue(session, a_due_request(session, service, **facts))
            message.state, message.claimed_at, message.attempts = MessageState.SENDING, NOON, 1
            message.provider = provider
            if given is not None:
                request = session.get_one(SurveyRequest, message.request_id)
                accept(message, request, given, sent_at=NOON, now=NOON)
            return message.id

    def message(self, message_id: int) -> OutboxMessage:
        """The text as it stands now."""
        with self.runtime.database.read(Scope.worker()) as session:
            return session.get_one(OutboxMessage, message_id)


PROXY = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "answers.example.org",
    "X-Forwarded-For": "203.0.113.9",
}


@pytest.fixture
def callbacks(sqlite_database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Callbacks]:
    """An app that knows both providers, on SQLite: what is refused never meets a database."""
    with installed(sqlite_database, clock, tmp_path) as found:
        yield found


@pytest.fixture
def on_both(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Callbacks]:
    """The same on each kind of database."""
    with installed(database, clock, tmp_path) as found:
        yield found


@contextmanager
def installed(database: Database, clock: SetClock, tmp_path: Path) -> Iterator[Callbacks]:
    """The app in development behind TLS, so that its proxy is believed."""
    settings = Settings(
        keys=TEST_KEYS,
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=tmp_path,
        base_url=BASE,
        provider_options={"TWILIO_AUTH_TOKEN": AUTH_TOKEN, "NOTIFY_CALLBACK_TOKEN": BEARER},
    )
    app = create_app(settings, clock)
    yield Callbacks(app.test_client(), app.extensions["runtime"])
    app.extensions["runtime"].database.close()
