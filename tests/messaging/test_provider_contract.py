"""The one contract that every provider passes: what it answers when all is well, and when not."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from survey_app.messaging.providers.failures import asked_wait
from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    NotThere,
    OutgoingText,
    Rejected,
    RetryLater,
    SmsProvider,
    Unclear,
)
from survey_app.messaging.providers.notify import NotifyAccount, NotifyProvider
from survey_app.messaging.providers.simulated import SimulatedProvider
from survey_app.messaging.providers.twilio import TwilioAccount, TwilioProvider
from survey_app.settings import PROVIDERS
from survey_app.store.database import Database
from tests.fakes import notify, twilio
from tests.fakes.loopback import Act, FarSide, served

LINK = "https://answers.example.org/s/23456789abcd"
BODY = f"Hello. You said we may ask how things are going: {LINK}\nFor no more texts, same link."
FINE = "+447700900123"
OTHER, OTHERS_BODY = "+447700900124", BODY.replace("23456789abcd", "bcdefghjkmnp")


def IN_NINETY() -> str:  # noqa: N802 (a value that is made when it is used)
    """An HTTP date a minute and a half from now."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)


NOT_A_MOBILE = "+447700900991"
STOPPED = "+447700900992"
SIMULATED_NUMBERS = {
    Act.BUSY: "+447700900993",
    Act.TAKE_AND_BREAK: "+447700900994",
    Act.BREAK: "+447700900995",
}
"""The simulated far end misbehaves by number (docs/simulated-numbers.md)."""


@dataclass
class Ready:
    """A provider, the far side behind it (None: in the database), and numbers that misbehave.

    `provoke` makes the far side do an act with the next text, and says to which number to send it.
    """

    provider: SmsProvider
    provoke: Callable[[Act], str]
    far_side: FarSide | None = None
    acts: set[Act] = field(default_factory=lambda: set(Act))
    hears_stops: bool = True


@contextmanager
def simulated(database: Database) -> Iterator[Ready]:
    provider = SimulatedProvider(database, lambda: datetime.now(UTC))
    yield Ready(provider, SIMULATED_NUMBERS.__getitem__, acts=set(SIMULATED_NUMBERS))


@contextmanager
def real(name: str) -> Iterator[Ready]:
    state = FarSide()

    def provoke(act: Act) -> str:
        state.script.append(act)
        return FINE

    with served(twilio.TwilioFake if name == "twilio" else notify.NotifyFake, state):
        yield Ready(
            a_real_provider(name, state.address), provoke, state, hears_stops=name == "twilio"
        )


def a_real_provider(name: str, address: str, timeout: float = 0.5) -> SmsProvider:
    if name == "notify":
        account = NotifyAccount(notify.API_KEY, notify.TEMPLATE_ID, base_url=address)
        return NotifyProvider(account, timeout=timeout)
    return TwilioProvider(
        TwilioAccount(
            sid=twilio.ACCOUNT_SID,
            auth_token=twilio.AUTH_TOKEN,
            sender=twilio.OWN_NUMBER,
            base_url=address,
            callback_root="https://answers.example.org/webhooks/twilio",
        ),
        timeout=timeout,
    )


@pytest.fixture(params=PROVIDERS)
def ready(request: pytest.FixtureRequest) -> Iterator[Ready]:
    """Each provider that a setting may name."""
    if request.param == "simulated":
        with simulated(request.getfixturevalue("sqlite_database")) as found:
            yield found
    else:
        with real(request.param) as found:
            yield found


def a_text(to: str = FINE, body: str = BODY, **facts) -> OutgoingText:
    return OutgoingText(**({"message_id": 17, "to": to, "sender": "", "body": body} | facts))


def ago(**delta) -> datetime:
    return datetime.now(UTC) - timedelta(**delta)


def test_its_name_is_the_setting_that_chooses_it(ready):
    assert ready.provider.name in PROVIDERS


def test_a_text_that_is_taken_on_has_an_id_and_is_found_by_its_words(ready):
    taken = ready.provider.send(a_text())
    assert isinstance(taken, Accepted)
    assert taken.provider_message_id
    assert ready.provider.find_by_body(FINE, BODY, ago(minutes=5)) == Found(
        taken.provider_message_id
    )


