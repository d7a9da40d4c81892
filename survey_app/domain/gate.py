"""What is asked of a service before it texts people through a real provider (FORMATS-TRUST.md 6)?

The conditions are a table: one more is one function, and its words (`reporting.gate_words`).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PROVIDER_CHECK_LASTS = timedelta(days=7)
SHADOW_DECISIONS = 20
SHADOW_LASTS = timedelta(days=7)
"""A shadow is long enough after so many decisions, or so much time."""


class ConditionId(StrEnum):
    """A condition, by the name that commands and pages give it."""

    PRIVACY_WORDS = "privacy-words"
    PROVIDER_CHECK = "provider-check"
    SHADOW_LOOKED_AT = "shadow-looked-at"
    EXPECTED_TEXT = "expected-text"
    MANAGER_SIGNS_IN = "manager-signs-in"
    ALERT_COVER = "alert-cover"


class Lack(StrEnum):
    """What a condition lacks, where that is not a language."""

    NEVER_CHECKED = "never-checked"
    CHECK_FAILED = "check-failed"
    CHECK_TOO_OLD = "check-too-old"
    SHADOW_TOO_SHORT = "shadow-too-short"
    SHADOW_NOT_CONFIRMED = "shadow-not-confirmed"
    MANAGER = "manager"
    COVER = "cover"
    ALERT_OWNER = "alert-owner"
    DUE_HOURS = "due-hours"
    HELP_LINES = "help-lines"


@dataclass(frozen=True)
class ProviderCheckResult:
    """The latest check of a provider and sender."""

    at: datetime
    has_passed: bool


@dataclass(frozen=True)
class GateFacts:
    """What the conditions are asked of: one service, as it stands at `now`."""

    now: datetime
    missing_privacy_words: Mapping[str, Collection[str]]
    """By tag of each language offered: the keys that the service has not said in it."""
    provider_check: ProviderCheckResult | None
    """Of the provider and sender that its texts leave with now."""
    shadow_since: datetime
    shadow_decisions: int
    is_shadow_confirmed: bool
    """Whether a manager confirmed, since it began, who would have been texted."""
    unseen_texts: Collection[str]
    """Tags of languages offered in which no manager confirmed the text as it is now."""
    managers_with_factor: frozenset[int]
    """Active managers with a confirmed second factor."""
    may_cover: frozenset[int]
    """Active managers and caseworkers who can sign in."""
    has_alert_owner: bool
    """Whether somebody owns its alerts who may still handle them."""
    has_due_hours: bool
    has_help_lines: bool


@dataclass(frozen=True)
class Condition:
    """`lacks` says what is missing, by `Lack` or language; nothing means that it is met."""

    id: ConditionId
    lacks: Callable[[GateFacts], tuple[str, ...]]
    may_be_waived: bool = False


@dataclass(frozen=True)
class Unmet:
    """A condition that is not met, and what it lacks."""

    id: ConditionId
    lacks: tuple[str, ...]


def is_shadow_long_enough(facts: GateFacts) -> bool:
    """Whether the shadow has shown enough for a manager to confirm it."""
    lasted = facts.now - facts.shadow_since
    return facts.shadow_decisions >= SHADOW_DECISIONS or lasted >= SHADOW_LASTS


def _privacy_words(facts: GateFacts) -> tuple[str, ...]:
    return tuple(tag for tag, missing in facts.missing_privacy_words.items() if missing)


def _provider_check(facts: GateFacts) -> tuple[str, ...]:
    last = facts.provider_check
    if last is None:
        return (Lack.NEVER_CHECKED,)
    if not last.has_passed:
        return (Lack.CHECK_FAILED,)
    return (Lack.CHECK_TOO_OLD,) if facts.now - last.at > PROVIDER_CHECK_LASTS else ()


def _shadow_looked_at(facts: GateFacts) -> tuple[str, ...]:
    if not is_shadow_long_enough(facts):
        return (Lack.SHADOW_TOO_SHORT,)
    return () if facts.is_shadow_confirmed else (Lack.SHADOW_NOT_CONFIRMED,)


def _expected_text(facts: GateFacts) -> tuple[str, ...]:
    return tuple(facts.unseen_texts)


def _manager_signs_in(facts: GateFacts) -> tuple[str, ...]:
    if not facts.managers_with_factor:
        return (Lack.MANAGER,)
    has_cover = any(facts.may_cover - {manager} for manager in facts.managers_with_factor)
    return () if has_cover else (Lack.COVER,)


def _alert_cover(facts: GateFacts) -> tuple[str, ...]:
    asked = {
        Lack.ALERT_OWNER: facts.has_alert_owner,
        Lack.DUE_HOURS: facts.has_due_hours,
        Lack.HELP_LINES: facts.has_help_lines,
    }
    return tuple(lack for lack, is_there in asked.items() if not is_there)


CONDITIONS: tuple[Condition, ...] = (
    Condition(ConditionId.PRIVACY_WORDS, _privacy_words),
    Condition(ConditionId.PROVIDER_CHECK, _provider_check),
    Condition(ConditionId.SHADOW_LOOKED_AT, _shadow_looked_at, may_be_waived=True),
    Condition(ConditionId.EXPECTED_TEXT, _expected_text, may_be_waived=True),
    Condition(ConditionId.MANAGER_SIGNS_IN, _manager_signs_in),
    Condition(ConditionId.ALERT_COVER, _alert_cover),
)
"""In the order in which they are told."""

WAIVABLE = frozenset(condition.id for condition in CONDITIONS if condition.may_be_waived)


def unmet_conditions(facts: GateFacts) -> tuple[Unmet, ...]:
    """What is asked and not met, waived or not."""
    found = ((condition.id, condition.lacks(facts)) for condition in CONDITIONS)
    return tuple(Unmet(name, lacks) for name, lacks in found if lacks)
