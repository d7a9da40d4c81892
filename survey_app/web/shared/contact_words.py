"""What do staff read about a contact decision: why not, on what it went by, over which channel?"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.backlog_pace import NEAR_QUIET_TIME
from survey_app.domain.requests import Channel, Wave
from survey_app.domain.safe_contact import Outcome, Refusal
from survey_app.domain.safe_hours import SafeHours
from survey_app.store.unreadable import CANNOT_BE_READ, is_unreadable
from survey_app.web.shared.formatting import day, instant

REASONS: dict[str, LazyString] = {
    Refusal.DO_NOT_CONTACT: _l("The person is not to be contacted."),
    Refusal.OPTED_OUT: _l("The person asked for no more texts."),
    Refusal.UNSAFE: _l("Texts to this number are not safe."),
    Refusal.CALL_UNSAFE: _l("Calls to this number are not safe."),
    Refusal.SHARED_NUMBER: _l("Another person has this number too, and nobody has decided yet."),
    Refusal.FACTS_CONTRADICT: _l(
        "What is recorded contradicts itself, and nobody has decided yet."
    ),
    Refusal.NUMBER_CHANGED: _l("The number is new, and nobody has confirmed it."),
    Refusal.UNREADABLE: _l(
        "Something recorded of this person cannot be read: tell your administrator."
    ),
    Refusal.AWAITS_RELEASE: _l("A caseworker has to release this case first."),
    Refusal.TOO_YOUNG: _l("The person is too young for a text."),
    Refusal.AGE_DECISION_NEEDED: _l("Somebody has to decide whether this child may be asked."),
    Refusal.FLAGS_NOT_RECORDED: _l("The flags of a case of this person are not recorded."),
    Refusal.NO_NUMBER: _l("There is no number."),
    Refusal.INVALID_NUMBER: _l("What is recorded is not a phone number."),
    Refusal.PREMIUM_NUMBER: _l("The number is a premium or special one."),
    Refusal.LANDLINE: _l("The number is a landline."),
    Refusal.FOREIGN_NUMBER: _l("The number is not in the United Kingdom."),
    Refusal.SAFE_NOT_CONFIRMED: _l("Nobody has confirmed that texts are safe."),
    Refusal.CALL_SAFE_NOT_CONFIRMED: _l("Nobody has confirmed that calls are safe."),
    Refusal.TEXT_NOT_PREFERRED: _l("With these flags, the person has to have chosen texts."),
    Refusal.NO_CONSENT: _l("The person has not agreed to be texted."),
    Refusal.SAFETY_DETAILS_STALE: _l("Safe contact was checked too long ago, or never."),
    Refusal.CASE_TRANSFERRED: _l("The case was transferred."),
    Refusal.REQUEST_WITHDRAWN: _l("This is no longer to be asked."),
    Refusal.REQUEST_FINISHED: _l("The person has answered."),
    Refusal.REQUEST_EXPIRED: _l("The time for answering is over."),
    Refusal.NO_SAFE_TIME: _l("The person's safe times never meet the service's hours."),
    Refusal.TEXTED_LATELY: _l("The person had a first text lately."),
    Refusal.OUTSIDE_SAFE_HOURS: _l("It is outside the person's safe times or the service's hours."),
    NEAR_QUIET_TIME: _l(
        "It had waited for more than an hour, and the person's safe time was nearly over."
    ),
}

CHANNELS: dict[str, LazyString] = {
    Channel.SMS: _l("text"),
    Channel.PHONE: _l("phone call"),
    Channel.IN_PERSON: _l("in person"),
    Channel.CASEWORKER: _l("with the caseworker"),
}

WAVES: dict[str, LazyString] = {
    Wave.BASELINE: _l("Start of support"),
    Wave.REVIEW: _l("Review"),
    Wave.CLOSURE: _l("End of support"),
    Wave.FOLLOW_UP: _l("Follow-up"),
}

_FACTS: dict[str, LazyString] = {
    "sms_consent": _l("Agreed to be texted"),
    "sms_safe": _l("Texts are safe"),
    "sms_preferred": _l("Prefers texts"),
    "call_safe": _l("Calls are safe"),
    "do_not_contact": _l("Do not contact"),
    "has_opted_out": _l("Asked for no more texts"),
    "number_kind": _l("Kind of number"),
    "is_number_shared": _l("Another person has the number"),
    "is_held": _l("Facts contradict each other"),
    "is_shared_number_accepted": _l("Shared number accepted"),
    "is_number_unconfirmed": _l("Number not confirmed"),
    "flags": _l("Flags"),
    "are_flags_recorded": _l("Flags recorded"),
    "is_released": _l("Released by a caseworker"),
    "has_age_decision": _l("Decision on age recorded"),
    "safety_checked_on": _l("Safe contact checked on"),
    "person_hours": _l("The person's safe times"),
    "service_hours": _l("The service's hours"),
    "is_first_text": _l("First text of this request"),
    "last_first_text_at": _l("Last first text for something else"),
    "cap_days": _l("Days between first texts"),
    "stale_after_days": _l("Days until a check is too old"),
    "is_case_transferred": _l("Case transferred"),
    "expires_at": _l("Can be answered until"),
}
"""The facts in the order shown. Birth dates are judged, and not shown."""

_DAYS: dict[str, LazyString] = {
    "mon": _l("Monday"),
    "tue": _l("Tuesday"),
    "wed": _l("Wednesday"),
    "thu": _l("Thursday"),
    "fri": _l("Friday"),
    "sat": _l("Saturday"),
    "sun": _l("Sunday"),
}

_VALUES: dict[str, LazyString] = {
    "yes": _l("yes"),
    "no": _l("no"),
    "unknown": _l("not known"),
    "uk-mobile": _l("UK mobile"),
    "uk-landline": _l("UK landline"),
    "uk-premium": _l("UK premium or special"),
    "foreign": _l("not in the UK"),
    "invalid": _l("not a number"),
    "none": _l("none"),
}


def reason_words(reason: str | None) -> str:
    """A contact rule's reason as a sentence; one that is not the rule's as it stands."""
    return str(REASONS.get(reason or "", reason or ""))


def verdict_words(outcome: str, reason: str | None, until: datetime | None) -> str:
    """A verdict as one or two sentences."""
    if outcome == Outcome.YES:
        return _("Yes.")
    if outcome == Outcome.LATER and until is not None:
        return _("Not before %(until)s. %(why)s", until=instant(until), why=reason_words(reason))
    return _("No. %(why)s", why=reason_words(reason))


def day_names() -> list[tuple[str, str]]:
    """Weekdays, Monday first, as pairs of code and name."""
    return [(code, str(name)) for code, name in _DAYS.items()]


def facts_in_words(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The facts of a stored decision as pairs of label and value."""
    if is_unreadable(facts):
        return [(_("Facts"), CANNOT_BE_READ)]
    return [(str(label), _value(facts[name])) for name, label in _FACTS.items() if name in facts]


