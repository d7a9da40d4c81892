"""How do the pure core's safety details and flags stand in the columns of people and cases?"""

from datetime import datetime

from survey_app.domain.cases import Flag, NumberKind, Recorded, Weekday
from survey_app.domain.safety_changes import SafetyMerge
from survey_app.domain.safety_details import PERMISSIONS, RecordedNumber, SafetyDetails
from survey_app.store.people import Person
from survey_app.store.sealed import lookup_key_id
from survey_app.store.unreadable import is_unreadable

NONE = "none"
"""A column's word for an empty set, apart from "not recorded"."""


def safety_details_of(person: Person) -> SafetyDetails:
    """The safety details recorded of a person."""
    recorded = {name: getattr(person, name) for name in PERMISSIONS}
    return SafetyDetails(
        number=_number_of(person),
        safe_days=days_of(person.safe_days),
        safe_from=person.safe_from,
        safe_until=person.safe_until,
        safety_checked_on=person.safety_checked_on,
        is_number_unconfirmed=person.number_changed_at is not None,
        **{name: None if value is None else Recorded(value) for name, value in recorded.items()},
    )


def keep_safety(person: Person, merge: SafetyMerge, now: datetime) -> None:
    """Write what a merge made into the person's columns; a new number voids what was decided.

    The person's instants of change and the row's audit are the use case's to write.
    """
    result = merge.result
    for name in PERMISSIONS:
        setattr(person, name, getattr(result, name))
    person.safe_days = stored_days(result.safe_days)
    person.safe_from, person.safe_until = result.safe_from, result.safe_until
    person.safety_checked_on = result.safety_checked_on
    if merge.is_number_new:
        _keep_number(person, result.number)
        person.shared_number_accepted = False
        person.number_changed_at = None
    if not result.is_number_unconfirmed:
        person.number_changed_at = None
    elif person.number_changed_at is None:
        person.number_changed_at = now


def _number_of(person: Person) -> RecordedNumber | None:
    if person.mobile is None:
        return None
    if is_unreadable(person.mobile):
        # Without its hash, so that the same number, given once more, counts as a new one.
        return RecordedNumber("", NumberKind(person.number_kind))
    return RecordedNumber(person.mobile, NumberKind(person.number_kind), person.number_hash)


def _keep_number(person: Person, number: RecordedNumber | None) -> None:
    person.mobile = None if number is None else number.typed
    person.number_kind = NumberKind.NONE if number is None else number.kind
    person.number_hash = None if number is None else number.number_hash
    person.number_key_id = None if person.number_hash is None else lookup_key_id()


def days_of(stored: str | None) -> tuple[Weekday, ...] | None:
    """The days that a column names; None, every day, when they are not recorded."""
    if stored is None:
        return None
    return () if stored in (NONE, "") else tuple(Weekday(day) for day in stored.split(";"))


def stored_days(days: tuple[Weekday, ...] | None) -> str | None:
    """The column's form of days, Monday first."""
    if days is None:
        return None
    return ";".join(day for day in Weekday if day in days) or NONE


def flags_of(stored: str | None) -> frozenset[Flag] | None:
    """The flags that a case's column names; None when they are not recorded."""
    if not stored:
        return None
    return frozenset() if stored == NONE else frozenset(Flag(f) for f in stored.split(";"))


def stored_flags(flags: frozenset[Flag] | None) -> str | None:
    """The column's form of flags, in sorted order."""
    return None if flags is None else ";".join(sorted(flags)) or NONE
