"""What may a case file still say of a fact that staff have changed by hand?

A file is a snapshot: the next one repeats what the last one said, whether or not anybody here knows
better by now. So a file is heard only where it says something else than what stood before the hand
(docs/decisions/where-a-file-and-a-hand-meet.md).
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias

Held: TypeAlias = Mapping[str, Any]
"""By field: what stood there, in JSON's own words, before staff changed it."""

CLOSING: Final = ("closed_on", "closure_reason", "closure_code", "closure_detail")
"""Facts that mean something only together: who says one of them anew says all."""


def plain(value: Any) -> Any:
    """A fact as JSON keeps it, the same for equal facts."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def hold(held: Held, before: Mapping[str, Any], changed: Collection[str]) -> dict[str, Any]:
    """Return what is held once staff have changed these fields; what a file said earlier stays."""
    return {name: plain(before[name]) for name in changed} | dict(held)


def hear(held: Held, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return which facts of a row count, and what is held from then on.

    A fact that repeats what stood before a hand changed it says nothing; any other ends the hold.
    """
    repeated = {name for name in held if name in said and plain(said[name]) == held[name]}
    is_closing_new = any(name in said and name not in repeated for name in CLOSING if name in held)
    if is_closing_new:
        repeated -= set(CLOSING)
    counts = {name: value for name, value in said.items() if name not in repeated}
    return counts, {name: value for name, value in held.items() if name not in counts}


def total_deliveries(said: int, recorded_here: int) -> int:
    """Return the total when a file says so many: never fewer than were written down here.

    The file counts what its case system knows, and most often that has ours too: to add would
    count twice, and a wrong total is a wrong tier.
    """
    return max(said, recorded_here)
