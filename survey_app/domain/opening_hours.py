"""When does a line answer? Kept as days and times, so that every language can say it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

Span = tuple[str, str]
"""From and until, `HH:MM` on a day of 24 hours."""

ALL_DAY: Final[Span] = ("00:00", "24:00")
_SPAN = re.compile(r"\s*(\d?\d[:.]\d\d)\s*[-\N{EN DASH}]\s*(\d?\d[:.]\d\d)\s*")


class Days(StrEnum):
    """Days that can be said in one breath."""

    EVERY_DAY = "every-day"
    WEEKDAYS = "weekdays"
    MONDAY_TO_SATURDAY = "monday-to-saturday"
    WEEKEND = "weekend"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


KINDS: Final = (Days.WEEKDAYS, Days.SATURDAY, Days.SUNDAY)
"""What is kept, each with a span of its own or none."""

_WIDER: Final = {
    (Days.WEEKDAYS, Days.SATURDAY): Days.MONDAY_TO_SATURDAY,
    (Days.MONDAY_TO_SATURDAY, Days.SUNDAY): Days.EVERY_DAY,
    (Days.SATURDAY, Days.SUNDAY): Days.WEEKEND,
}


@dataclass(frozen=True)
class OpeningHours:
    """When a line answers on each kind of day, in the order of `KINDS`; None: it does not."""

    spans: tuple[Span | None, ...] = (None, None, None)

    def __bool__(self) -> bool:
        return any(self.spans)

    def grouped(self) -> list[tuple[Days, Span]]:
        """The same, with neighbouring days of the same hours put together."""
        groups: list[tuple[Days, Span]] = []
        for kind, span in zip(KINDS, self.spans, strict=True):
            if span is None:
                continue
            last_days, last_span = groups[-1] if groups else (None, None)
            wider = _WIDER.get((last_days, kind)) if last_days and last_span == span else None
            if wider is not None:
                groups[-1] = (wider, span)
            else:
                groups.append((kind, span))
        return groups

    def as_stored(self) -> dict[str, list[str]]:
        """As the service keeps it: `{"weekdays": ["09:00", "17:00"]}`."""
        found = zip(KINDS, self.spans, strict=True)
        return {kind.value: list(span) for kind, span in found if span is not None}


def read_opening_hours(stored: Mapping[str, Any] | None) -> OpeningHours:
    """The hours as the service keeps them."""
    kept = stored or {}
    found = [kept.get(kind.value) for kind in KINDS]
    return OpeningHours(tuple((str(span[0]), str(span[1])) if span else None for span in found))


def find_span(written: str) -> Span | None:
    """What somebody wrote as `9:00-17:00`; None where it is no span of one day."""
    found = _SPAN.fullmatch(written)
    if found is None:
        return None
    start, end = (part.replace(".", ":").zfill(5) for part in found.groups())
    is_sound = "00:00" <= start < end <= "24:00" and max(start[3:], end[3:]) <= "59"
    return (start, end) if is_sound else None
