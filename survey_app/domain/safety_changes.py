"""What becomes of recorded safety details when a file, or staff, says something else?

DOMAIN.md, safety rule 3: files may tighten, never loosen, unless the row carries a
`safety_checked_on` newer than what is stored; a blank says nothing. And rule 1: a new number is an
unconfirmed number. The law, held by a property test on the contact rule itself: without a newer
date no verdict that was *no* becomes *yes*.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from survey_app.domain.cases import Flag, Recorded
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.safer_hours import tightened_hours
from survey_app.domain.safety_details import HOURS, PERMISSIONS, SafetyDetails

_LOOSENESS: Mapping[Recorded | None, int] = {
    Recorded.NO: 0,
    Recorded.UNKNOWN: 1,
    None: 2,
    Recorded.YES: 3,
}
"""Of a permission. Not recorded is looser than a recorded doubt: see the rule on landlines."""

_LOOSENESS_OF_DO_NOT_CONTACT: Mapping[Recorded | None, int] = {
    Recorded.YES: 0,
    Recorded.UNKNOWN: 1,
    None: 2,
    Recorded.NO: 2,
}


@dataclass(frozen=True)
class SafetyMerge:
    """The details to store; `changed` and `refused_loosening` name columns of the case file."""

    result: SafetyDetails
    changed: tuple[str, ...]
    refused_loosening: tuple[str, ...]

    @property
    def is_number_new(self) -> bool:
        """Whether the number changed, so that what was decided about the old one is void."""
        return "mobile" in self.changed

    @property
    def cancels_queued(self) -> bool:
        """Whether queued texts were decided on details that no longer hold (safety rule 3)."""
        return any(name != "safety_checked_on" for name in self.changed)


def merge_safety(
    stored: SafetyDetails | None, from_file: SafetyDetails, *, file_day: date
) -> SafetyMerge:
    """Merge what a row says into what is stored; `stored` None: the person is new.

    `file_day` is the London day of the import: the day of the check where a new person's row gives
    none, and the latest day that a check may claim.
    """
    if stored is None:
        return _first(from_file, file_day)
    if is_newer_check(stored.safety_checked_on, from_file.safety_checked_on, file_day=file_day):
        return _compare(stored, _checked(stored, from_file), ())
    return _tighten(stored, from_file)


def is_newer_check(stored: date | None, from_file: date | None, *, file_day: date) -> bool:
    """Whether a row carries a check newer than what is stored; one in the future is none."""
    if from_file is None or from_file > file_day:
        return False
    return stored is None or from_file > stored


def restate_safety(stored: SafetyDetails, stated: SafetyDetails) -> SafetyMerge:
    """What staff checked with the person replaces all that is stored; a blank clears."""
    return _compare(stored, _with_confirmation(stored, stated, stated), ())


def _first(from_file: SafetyDetails, file_day: date) -> SafetyMerge:
    checked_on = from_file.safety_checked_on
    if checked_on is None and from_file.says_something:
        checked_on = file_day
    result = replace(from_file, safety_checked_on=checked_on, is_number_unconfirmed=False)
    return _compare(SafetyDetails(), result, ())


def _checked(stored: SafetyDetails, said: SafetyDetails) -> SafetyDetails:
    """A newer check counts in full; what it leaves blank stays."""
    given = {
        name: getattr(said, name)
        for name in (*PERMISSIONS, *HOURS, "number", "safety_checked_on")
        if getattr(said, name) is not None
    }
    return _with_confirmation(stored, replace(stored, **given), said)


def _with_confirmation(
    stored: SafetyDetails, result: SafetyDetails, said: SafetyDetails
) -> SafetyDetails:
    """A number that is new, or still unconfirmed, is as safe as the one who names it says it is."""
    is_new = result.number is not None and not result.number.is_same_as(stored.number)
    if not is_new and not stored.is_number_unconfirmed:
        return replace(result, is_number_unconfirmed=False)
    vouched = said if said.number is not None else SafetyDetails()
    is_confirmed = Recorded.YES in (vouched.sms_safe, vouched.call_safe)
    return replace(
        result,
        sms_safe=_unless_yes(result.sms_safe, vouched.sms_safe, is_new=is_new),
        call_safe=_unless_yes(result.call_safe, vouched.call_safe, is_new=is_new),
        is_number_unconfirmed=result.number is not None and not is_confirmed,
    )


def _unless_yes(
    result: Recorded | None, vouched: Recorded | None, *, is_new: bool
) -> Recorded | None:
    """What was said of another number does not hold for this one."""
    return vouched if is_new or result is Recorded.YES else result


def _tighten(stored: SafetyDetails, said: SafetyDetails) -> SafetyMerge:
    result = _tightened_permissions(stored, said)
    if said.number is not None and not said.number.is_same_as(stored.number):
        # Even a recorded doubt about the old number stays: to forget it would loosen.
        result = replace(
            result,
            number=said.number,
            sms_safe=None if result.sms_safe is Recorded.YES else result.sms_safe,
            call_safe=None if result.call_safe is Recorded.YES else result.call_safe,
            is_number_unconfirmed=True,
        )
    hours = tightened_hours(stored.hours, _hours_said(stored, said))
    result = replace(result, safe_days=hours.days, safe_from=hours.opens, safe_until=hours.closes)
    refused = [
        name
        for name in (*PERMISSIONS, *HOURS)
        if getattr(said, name) not in (None, getattr(result, name))
    ]
    return _compare(stored, result, tuple(refused))


def _tightened_permissions(stored: SafetyDetails, said: SafetyDetails) -> SafetyDetails:
    tighter = {
        name: getattr(said, name)
        for name in PERMISSIONS
        if getattr(said, name) is not None
        and not _is_looser(name, getattr(stored, name), getattr(said, name))
    }
    return replace(stored, **tighter)


def _hours_said(stored: SafetyDetails, said: SafetyDetails) -> SafeHours:
    """A blank part says nothing, so the stored part stands in its place."""
    return SafeHours(
        stored.safe_days if said.safe_days is None else said.safe_days,
        stored.safe_from if said.safe_from is None else said.safe_from,
        stored.safe_until if said.safe_until is None else said.safe_until,
    )


def _is_looser(name: str, before: Recorded | None, after: Recorded | None) -> bool:
    order = _LOOSENESS_OF_DO_NOT_CONTACT if name == "do_not_contact" else _LOOSENESS
    return order[after] > order[before]


def _compare(stored: SafetyDetails, result: SafetyDetails, refused: tuple[str, ...]) -> SafetyMerge:
    changed = [
        name
        for name in (*PERMISSIONS, *HOURS, "safety_checked_on")
        if getattr(stored, name) != getattr(result, name)
    ]
    if not _is_same_number(stored, result):
        changed.insert(0, "mobile")
    return SafetyMerge(result, tuple(changed), refused)


def _is_same_number(one: SafetyDetails, other: SafetyDetails) -> bool:
    if one.number is None or other.number is None:
        return one.number is other.number
    return one.number.is_same_as(other.number)


@dataclass(frozen=True)
class FlagsMerge:
    """The flags to store (None: not recorded; the empty set: recorded as none)."""

    result: frozenset[Flag] | None
    is_changed: bool
    is_loosening_refused: bool


def merge_flags(
    stored: frozenset[Flag] | None,
    from_file: frozenset[Flag] | None,
    *,
    is_newer: bool,
    meant: Flag | None = None,
) -> FlagsMerge:
    """Merge a row's flags into those of a case known already; None from a file says nothing.

    Adding a flag tightens; removing one loosens, and so does recording the first flags of a case
    whose flags nobody had recorded, for until then it may not be texted at all. `meant` is the flag
    that the case's crime category counted as before the row changed the category.
    """
    if from_file is None:
        from_file = stored
    if is_newer or from_file == stored:
        wanted = from_file
    else:
        wanted = None if stored is None else stored | (from_file or frozenset())
    result = wanted if wanted is None or is_newer or meant is None else wanted | {meant}
    return FlagsMerge(result, result != stored, is_loosening_refused=wanted != from_file)


def merge_birth_date(
    stored: date | None, from_file: date | None, *, is_newer: bool, is_flagged_child: bool
) -> date | None:
    """The birth date to keep: a file without a newer check may make someone younger, never older.

    With a blank birth date a person flagged as a child is one, and anyone else an adult.
    """
    if from_file is None or from_file == stored or is_newer:
        return from_file or stored
    if stored is None:
        return None if is_flagged_child else from_file
    return max(stored, from_file)
