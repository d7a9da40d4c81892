"""Each misbehaving number does what docs/simulated-numbers.md says, and stays that way."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    NotThere,
    OutgoingText,
    ReceiptStatus,
    Rejected,
    RetryLater,
    Unclear,
)
from survey_app.messaging.providers.simulated import SimulatedProvider
from survey_app.store.messages import SimulatedText
from survey_app.store.scope import Scope
from tests.spoiled import spoil_in
from tests.world import NOON

DOCUMENT = Path(__file__).parents[2] / "docs" / "simulated-numbers.md"


@pytest.fixture
def simulated(database, clock) -> SimulatedProvider:
    """The far end on the test's database."""
    return SimulatedProvider(database, clock)


def text_to(last_three: str, body: str = "Hello.") -> OutgoingText:
    return OutgoingText(1, f"+447700900{last_three}", "Info", body)


def told(simulated: SimulatedProvider) -> list[list[ReceiptStatus]]:
    """Hand over what is due, as one round of deliveries does."""
    due = simulated.next_receipts()
    simulated.told([text.text_id for text in due])
    return [[receipt.status for receipt in text.receipts] for text in due]


SENT, DELIVERED, FAILED = ReceiptStatus


@pytest.mark.parametrize(
    ("last_three", "receipts"),
    [
        ("123", [SENT, DELIVERED]),
        ("990", [SENT, FAILED]),
        ("997", [SENT, SENT, DELIVERED, DELIVERED, DELIVERED]),
        ("998", [DELIVERED, SENT]),
        ("999", [SENT, FAILED]),
    ],
)
def test_numbers_that_are_taken_on_report_as_documented(simulated, last_three, receipts):
    assert isinstance(simulated.send(text_to(last_three)), Accepted)
    assert told(simulated) == [receipts]
    assert told(simulated) == []


def test_the_two_failing_numbers_fail_with_different_codes(simulated):
    simulated.send(text_to("990"))
    simulated.send(text_to("999"))
    codes = [text.receipts[-1].code for text in simulated.next_receipts()]
    assert codes == ["30003", "30008"]


def test_991_is_rejected_as_a_landline_and_992_as_opted_out(simulated):
    assert simulated.send(text_to("991")) == Rejected("21614")
    assert simulated.send(text_to("992")) == Rejected("21610", is_opt_out=True)
    assert told(simulated) == []


def test_993_is_rate_limited_once_for_each_text_and_then_accepted(simulated):
    for body in ("one", "two"):
        assert isinstance(simulated.send(text_to("993", body)), RetryLater)
        assert isinstance(simulated.send(text_to("993", body)), Accepted)
    assert told(simulated) == [[SENT, DELIVERED]] * 2


def test_994_takes_the_text_on_but_never_answers(simulated):
    assert isinstance(simulated.send(text_to("994")), Unclear)
    found = simulated.find_by_body("+447700900994", "Hello.", NOON - timedelta(minutes=1))
    assert isinstance(found, Found)
    [due] = simulated.next_receipts()
    assert due.receipts[0].provider_message_id == found.provider_message_id


def test_995_never_answers_and_takes_nothing_on(simulated):
    assert isinstance(simulated.send(text_to("995")), Unclear)
    assert simulated.find_by_body("+447700900995", "Hello.", NOON) == NotThere()
    assert told(simulated) == []


def test_996_is_delivered_only_after_the_network_lets_go(simulated):
    assert isinstance(simulated.send(text_to("996")), Accepted)
    assert told(simulated) == []
    simulated.let_go()
    assert told(simulated) == [[SENT, DELIVERED]]


@pytest.mark.parametrize(
    ("to", "body", "minutes"),
    [
        ("+447700900124", "Hello.", -1),
        ("+447700900123", "Hello", -1),
        ("+447700900123", "Hello.", 1),
    ],
)
def test_only_the_same_words_to_the_same_number_since_then_are_found(simulated, to, body, minutes):
    simulated.send(text_to("123"))
    assert simulated.find_by_body(to, body, NOON + timedelta(minutes=minutes)) == NotThere()
    assert isinstance(simulated.find_by_body("+447700900123", "Hello.", NOON), Found)


def test_a_text_that_was_only_turned_away_is_not_found(simulated):
    simulated.send(text_to("993"))
    assert simulated.find_by_body("+447700900993", "Hello.", NOON) == NotThere()


def test_every_misbehaving_number_is_documented():
    documented = set(re.findall(r"07700 900(\d{3}) \|", DOCUMENT.read_text(encoding="utf-8")))
    assert documented == {str(n) for n in range(990, 1000)}


def test_a_kept_text_that_cannot_be_read_is_not_taken_for_another(simulated, database):
    simulated.send(text_to("123"))
    with database.write(Scope.worker()) as session:
        kept = session.scalars(select(SimulatedText.id)).one()
        spoil_in(session, "simulated_texts", "body", kept)
    found = simulated.find_by_body("+447700900123", "Hello.", NOON - timedelta(minutes=1))
    assert found == CannotTell("unrecognised")