def test_two_texts_have_two_ids(ready):
    first, second = (ready.provider.send(a_text(body=BODY.replace("d\n", f"{n}\n"))) for n in "ef")
    assert first != second


def test_a_text_that_was_never_sent_is_not_there(ready):
    ready.provider.send(a_text())
    others = BODY.replace("23456789abcd", "bcdefghjkmnp")
    assert ready.provider.find_by_body(FINE, others, ago(minutes=5)) == NotThere()
    assert ready.provider.find_by_body("+447700900124", BODY, ago(minutes=5)) == NotThere()


def test_a_number_that_cannot_be_texted_is_refused_with_a_code(ready):
    refused = ready.provider.send(a_text(NOT_A_MOBILE))
    assert isinstance(refused, Rejected)
    assert refused.code
    assert not refused.is_opt_out
    assert ready.provider.find_by_body(NOT_A_MOBILE, BODY, ago(minutes=5)) == NotThere()


def test_a_number_whose_holder_told_the_provider_to_stop_is_refused_as_an_opt_out(ready):
    if not ready.hears_stops:
        assert ready.provider.name == "notify"  # Notify knows no stop: ours alone holds there.
        return
    assert ready.provider.send(a_text(STOPPED)) == Rejected("21610", is_opt_out=True)


def test_being_told_to_slow_down_means_that_it_was_not_taken_on(ready):
    to = ready.provoke(Act.BUSY)
    later = ready.provider.send(a_text(to))
    assert isinstance(later, RetryLater)
    assert later.after is not None
    assert ready.provider.find_by_body(to, BODY, ago(minutes=5)) == NotThere()


LOST_ANSWERS = [
    (Act.TAKE_AND_BREAK, True),
    (Act.BREAK, False),
    (Act.TAKE_AND_STALL, True),
    (Act.FAULT, False),
    (Act.TAKE_AND_FAULT, True),
    (Act.NONSENSE, True),
    (Act.TAKE_AND_TIME_OUT, True),
    (Act.TAKE_AND_STRAY, True),
]


@pytest.mark.parametrize(
    ("ready", "act", "is_there"),
    [
        (name, *lost)
        for name in PROVIDERS
        for lost in LOST_ANSWERS
        if name != "simulated" or lost[0] in SIMULATED_NUMBERS
    ],
    indirect=["ready"],
)
def test_an_answer_that_never_came_is_doubt_and_the_list_tells(ready, act, is_there):
    to = ready.provoke(act)
    assert isinstance(ready.provider.send(a_text(to)), Unclear)
    found = ready.provider.find_by_body(to, BODY, ago(minutes=5))
    assert isinstance(found, Found if is_there else NotThere)


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
def test_an_answer_about_another_text_is_doubt_and_the_list_tells(ready):
    ready.provider.send(a_text(OTHER, OTHERS_BODY, message_id=16))
    ready.provoke(Act.ANSWER_ANOTHER)
    assert ready.provider.send(a_text()) == Unclear("answer-differs")
    assert ready.provider.find_by_body(FINE, BODY, ago(minutes=5), message_id=17) == NotThere()


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
@pytest.mark.parametrize("shows", [0, 12, 75, len(LINK), BODY.index("abcd")])
def test_a_text_whose_words_were_cut_in_the_list_is_not_absent(ready, shows):
    ready.provider.send(a_text())
    ready.far_side.shows = shows
    found = ready.provider.find_by_body(FINE, BODY, ago(minutes=5), message_id=17)
    assert isinstance(found, CannotTell)


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
def test_a_link_that_goes_on_is_not_the_one_that_is_looked_for(ready):
    ready.provider.send(a_text(body=BODY.replace(LINK, f"{LINK}e")))
    found = ready.provider.find_by_body(FINE, BODY, ago(minutes=5))
    assert found == CannotTell("unrecognised")


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
def test_a_text_that_was_cut_behind_its_link_is_found(ready):
    ready.provider.send(a_text())
    ready.far_side.shows = BODY.index(LINK) + len(LINK)
    assert isinstance(ready.provider.find_by_body(FINE, BODY, ago(minutes=5)), Found)


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
@pytest.mark.parametrize(
    "words",
    ["Your parcel is at the neighbour's.", OTHERS_BODY.replace("answers.example", "other.example")],
)
def test_words_to_the_number_that_nobody_here_wrote_rule_nothing_out(ready, words):
    ready.provider.send(a_text(body=words))
    assert ready.provider.find_by_body(FINE, BODY, ago(minutes=5)) == CannotTell("unrecognised")
    before = ago(minutes=-5)
    assert ready.provider.find_by_body(FINE, BODY, before) == NotThere(), "older than the attempt"


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("7", 7), ("7200", 7200), ("9" * 9, 86400), ("9" * 20, 86400), (IN_NINETY, 90)],
)
def test_a_wait_is_kept_to_in_seconds_and_as_a_date(ready, asked, seconds):
    ready.far_side.asks_to_wait = asked() if callable(asked) else asked
    later = ready.provider.send(a_text(ready.provoke(Act.BUSY)))
    assert isinstance(later, RetryLater)
    # The date has no parts of seconds, and the far end's answer takes a moment.
    assert abs(later.after - timedelta(seconds=seconds)) <= timedelta(seconds=2)


