"""May this person be contacted for this request over this channel now, and if not, why not?

The one place that answers (DOMAIN.md, safety rules 1-3). It is asked when a text is queued and
again in the transaction that sends it. Default deny: a fact that is missing refuses.

What holds for which channel (docs/guides/safe-contact.md has the table):
- a text needs everything;
- a call is refused wherever a text is refused as unsafe, shared, opted out, do-not-contact or for
  facts that contradict each other, and needs its own `call_safe`; it needs no consent to texts, and
  may ring a landline;
- in person (and a reading with the caseworker) touches no phone, so what is known of the phone does
  not count; do-not-contact (also one that nobody can read), a release and an age decision that are
  still owed, and an ended request or a transferred case do. Facts that contradict each other are
  cleared up in person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from survey_app.domain.cases import PREFERENCE_FLAGS, RELEASE_FLAGS, Flag, NumberKind, Recorded
from survey_app.domain.contact_facts import BIRTH_DATE, ContactFacts, age_on
from survey_app.domain.requests import Channel, RequestState
from survey_app.domain.safe_hours import LONDON, next_opening


class Outcome(StrEnum):
    """What the rule says. `later`: allowed, but not before the verdict's `until`."""

    YES = "yes"
    NO = "no"
    LATER = "later"


class Refusal(StrEnum):
    """Why not, or why later. In order: of several reasons the first here is given."""

    DO_NOT_CONTACT = "do-not-contact"
    OPTED_OUT = "opted-out"
    UNSAFE = "unsafe"
    CALL_UNSAFE = "call-unsafe"
    SHARED_NUMBER = "shared-number"
    FACTS_CONTRADICT = "facts-contradict"
    NUMBER_CHANGED = "number-changed"
    UNREADABLE = "unreadable"
    AWAITS_RELEASE = "awaits-release"
    TOO_YOUNG = "too-young"
    AGE_DECISION_NEEDED = "age-decision-needed"
    FLAGS_NOT_RECORDED = "flags-not-recorded"
    NO_NUMBER = "no-number"
    INVALID_NUMBER = "invalid-number"
    PREMIUM_NUMBER = "premium-number"
    LANDLINE = "landline"
    FOREIGN_NUMBER = "foreign-number"
    SAFE_NOT_CONFIRMED = "safe-not-confirmed"
    CALL_SAFE_NOT_CONFIRMED = "call-safe-not-confirmed"
    TEXT_NOT_PREFERRED = "text-not-preferred"
    NO_CONSENT = "no-consent"
    SAFETY_DETAILS_STALE = "safety-details-stale"
    CASE_TRANSFERRED = "case-transferred"
    REQUEST_WITHDRAWN = "request-withdrawn"
    REQUEST_FINISHED = "request-finished"
    REQUEST_EXPIRED = "request-expired"
    NO_SAFE_TIME = "no-safe-time"
    TEXTED_LATELY = "texted-lately"
    OUTSIDE_SAFE_HOURS = "outside-safe-hours"


@dataclass(frozen=True)
class Verdict:
    """The rule's answer: `reason` unless it is yes, `until` when it is later."""

    outcome: Outcome
    reason: Refusal | None = None
    until: datetime | None = None


def judge(channel: Channel, facts: ContactFacts, now: datetime) -> Verdict:
    """Say whether the person may be contacted over `channel` at the instant `now`.

    `until` of a *later* is the first instant at which nothing known today would stand against it.
    """
    today = now.astimezone(LONDON).date()
    for reason, channels, stands in _REFUSALS:
        if channel in channels and stands(facts, today):
            return Verdict(Outcome.NO, reason)
    if has_ended := _ended(facts, now):
        return Verdict(Outcome.NO, has_ended)
    return Verdict(Outcome.YES) if channel in _IN_PERSON else _when(channel, facts, now)


def _when(channel: Channel, facts: ContactFacts, now: datetime) -> Verdict:
    """Now or later: the cap on first texts, then the person's hours inside the service's."""
    rested_at = _rested_at(facts) if channel is Channel.SMS else None
    is_capped = rested_at is not None and rested_at > now
    not_before = rested_at if is_capped and rested_at is not None else now
    until = next_opening((facts.person_hours, facts.service_hours), not_before)
    if until is None:
        return Verdict(Outcome.NO, Refusal.NO_SAFE_TIME)
    if until <= now:
        return Verdict(Outcome.YES)
    reason = Refusal.TEXTED_LATELY if is_capped else Refusal.OUTSIDE_SAFE_HOURS
    return Verdict(Outcome.LATER, reason, until)


def _rested_at(facts: ContactFacts) -> datetime | None:
    """When the next first text may go; reminders are exempt."""
    if not facts.is_first_text or facts.last_first_text_at is None:
        return None
    return facts.last_first_text_at + timedelta(days=facts.cap_days)


def _ended(facts: ContactFacts, now: datetime) -> Refusal | None:
    if facts.request_state is RequestState.WITHDRAWN:
        return Refusal.REQUEST_WITHDRAWN
    if facts.request_state is RequestState.COMPLETED:
        return Refusal.REQUEST_FINISHED
    if facts.request_state is RequestState.EXPIRED or facts.expires_at <= now:
        return Refusal.REQUEST_EXPIRED
    return None


