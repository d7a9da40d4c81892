"""How many of those supported were asked, reached and answered, and why were the others not asked?

The one definition of the ladder (DOMAIN.md "The ladder", FORMATS.md "Definitions"): supported ->
eligible -> contactable -> asked -> reached -> started -> completed. It is computed from facts with
a count each, so that a database may count and this module alone decides.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NO_TIER = "none"
ALL_TIERS = "all"
TIERS = (NO_TIER, "1", "2", "3")
"""Every case is in exactly one of these; `all` is their sum."""

STEPS = ("supported", "eligible", "contactable", "asked", "reached", "started", "completed")
"""Each contains the later ones."""


class NotAsked(StrEnum):
    """Reasons that are the ladder's own; the contact rule and closure reasons add theirs."""

    NO_DELIVERY = "no-delivery"
    CARE_UNIT = "care-unit"
    TOO_LATE = "too-late"
    DEFERRED = "deferred"
    NOT_YET_DUE = "not-yet-due"
    NOT_SENT = "not-sent"
    WITHDRAWN_AT_GO_LIVE = "withdrawn-at-go-live"


class UnknownTierError(ValueError):
    """A case was put in a tier that the ladder does not have."""


@dataclass(frozen=True)
class LadderFacts:
    """What is known of one closed case and its closure request.

    `ineligible` names why the programme leaves the case out (care unit, or its closure reason);
    `refusal` is the contact rule's last no; `was_withdrawn`: it waited while the service did not
    send, and was withdrawn when it went live. The flags are facts as recorded: that a later step
    implies the earlier ones is the ladder's business, not the recorder's.
    """

    tier: str
    has_delivery: bool
    ineligible: str | None = None
    is_too_late: bool = False
    is_contactable: bool = False
    was_asked: bool = False
    was_reached: bool = False
    has_started: bool = False
    has_completed: bool = False
    has_expired: bool = False
    has_opted_out: bool = False
    was_withdrawn: bool = False
    refusal: str | None = None
    is_deferred: bool = False
    is_due: bool = True
    mode: str | None = None


@dataclass(frozen=True)
class LadderCounts:
    """One row of the ladder, in cases.

    `not_asked` adds up: for every case supported but not asked exactly one reason, and besides it
    the cases with no delivery, which are not in `supported`.
    """

    tier: str
    supported: int = 0
    eligible: int = 0
    contactable: int = 0
    asked: int = 0
    reached: int = 0
    started: int = 0
    completed: int = 0
    opted_out: int = 0
    expired: int = 0
    not_asked: Mapping[str, int] = field(default_factory=dict)
    completed_by_mode: Mapping[str, int] = field(default_factory=dict)


def steps_of(facts: LadderFacts) -> tuple[str, ...]:
    """The steps that one case has taken, each implying the ones before it."""
    if not facts.has_delivery:
        return ()
    if facts.ineligible is not None or facts.tier == NO_TIER:
        return STEPS[:1]
    reached_flags = (
        facts.is_contactable,
        facts.was_asked,
        facts.was_reached,
        facts.has_started,
        facts.has_completed,
    )
    furthest = max((step for step, flag in enumerate(reached_flags, start=3) if flag), default=2)
    return STEPS[:furthest]


def why_not_asked(facts: LadderFacts) -> str | None:
    """The one reason that a case was not asked, the most final first; None for a case that was."""
    if not facts.has_delivery:
        return NotAsked.NO_DELIVERY
    if facts.ineligible is not None:
        return facts.ineligible
    if facts.tier == NO_TIER:
        return NotAsked.CARE_UNIT
    if "asked" in steps_of(facts):
        return None
    if facts.is_too_late:
        return NotAsked.TOO_LATE
    if facts.was_withdrawn:
        return NotAsked.WITHDRAWN_AT_GO_LIVE
    if facts.refusal is not None:
        return facts.refusal
    if facts.is_deferred:
        return NotAsked.DEFERRED
    return NotAsked.NOT_SENT if facts.is_due else NotAsked.NOT_YET_DUE


def tier_in_ladder(facts: LadderFacts) -> str:
    """The row a case stands in: without a delivery `none`, whatever was planned for it."""
    return facts.tier if facts.has_delivery else NO_TIER


def ladder(cases: Iterable[tuple[LadderFacts, int]]) -> list[LadderCounts]:
    """The rows `none 1 2 3 all` for facts given with how many cases have them."""
    tallies = {tier: _Tally() for tier in (*TIERS, ALL_TIERS)}
    for facts, count in cases:
        if facts.tier not in TIERS:
            raise UnknownTierError(facts.tier)
        steps, reason = steps_of(facts), why_not_asked(facts)
        for tier in (tier_in_ladder(facts), ALL_TIERS):
            tallies[tier].add(facts, steps, reason, count)
    return [tally.row(tier) for tier, tally in tallies.items()]


class _Tally:
    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self.not_asked: Counter[str] = Counter()
        self.modes: Counter[str] = Counter()

    def add(
        self, facts: LadderFacts, steps: tuple[str, ...], reason: str | None, count: int
    ) -> None:
        for step in steps:
            self.steps[step] += count
        if reason is not None:
            self.not_asked[str(reason)] += count
        if "eligible" in steps:
            self.steps["opted_out"] += count * facts.has_opted_out
            self.steps["expired"] += count * (facts.has_expired and "asked" in steps)
        if "completed" in steps and facts.mode is not None:
            self.modes[facts.mode] += count

    def row(self, tier: str) -> LadderCounts:
        return LadderCounts(
            tier=tier,
            not_asked={reason: n for reason, n in sorted(self.not_asked.items()) if n},
            completed_by_mode={mode: n for mode, n in sorted(self.modes.items()) if n},
            **{key: self.steps[key] for key in (*STEPS, "opted_out", "expired")},
        )
