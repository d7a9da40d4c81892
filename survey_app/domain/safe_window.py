"""Until when does the safe time last that is running now?

A text that a provider keeps in its queue must not arrive after it (safety rule 2), so the provider
is told how long the text may wait.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.safe_hours import LONDON, SafeHours, are_all_open_at

_LOOK_AHEAD_DAYS = 2
"""Providers keep a text for hours, not for days."""
_CLOCKS_CHANGE_AT = time(1)
"""In UTC, spring and autumn (The Summer Time Order 2002)."""


def safe_until(facts: ContactFacts, now: datetime) -> datetime | None:
    """The first instant after `now` that is outside the person's or the service's hours, or at
    which the request has ended; None when neither comes within a day. `now` itself is inside."""
    closes_at = first_closing((facts.person_hours, facts.service_hours), now)
    ends = [facts.expires_at] if closes_at is None else [facts.expires_at, closes_at]
    first = min(ends)
    return first if first <= now + timedelta(days=1) else None


def first_closing(hours: tuple[SafeHours, ...], now: datetime) -> datetime | None:
    """The first instant after `now` that is outside some of these hours; None within two days."""
    candidates = sorted(at for at in set(_ends(hours, now)) if at > now)
    return next((at for at in candidates if not are_all_open_at(hours, at)), None)


def _ends(hours: tuple[SafeHours, ...], now: datetime) -> Iterator[datetime]:
    """Every instant at which some hours may end: closing times, midnights and clock changes."""
    today = now.astimezone(LONDON).date()
    for day in (today + timedelta(days=n) for n in range(_LOOK_AHEAD_DAYS + 1)):
        yield datetime.combine(day, _CLOCKS_CHANGE_AT, UTC)
        yield from _both(day, time(0))
        for each in hours:
            if each.closes is not None:
                yield from _both(day, each.closes)


def _both(day: date, at: time) -> Iterator[datetime]:
    """A London wall-clock time in UTC: twice in autumn's repeated hour."""
    local = datetime.combine(day, at, LONDON)
    for fold in (0, 1):
        yield local.replace(fold=fold).astimezone(UTC)