def _is_unsafe(facts: ContactFacts, _today: date) -> bool:
    return facts.sms_safe is Recorded.NO


def _is_not_confirmed_safe(facts: ContactFacts, _today: date) -> bool:
    return facts.sms_safe is not Recorded.YES


def _is_not_confirmed_safe_to_call(facts: ContactFacts, _today: date) -> bool:
    """Nobody asks whether texts to a landline are safe; a doubt once recorded still counts."""
    if facts.sms_safe is None and facts.number_kind is NumberKind.UK_LANDLINE:
        return False
    return facts.sms_safe is not Recorded.YES


def _is_shared(facts: ContactFacts, _today: date) -> bool:
    return facts.is_number_shared and not facts.is_shared_number_accepted


def _awaits_release(facts: ContactFacts, _today: date) -> bool:
    return bool(facts.flags & RELEASE_FLAGS) and not facts.is_released


def _is_too_young(facts: ContactFacts, today: date) -> bool:
    return facts.born_on is not None and age_on(today, facts.born_on) < facts.youngest_age


def _needs_age_decision(facts: ContactFacts, today: date) -> bool:
    """A blank birth date without the flag `child` means adult; one that cannot be read does not."""
    if facts.has_age_decision:
        return False
    if BIRTH_DATE in facts.unreadable:
        return True
    if facts.born_on is None:
        return Flag.CHILD in facts.flags
    return age_on(today, facts.born_on) < facts.decision_under_age


def _is_stale(facts: ContactFacts, today: date) -> bool:
    if facts.safety_checked_on is None:
        return True
    return (today - facts.safety_checked_on).days > facts.stale_after_days


def _needs_preference(facts: ContactFacts, _today: date) -> bool:
    return bool(facts.flags & PREFERENCE_FLAGS) and facts.sms_preferred is not Recorded.YES


def _number_is(kind: NumberKind) -> "Stands":
    return lambda facts, _today: facts.number_kind is kind


Stands = Callable[[ContactFacts, date], bool]
"""Whether a reason stands against contact on a London day."""

_TEXT = frozenset({Channel.SMS})
_CALL = frozenset({Channel.PHONE})
_NUMBER = _TEXT | _CALL
_IN_PERSON = frozenset({Channel.IN_PERSON, Channel.CASEWORKER})
_ANY = _NUMBER | _IN_PERSON

_REFUSALS: tuple[tuple[Refusal, frozenset[Channel], Stands], ...] = (
    (
        Refusal.DO_NOT_CONTACT,
        _ANY,
        lambda facts, _: facts.do_not_contact in (Recorded.YES, Recorded.UNKNOWN),
    ),
    (Refusal.OPTED_OUT, _NUMBER, lambda facts, _: facts.has_opted_out),
    (Refusal.UNSAFE, _NUMBER, _is_unsafe),
    (Refusal.CALL_UNSAFE, _CALL, lambda facts, _: facts.call_safe is Recorded.NO),
    (Refusal.SHARED_NUMBER, _NUMBER, _is_shared),
    (Refusal.FACTS_CONTRADICT, _NUMBER, lambda facts, _: facts.is_held),
    (Refusal.FACTS_CONTRADICT, _ANY, lambda facts, _: facts.is_held_in_person),
    (Refusal.NUMBER_CHANGED, _NUMBER, lambda facts, _: facts.is_number_unconfirmed),
    (Refusal.UNREADABLE, _NUMBER, lambda facts, _: bool(facts.unreadable)),
    (Refusal.AWAITS_RELEASE, _ANY, _awaits_release),
    (Refusal.TOO_YOUNG, _NUMBER, _is_too_young),
    (Refusal.AGE_DECISION_NEEDED, _ANY, _needs_age_decision),
    (Refusal.FLAGS_NOT_RECORDED, _NUMBER, lambda facts, _: not facts.are_flags_recorded),
    (Refusal.NO_NUMBER, _NUMBER, _number_is(NumberKind.NONE)),
    (Refusal.INVALID_NUMBER, _NUMBER, _number_is(NumberKind.INVALID)),
    (Refusal.PREMIUM_NUMBER, _NUMBER, _number_is(NumberKind.UK_PREMIUM)),
    (Refusal.LANDLINE, _TEXT, _number_is(NumberKind.UK_LANDLINE)),
    (Refusal.FOREIGN_NUMBER, _TEXT, _number_is(NumberKind.FOREIGN)),
    (Refusal.SAFE_NOT_CONFIRMED, _TEXT, _is_not_confirmed_safe),
    (Refusal.SAFE_NOT_CONFIRMED, _CALL, _is_not_confirmed_safe_to_call),
    (
        Refusal.CALL_SAFE_NOT_CONFIRMED,
        _CALL,
        lambda facts, _: facts.call_safe is not Recorded.YES,
    ),
    (Refusal.TEXT_NOT_PREFERRED, _TEXT, _needs_preference),
    (Refusal.NO_CONSENT, _TEXT, lambda facts, _: facts.sms_consent is not Recorded.YES),
    (Refusal.SAFETY_DETAILS_STALE, _NUMBER, _is_stale),
    (Refusal.CASE_TRANSFERRED, _ANY, lambda facts, _: facts.is_case_transferred),
)
"""The reasons in the order of `Refusal`, each with the channels it holds for."""
