"""Facts of someone who may be contacted over every channel, and a way to spoil them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from survey_app.domain.cases import NumberKind, Recorded
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import RequestState
from survey_app.domain.safe_hours import SafeHours

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday in London's winter."""
SERVICE_HOURS = SafeHours(None, time(9), time(20))

ALL_WELL = ContactFacts(
    number_kind=NumberKind.UK_MOBILE,
    is_number_shared=False,
    is_shared_number_accepted=False,
    is_number_unconfirmed=False,
    sms_consent=Recorded.YES,
    sms_safe=Recorded.YES,
    sms_preferred=None,
    call_safe=Recorded.YES,
    do_not_contact=None,
    safety_checked_on=date(2026, 11, 1),
    has_opted_out=False,
    born_on=date(1980, 5, 5),
    has_age_decision=False,
    is_held=False,
    is_held_in_person=False,
    person_hours=SafeHours(),
    flags=frozenset(),
    are_flags_recorded=True,
    is_released=False,
    is_case_transferred=False,
    request_state=RequestState.WAITING,
    expires_at=NOON + timedelta(days=28),
    is_first_text=True,
    last_first_text_at=None,
    service_hours=SERVICE_HOURS,
    cap_days=14,
    youngest_age=13,
    decision_under_age=16,
    stale_after_days=90,
)


def facts(**changes: Any) -> ContactFacts:
    """The facts of someone who may be contacted, with these changes."""
    return replace(ALL_WELL, **changes)