@pytest.mark.parametrize(
    ("until", "waits"),
    [
        (timedelta(minutes=5), timedelta(minutes=5)),
        (timedelta(days=3), timedelta(days=1)),
        (timedelta(minutes=-5), timedelta()),
    ],
)
def test_a_wait_until_a_date_is_by_the_providers_own_clock_and_ends_within_a_day(until, waits):
    theirs = datetime(2001, 1, 1, tzinfo=UTC)
    asked = {
        name: format_datetime(at, usegmt=True)
        for name, at in [("Retry-After", theirs + until), ("Date", theirs)]
    }
    assert asked_wait(asked) == waits


def test_a_wait_until_a_date_that_comes_without_theirs_is_by_ours():
    wait = asked_wait({"Retry-After": IN_NINETY()})
    assert wait is not None
    assert timedelta(seconds=85) < wait <= timedelta(seconds=90)


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
@pytest.mark.parametrize("asked", ["", "soon", "-5", "7.5", "²"])
def test_a_wait_that_cannot_be_understood_is_none(ready, asked):
    ready.far_side.asks_to_wait = asked.encode("utf-8").decode("latin-1")
    later = ready.provider.send(a_text(ready.provoke(Act.BUSY)))
    assert (isinstance(later, RetryLater), later.after) == (True, None)


@pytest.mark.parametrize("ready", ["twilio", "notify"], indirect=True)
def test_a_list_that_does_not_answer_tells_nothing(ready):
    ready.provider.send(a_text())
    ready.far_side.is_listing_broken = True
    assert ready.provider.find_by_body(FINE, BODY, ago(minutes=5)) == CannotTell("no-answer")


@pytest.mark.parametrize("name", ["twilio", "notify"])
def test_a_provider_that_cannot_be_reached_has_not_taken_the_text_on(name):
    provider = a_real_provider(name, "http://127.0.0.1:1")
    assert provider.send(a_text()) == RetryLater("no-connection")
    assert provider.find_by_body(FINE, BODY, ago(minutes=5)) == CannotTell("no-answer")


@pytest.mark.parametrize("name", ["twilio", "notify"])
def test_a_name_that_does_not_resolve_is_no_connection(name):
    provider = a_real_provider(name, "http://no-such-host.invalid")
    assert provider.send(a_text()) == RetryLater("no-connection")


def test_nothing_that_a_provider_does_puts_a_number_or_words_into_a_log(ready, caplog, capfd):
    """Every logger open, every way to fail: neither our log nor the clients' says who it was."""
    caplog.set_level(logging.DEBUG)
    for to in (FINE, NOT_A_MOBILE, STOPPED):
        ready.provider.send(a_text(to))
    for act in sorted(ready.acts):
        ready.provider.send(a_text(ready.provoke(act)))
    ready.provider.find_by_body(FINE, BODY, ago(minutes=5))
    if ready.far_side is not None:
        ready.far_side.is_listing_broken = True
        ready.provider.find_by_body(FINE, BODY, ago(minutes=5))
    written = caplog.text + "".join(capfd.readouterr())
    for secret in ("7700900", "7700 900", LINK, "23456789abcd"):
        assert secret not in written


def test_a_text_never_shows_number_or_words_when_printed():
    assert "7700900" not in repr(a_text())
    assert LINK not in repr(a_text())
