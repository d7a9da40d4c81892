"""Whatever happens to a text, no log holds a number, a name or a token."""

import logging

import structlog

from survey_app.messaging.providers.interface import OutgoingText
from survey_app.messaging.queue import Queue
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.usecases.run_due import run_due
from survey_app.worker import Worker
from tests.messaging.far_end import FarEnd
from tests.staff_texts import a_text
from tests.texting import a_texting_service


def breaks(far_end: FarEnd, text: OutgoingText) -> None:
    """A provider's client whose own words carry what must not be logged."""
    raise RuntimeError(f"could not send {text.body} to {text.to}")


def test_no_log_of_a_round_holds_a_number_a_name_or_a_token(
    runtime: Runtime, database, monkeypatch, caplog
):
    caplog.set_level(logging.DEBUG)
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, name="Somebody's service")
        texts = [a_text(session, service, case_ref=f"SECRET-{n}") for n in range(3)]
        telling = {str(t.to)[-9:] for t in texts}
        telling |= {str(t.body).split("/s/")[1].split()[0] for t in texts}
    monkeypatch.setattr(
        "survey_app.messaging.providers.simulated.SimulatedProvider.send",
        lambda self, text: breaks(FarEnd(), text),
    )
    with structlog.testing.capture_logs() as said:
        assert Worker(runtime, Queue(runtime.settings)).one_round()
        run_due(runtime)
    assert [line["event"] for line in said].count("provider-fault") == 3
    everything = caplog.text + repr(said)
    for word in (*telling, "SECRET-", "Somebody's service", "could not send"):
        assert word not in everything


def test_a_page_logs_no_token_either(client, database, caplog):
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as said:
        client.get("/s/23456789abcd")
    assert "23456789abcd" not in caplog.text + repr(said)
