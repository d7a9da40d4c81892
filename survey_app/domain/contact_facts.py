"""What does the contact rule need to know of a request, its case, its person and their phone?"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any

from survey_app.domain.cases import Flag, NumberKind, Recorded
from survey_app.domain.requests import RequestState
from survey_app.domain.safe_hours import SafeHours

BIRTH_DATE = "date_of_birth"
MOBILE = "mobile"


@dataclass(frozen=True)
class ContactFacts:
    """The facts of one request at one moment. None of a recorded fact means "not recorded".

    `flags` are those of all the person's cases, recorded or meant by a crime category;
    `are_flags_recorded` is true once every one of these cases has its flags recorded.
    `last_first_text_at`: when the person was last sent a first text for any other request.
    `is_number_shared`: another person of the service has the number, or a rejected row that is held
    names it. `is_held`: facts contradict each other and nobody has decided; `is_held_in_person`: so
    that nobody may be asked in person either. Ages are whole years.
    `unreadable` names what is recorded of the person and cannot be read.
    """

    number_kind: NumberKind
    is_number_shared: bool
    is_shared_number_accepted: bool
    is_number_unconfirmed: bool
    sms_consent: Recorded | None
    sms_safe: Recorded | None
    sms_preferred: Recorded | None
    call_safe: Recorded | None
    do_not_contact: Recorded | None
    safety_checked_on: date | None
    has_opted_out: bool
    born_on: date | None
    has_age_decision: bool
    is_held: bool
    is_held_in_person: bool
    person_hours: SafeHours

    flags: frozenset[Flag]
    are_flags_recorded: bool
    is_released: bool
    is_case_transferred: bool

    request_state: RequestState
    expires_at: datetime
    is_first_text: bool
    last_first_text_at: datetime | None

    service_hours: SafeHours
    cap_days: int
    youngest_age: int
    decision_under_age: int
    stale_after_days: int
    unreadable: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """The facts as JSON knows them, the same for equal facts: what a decision keeps."""
        known = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        # Left out where there is none, as in all decisions from before there was such a fact.
        if not self.unreadable:
            del known["unreadable"]
        return known


def _plain(value: Any) -> Any:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, SafeHours):
        return {
            "days": None if value.days is None else list(value.days),
            "opens": _plain(value.opens),
            "closes": _plain(value.closes),
            **({"skips_bank_holidays": True} if value.skips_bank_holidays else {}),
        }
    return value


def flags_meant(
    flags: frozenset[Flag], crime_category: str | None, sensitive_crimes: Mapping[str, str]
) -> frozenset[Flag]:
    """A case's flags and the one that its crime category counts as in this service (rule 1)."""
    meant = sensitive_crimes.get((crime_category or "").strip().casefold())
    return flags if meant is None else flags | {Flag(meant)}


def age_on(day: date, born_on: date) -> int:
    """Whole years on a day; someone born on 29 February has their birthday on 1 March."""
    had_birthday = (day.month, day.day) >= (born_on.month, born_on.day)
    return day.year - born_on.year - (0 if had_birthday else 1)
