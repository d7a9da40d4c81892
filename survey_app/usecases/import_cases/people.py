"""What becomes of a person when a row, or all rows of theirs, say something of them?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from survey_app.domain.case_file_columns import CHARACTERISTIC_COLUMNS
from survey_app.domain.case_file_people import SaidOfPerson
from survey_app.domain.cases import NotGiven
from survey_app.domain.safety_changes import (
    SafetyMerge,
    is_newer_check,
    merge_birth_date,
    merge_safety,
)
from survey_app.domain.safety_details import PERMISSIONS, SafetyDetails
from survey_app.store.people import TOLD_BY_SELF, Person
from survey_app.store.safety_details import days_of, keep_safety, safety_details_of
from survey_app.store.unreadable import is_unreadable, readable_or_none
from survey_app.usecases.change_safety import number_as_recorded


@dataclass
class PersonChange:
    """Whether anything of the person changed, and what did of their safety."""

    is_changed: bool = False
    cancels_queued: bool = False
    refused_loosening: set[str] = field(default_factory=set)

    def note(self, merge: SafetyMerge) -> None:
        """Take in what a merge of safety details changed and refused."""
        self.is_changed |= bool(merge.changed)
        self.cancels_queued |= merge.cancels_queued
        self.refused_loosening |= set(merge.refused_loosening)


@dataclass(frozen=True)
class Reading:
    """How this import reads what it is told: the day and instant, and which numbers count."""

    now: datetime
    today: date
    drama_allowed: bool


def state_person(
    person: Person,
    said: SaidOfPerson,
    reading: Reading,
    *,
    is_new: bool,
    is_flagged_child: bool,
) -> PersonChange:
    """Let a file speak of a person: facts as it has them, safety only tightened (rule 3)."""
    change = PersonChange()
    is_newer = is_new or is_newer_check(
        person.safety_checked_on, said.safety.get("safety_checked_on"), file_day=reading.today
    )
    merge = merge_safety(
        None if is_new else safety_details_of(person),
        _details_said(said.safety, reading),
        file_day=reading.today,
    )
    keep_safety(person, merge, reading.now)
    change.note(merge)
    facts = {
        name: said.person[name]
        for name in CHARACTERISTIC_COLUMNS
        if name in said.person and not _is_settled(person, name)
    } | _birth(person, said.person, is_newer=is_newer, is_flagged_child=is_flagged_child)
    if said.person.get("language"):
        facts["language"] = said.person["language"]
    born = facts.get("date_of_birth")
    if said.person.get("date_of_birth") != born and said.person.get("date_of_birth"):
        change.refused_loosening.add("date_of_birth")
    # A changed birth date may change the contact rule's answer as safety details do.
    change.cancels_queued |= born != person.date_of_birth
    for name, value in facts.items():
        if getattr(person, name) != value:
            setattr(person, name, value)
            change.is_changed = True
    if change.is_changed:
        person.changed_at = reading.now
    return change


def _is_settled(person: Person, name: str) -> bool:
    """What a person said of themself stands against a file, unless they declined to say."""
    is_own_word = (person.told_by or {}).get(name) == TOLD_BY_SELF
    return is_own_word and getattr(person, name) != NotGiven.DECLINED


def _birth(
    person: Person, said: Mapping[str, Any], *, is_newer: bool, is_flagged_child: bool
) -> dict[str, Any]:
    stored = person.date_of_birth
    if is_unreadable(stored) and not is_newer:
        return {}  # Nobody knows whether what the file says would loosen it.
    born = merge_birth_date(
        readable_or_none(stored),
        said.get("date_of_birth"),
        is_newer=is_newer,
        is_flagged_child=is_flagged_child,
    )
    if born is not None:
        return {"date_of_birth": born, "birth_not_given": None}
    return {"birth_not_given": said["birth_not_given"]} if "birth_not_given" in said else {}


def take_over(person: Person, former: Person, reading: Reading) -> PersonChange:
    """A case moves to `person`: whatever care was recorded with `former` comes with it."""
    change = PersonChange()
    care = replace(
        safety_details_of(former), number=None, safety_checked_on=None, is_number_unconfirmed=False
    )
    merge = merge_safety(safety_details_of(person), care, file_day=reading.today)
    keep_safety(person, merge, reading.now)
    change.note(merge)
    if former.opted_out_at is not None and person.opted_out_at is None:
        person.opted_out_at = former.opted_out_at
        change.is_changed = change.cancels_queued = True
    return change


def _details_said(safety: Mapping[str, Any], reading: Reading) -> SafetyDetails:
    return SafetyDetails(
        number=number_as_recorded(safety.get("mobile"), drama_allowed=reading.drama_allowed),
        **{name: safety.get(name) for name in PERMISSIONS},
        safe_days=days_of(safety.get("safe_days")),
        safe_from=safety.get("safe_from"),
        safe_until=safety.get("safe_until"),
        safety_checked_on=safety.get("safety_checked_on"),
    )
