"""What does the fake provider do with a text, and how does it report? Drawn from a seed.

Drawn by text and attempt, not in the order of arrival, so that one seed misbehaves in the same way
however the processes are scheduled.
"""

import random
from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What becomes of one call."""

    TAKE = "taken"
    TAKE_AND_STALL = "taken, answered after the caller's timeout"
    TAKE_AND_RESET = "taken, connection reset"
    TAKE_AND_FAULT = "taken, answered 500"
    TAKE_AND_GARBLE = "taken, answered garbage"
    TAKE_AND_TIME_OUT = "taken, answered 408"
    TAKE_AND_STRAY = "taken, answered a 404 page of something in between"
    TAKE_WITH_ANOTHERS_ID = "taken, answered another text's id"
    ANSWER_ANOTHER = "answered another text"
    BUSY = "answered 429"
    FAULT = "answered 500"
    RESET = "connection reset"


TAKES = frozenset(
    {
        Act.TAKE,
        Act.TAKE_AND_STALL,
        Act.TAKE_AND_RESET,
        Act.TAKE_AND_FAULT,
        Act.TAKE_AND_GARBLE,
        Act.TAKE_AND_TIME_OUT,
        Act.TAKE_AND_STRAY,
        Act.TAKE_WITH_ANOTHERS_ID,
    }
)
_WEIGHTS = {
    Act.TAKE: 68,
    Act.TAKE_AND_STALL: 2,
    Act.TAKE_AND_RESET: 5,
    Act.TAKE_AND_FAULT: 4,
    Act.TAKE_AND_GARBLE: 1,
    Act.TAKE_AND_TIME_OUT: 1.5,
    Act.TAKE_AND_STRAY: 1.5,
    Act.TAKE_WITH_ANOTHERS_ID: 1.5,
    Act.ANSWER_ANOTHER: 1.5,
    Act.BUSY: 6,
    Act.FAULT: 4,
    Act.RESET: 4,
}
BROKEN_LISTS = 0.05
"""How often the list of texts answers 500."""
CUT_LISTS = 0.05
"""How often it shows no more than the beginning of each text."""
CUT_AT = 20
"""Characters: before the link."""
LATE_SECONDS = 3.0
"""How long a text takes to show up in the list: half a minute of the test's time."""
VERY_LATE_SECONDS = 25.0
"""How long after the text a late report comes: when a doubt about it has long been settled."""


@dataclass(frozen=True)
class Callback:
    """One status to report, so many seconds after the text was taken; `is_early`: before the
    answer to the call, so that our side cannot have committed it; `is_anothers`: to this text's
    address, with another text's id; `is_by_id`: to the address that names no text."""

    status: str
    after: float
    is_early: bool = False
    is_anothers: bool = False
    is_by_id: bool = False


@dataclass(frozen=True)
class Plan:
    """What happens to one call."""

    act: Act
    delay: float
    callbacks: tuple[Callback, ...]


def plan(seed: int, text: str, attempt: int) -> Plan:
    """What to do with this attempt at this text."""
    chance = random.Random(f"{seed}/{text}/{attempt}")
    [act] = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
    return Plan(act, chance.uniform(0.02, 1.2), _callbacks(chance))


def _callbacks(chance: random.Random) -> tuple[Callback, ...]:
    manner = chance.choices(
        ["early", "in order", "reversed", "repeated", "by id", "late", "another's", "none"],
        [20, 20, 15, 15, 10, 5, 5, 10],
    )
    first, second = sorted(chance.uniform(0, 6) for _ in range(2))
    sent, delivered = Callback("sent", first), Callback("delivered", second)
    match manner[0]:
        case "early":
            return (Callback("sent", 0, is_early=True), delivered)
        case "in order":
            return (sent, delivered)
        case "reversed":
            return (Callback("delivered", first), Callback("sent", second))
        case "repeated":
            again = tuple(Callback(c.status, c.after + 0.1) for c in (sent, delivered))
            return (sent, delivered, *again)
        case "by id":
            early = Callback("sent", 0, is_early=True, is_by_id=True)
            return (early, Callback("delivered", second, is_by_id=True))
        case "late":
            return (Callback("delivered", VERY_LATE_SECONDS),)
        case "another's":
            return (sent, Callback("delivered", second, is_anothers=True))
    return ()