def hours_in_words(hours: SafeHours) -> str:
    """A person's safe days and hours: `Monday, Tuesday, 09:00 to 17:00`."""
    opens, closes = hours.opens, hours.closes
    return _hours(
        {
            "days": hours.days,
            "opens": None if opens is None else opens.isoformat(),
            "closes": None if closes is None else closes.isoformat(),
        }
    )


def _value(value: Any) -> str:
    if value is None:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value) or _("none")
    if isinstance(value, Mapping):
        return _hours(value)
    if isinstance(value, str) and value[:4].isdigit():
        return _moment(value)
    return str(_VALUES.get(str(value), value))


def _hours(hours: Mapping[str, Any]) -> str:
    days = hours.get("days")
    named = (
        _("every day")
        if days is None or len(days) == len(_DAYS)
        else ", ".join(str(_DAYS[d]) for d in days)
    )
    named = named or _("no day")
    opens, closes = hours.get("opens"), hours.get("closes")
    if opens is not None or closes is not None:
        named = _(
            "%(days)s, %(opens)s to %(closes)s",
            days=named,
            opens=(opens or "00:00")[:5],
            closes=(closes or "24:00")[:5],
        )
    return _("%(hours)s, not on bank holidays", hours=named) if _skips(hours) else named


def _skips(hours: Mapping[str, Any]) -> bool:
    return bool(hours.get("skips_bank_holidays"))


def _moment(value: str) -> str:
    """A stored day or instant; a time of day has no year in front and never comes here."""
    if len(value) == len("2026-01-01"):
        return day(date.fromisoformat(value))
    return instant(datetime.fromisoformat(value))
