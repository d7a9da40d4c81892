"""How many texts a second does one worker process send?

Promise (issue 3): at least 100 a second against the fake. Judged by what a busy machine does not
move: at most 10 ms of processor time a text, the database's own included, and so many calls at once
that waiting for the answers leaves room for 100 a second. The wall time stands beside it.

The fake is a process of its own on loopback that speaks as Twilio does and answers at once, or
after 50 ms as a real one might. The floor is what no dispatch could beat on this machine: the bare
posts of the same forms to the same fake, over as many connections, with no claim, no rule and no
record.
"""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from threading import local

import requests

from bench.fake_provider import fake_provider
from bench.processor import Spent, backends_of, measured
from bench.results import Result, cost, rate, verdict
from faults.databases import KINDS, DatabaseMissing, fresh_database
from faults.people import NUMBERS, SENDERS, add_services, let_arrive
from faults.unreadable import UNREADABLE_NUMBER
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.providers.choose import AT_ONCE, Providers
from survey_app.settings import Settings
from survey_app.store.migrations import upgrade
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope
from survey_app.usecases.invite import invite_due

PART = "dispatch"
TEXTS = 1000
A_SECOND = 100
MOST_MILLISECONDS = 1000 / A_SECOND
"""Of processor time a text."""
FIRST_PERSON = NUMBERS.index(UNREADABLE_NUMBER) + 1
"""Whoever has that number is never texted: the fault test's people are ours."""
DELAYS = (0.0, 0.05)
"""Seconds that the fake takes for an answer."""
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ACCOUNT = "AC" + "0" * 32


@dataclass(frozen=True)
class Sent:
    """What sending `texts` took."""

    texts: int
    spent: Spent
    at_once: int = 0
    """The most calls that the fake had to answer at the same time."""

    @property
    def rate(self) -> float:
        """Texts a second on the wall clock."""
        return self.texts / self.spent.wall

    @property
    def milliseconds(self) -> float:
        """Of processor time a text."""
        return self.spent.processor / self.texts * 1000


def measure_dispatch(texts: int = TEXTS, kinds: Sequence[str] = KINDS) -> list[Result]:
    """Print the figures of sending so many texts on each kind of database."""
    print(f"dispatch: {texts:,} texts, one worker process, {AT_ONCE} calls at once")
    results: list[Result] = []
    for delay in DELAYS:
        with fake_provider(delay) as address:
            floor = _floor(address, texts)
            print(f"  a fake that answers after {delay * 1000:.0f} ms")
            print(
                f"    floor       {floor.milliseconds:5.2f} ms of processor a text, "
                f"{floor.rate:6.0f} a second (bare posts)"
            )
            for kind in kinds:
                try:
                    results += _judge(kind, delay, _dispatch(kind, address, texts), floor)
                except DatabaseMissing as fault:
                    print(f"    {kind:11} skipped: {fault}")
    return results


def _judge(kind: str, delay: float, sent: Sent, floor: Sent) -> list[Result]:
    place = PART, f"after {delay * 1000:.0f} ms", kind
    most, least = MOST_MILLISECONDS, ceil(A_SECOND * delay)
    results = [
        cost(*place, sent.milliseconds, "ms of processor", floor=floor.milliseconds, most=most),
        rate(*place, sent.rate, "a second", floor.rate),
    ]
    if least:
        is_held = sent.at_once >= least
        results.append(Result(*place, sent.at_once, "calls", promise=least, held=is_held))
    print(
        f"    {kind:11} {sent.milliseconds:5.2f} ms of processor a text "
        f"({floor.milliseconds / sent.milliseconds:.0%} of the floor), {sent.rate:6.0f} a second "
        f"({sent.rate / floor.rate:.0%}), {sent.at_once} calls at once; promised "
        f"{most:.0f} ms{f' and {least} calls' if least else ''}: {verdict(results)}"
    )
    return results


def _floor(address: str, texts: int) -> Sent:
    own = local()
    form = {"To": "+447700900123", "From": "Info", "Body": "x" * 140, "StatusCallback": address}

    def post(_: int) -> None:
        if not hasattr(own, "session"):
            own.session = requests.Session()
        own.session.post(f"{address}/Messages.json", data=form, timeout=10).raise_for_status()

    with ThreadPoolExecutor(AT_ONCE) as pool, measured(dict) as spent:
        list(pool.map(post, range(texts)))
    return Sent(texts, spent)


def _dispatch(kind: str, address: str, texts: int) -> Sent:
    with (
        tempfile.TemporaryDirectory() as name,
        fresh_database(kind, Path(name)) as url,
        backends_of(url) as backends,
    ):
        runtime = _filled(url, Path(name), address, texts)
        _most_at_once(address)  # So far it was the floor's.
        with measured(backends) as spent:
            counts = dispatch_due(runtime, Providers.of(runtime))
        runtime.database.close()
        if counts.answered["accepted"] != texts:
            raise RuntimeError(f"not every text was accepted: {counts}")
        return Sent(texts, spent, _most_at_once(address))


def _most_at_once(address: str) -> int:
    """Since it was asked last."""
    return int(requests.get(address, timeout=10).text)


def _filled(url: str, folder: Path, address: str, texts: int) -> Runtime:
    settings = Settings.from_env(
        {
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "SMS_PROVIDER": "twilio",
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": "the benchmark's own token",
            "TWILIO_FROM": "Info",
            "TWILIO_BASE_URL": address,
        }
    )
    runtime = start(settings, lambda: NOW)
    upgrade(runtime.database)
    add_services(runtime)
    for slug in SENDERS:
        let_arrive(runtime, slug, FIRST_PERSON, texts // len(SENDERS), folder)
    with runtime.database.write(Scope.worker()) as session:
        invite_due(session, settings, NOW, after_id=0, limit=texts, with_refused=True)
    return runtime
