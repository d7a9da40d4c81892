"""Files tighten safety and never loosen it, as the contact rule itself sees it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import Flag, NumberKind, Recorded, Weekday
from survey_app.domain.contact_facts import ContactFacts
from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Outcome, judge
from survey_app.domain.safe_hours import LONDON
from survey_app.domain.safety_changes import (
    merge_birth_date,
    merge_flags,
    merge_safety,
    restate_safety,
)
from survey_app.domain.safety_details import RecordedNumber, SafetyDetails
from tests.domain.contact_cases import NOON, facts
from tests.domain.test_safe_hours import any_hours

YES, NO, UNKNOWN = Recorded.YES, Recorded.NO, Recorded.UNKNOWN
TODAY = date(2026, 11, 18)
CHECKED = date(2026, 11, 1)
LATER = date(2026, 11, 10)
MINE = RecordedNumber("07700 900001", NumberKind.UK_MOBILE, "hash-1")
MINE_OTHERWISE_TYPED = RecordedNumber("+44 7700 900001", NumberKind.UK_MOBILE, "hash-1")
NEW = RecordedNumber("07700 900002", NumberKind.UK_MOBILE, "hash-2")

STORED = SafetyDetails(
    number=MINE,
    sms_consent=YES,
    sms_safe=YES,
    sms_preferred=YES,
    call_safe=YES,
    name_service=YES,
    safety_checked_on=CHECKED,
)


def merged(stored: SafetyDetails | None = STORED, **said: Any):
    """What a row that says this makes of what is stored."""
    return merge_safety(stored, SafetyDetails(**said), file_day=TODAY)


@pytest.mark.parametrize(
    "name", ["sms_consent", "sms_safe", "sms_preferred", "call_safe", "name_service"]
)
@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (YES, NO, NO),
        (YES, UNKNOWN, UNKNOWN),
        (YES, None, YES),
        (NO, YES, NO),
        (NO, UNKNOWN, NO),
        (NO, None, NO),
        (UNKNOWN, YES, UNKNOWN),
        (UNKNOWN, NO, NO),
        (None, YES, None),
        (None, NO, NO),
        (None, UNKNOWN, UNKNOWN),
    ],
)
def test_without_a_newer_check_a_permission_is_only_taken_away(name, before, said, after):
    merge = merged(replace(STORED, **{name: before}), **{name: said})
    assert getattr(merge.result, name) is after
    assert merge.changed == ((name,) if after is not before else ())
    assert merge.refused_loosening == ((name,) if said not in (None, after) else ())
    assert merge.cancels_queued == (after is not before)


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (None, YES, YES),
        (None, UNKNOWN, UNKNOWN),
        (None, NO, NO),
        (NO, YES, YES),
        (UNKNOWN, YES, YES),
        (UNKNOWN, NO, UNKNOWN),
        (YES, NO, YES),
        (YES, UNKNOWN, YES),
        (YES, None, YES),
    ],
)
def test_without_a_newer_check_do_not_contact_is_only_set(before, said, after):
    merge = merged(replace(STORED, do_not_contact=before), do_not_contact=said)
    assert merge.result.do_not_contact is after


@pytest.mark.parametrize(
    ("checked_on", "counts"),
    [
        (None, False),
        (CHECKED - timedelta(days=1), False),
        (CHECKED, False),
        (CHECKED + timedelta(days=1), True),
        (TODAY, True),
        (TODAY + timedelta(days=1), False),
    ],
)
def test_only_a_check_newer_than_what_is_stored_may_loosen(checked_on, counts):
    stored = replace(STORED, sms_consent=NO, do_not_contact=YES)
    merge = merged(stored, sms_consent=YES, do_not_contact=NO, safety_checked_on=checked_on)
    assert (merge.result.sms_consent is YES) == counts
    assert (merge.result.do_not_contact is NO) == counts
    assert merge.result.safety_checked_on == (checked_on if counts else CHECKED)


def test_any_check_is_newer_than_none():
    merge = merged(SafetyDetails(), sms_consent=YES, safety_checked_on=date(2020, 1, 1))
    assert merge.result.sms_consent is YES


def test_what_a_newer_check_leaves_blank_stays():
    merge = merged(safety_checked_on=LATER)
    assert merge.result == replace(STORED, safety_checked_on=LATER)
    assert merge.changed == ("safety_checked_on",)
    assert not merge.cancels_queued


def test_a_person_first_seen_has_what_the_row_says():
    merge = merged(None, number=MINE, sms_consent=YES, sms_safe=YES)
    assert merge.result.sms_safe is YES
    assert merge.result.safety_checked_on == TODAY
    assert not merge.result.is_number_unconfirmed
    assert merge.changed == ("mobile", "sms_consent", "sms_safe", "safety_checked_on")


def test_a_first_row_that_says_nothing_of_safety_is_no_check():
    assert merged(None, number=MINE).result.safety_checked_on is None
    assert merged(None, number=MINE, sms_safe=UNKNOWN).result.safety_checked_on == TODAY


def test_a_new_number_is_an_unconfirmed_number():
    merge = merged(number=NEW, sms_safe=YES, call_safe=YES)
    assert merge.result.number == NEW
    assert (merge.result.sms_safe, merge.result.call_safe) == (None, None)
    assert merge.result.is_number_unconfirmed
    assert merge.is_number_new
    assert merge.cancels_queued
    assert merge.refused_loosening == ("sms_safe", "call_safe")


def test_a_new_number_keeps_a_recorded_doubt():
    merge = merged(replace(STORED, sms_safe=NO), number=NEW)
    assert merge.result.sms_safe is NO


def test_the_same_number_otherwise_typed_changes_nothing():
    merge = merged(number=MINE_OTHERWISE_TYPED)
    assert merge.changed == ()
    assert merge.result == STORED


def test_a_number_that_is_none_is_compared_as_typed():
    wrong = RecordedNumber("077009", NumberKind.INVALID)
    stored = replace(STORED, number=wrong)
    assert merged(stored, number=wrong).changed == ()
    assert merged(stored, number=replace(wrong, typed="077008")).is_number_new


def test_a_row_with_a_newer_check_vouches_for_the_number_it_names():
    merge = merged(number=NEW, sms_safe=YES, safety_checked_on=LATER)
    assert (merge.result.sms_safe, merge.result.call_safe) == (YES, None)
    assert not merge.result.is_number_unconfirmed


def test_a_newer_check_that_says_nothing_of_the_new_number_does_not_vouch_for_it():
    merge = merged(number=NEW, sms_consent=YES, safety_checked_on=LATER)
    assert merge.result.sms_safe is None
    assert merge.result.is_number_unconfirmed


@pytest.mark.parametrize(("named", "confirms"), [(NEW, True), (None, False)])
def test_an_unconfirmed_number_is_confirmed_by_a_newer_check_that_names_it(named, confirms):
    stored = merged(number=NEW).result
    merge = merged(stored, number=named, sms_safe=YES, safety_checked_on=LATER)
    assert (merge.result.sms_safe is YES) == confirms
    assert merge.result.is_number_unconfirmed != confirms


def test_days_and_hours_narrow_and_do_not_widen():
    stored = replace(STORED, safe_days=(Weekday.MON, Weekday.TUE), safe_from=time(10))
    merge = merged(stored, safe_days=(Weekday.TUE, Weekday.WED), safe_from=time(9))
    assert merge.result.safe_days == (Weekday.TUE,)
    assert merge.result.safe_from == time(10)
    assert merge.changed == ("safe_days",)
    assert merge.refused_loosening == ("safe_days", "safe_from")


def test_a_newer_check_may_widen_days_and_hours():
    stored = replace(STORED, safe_days=(Weekday.MON,), safe_from=time(10))
    merge = merged(stored, safe_days=tuple(Weekday), safe_from=time(9), safety_checked_on=LATER)
    assert merge.result.safe_days == tuple(Weekday)
    assert merge.refused_loosening == ()


def test_what_staff_checked_replaces_all_and_a_blank_clears():
    stated = SafetyDetails(number=NEW, sms_safe=YES, safety_checked_on=TODAY)
    assert restate_safety(STORED, stated).result == stated


def test_a_number_that_staff_change_without_a_word_on_its_safety_is_unconfirmed():
    stated = replace(STORED, number=NEW, sms_safe=None, call_safe=UNKNOWN)
    result = restate_safety(STORED, stated).result
    assert result.is_number_unconfirmed
    assert result.call_safe is UNKNOWN


RECORDED = st.sampled_from([None, *Recorded])
NUMBERS = st.none() | st.sampled_from(
    [
        MINE,
        NEW,
        RecordedNumber("0121 496 0001", NumberKind.UK_LANDLINE, "hash-3"),
        RecordedNumber("+33 6 39 98 00 01", NumberKind.FOREIGN, "hash-4"),
        RecordedNumber("12", NumberKind.INVALID),
    ]
)


@st.composite
def details(draw: st.DrawFn, *, of_file: bool = False) -> SafetyDetails:
    """Any safety details, stored or said by a file."""
    hours = draw(any_hours())
    return SafetyDetails(
        number=draw(NUMBERS),
        sms_consent=draw(RECORDED),
        sms_safe=draw(RECORDED),
        sms_preferred=draw(RECORDED),
        call_safe=draw(RECORDED),
        do_not_contact=draw(RECORDED),
        name_service=draw(RECORDED),
        safe_days=hours.days,
        safe_from=hours.opens,
        safe_until=hours.closes,
        safety_checked_on=draw(st.none() | st.dates(date(2026, 7, 1), date(2026, 12, 1))),
        is_number_unconfirmed=False if of_file else draw(st.booleans()),
    )


def facts_of(person: SafetyDetails, **changes: Any) -> ContactFacts:
    """The contact rule's facts of someone of whom this is recorded."""
    return facts(
        number_kind=NumberKind.NONE if person.number is None else person.number.kind,
        is_number_unconfirmed=person.is_number_unconfirmed,
        sms_consent=person.sms_consent,
        sms_safe=person.sms_safe,
        sms_preferred=person.sms_preferred,
        call_safe=person.call_safe,
        do_not_contact=person.do_not_contact,
        safety_checked_on=person.safety_checked_on,
        person_hours=person.hours,
        **changes,
    )


INSTANTS = st.integers(0, 14 * 24 * 4).map(lambda n: NOON + timedelta(minutes=15 * n))


@given(
    details(),
    details(of_file=True),
    INSTANTS,
    st.sampled_from([frozenset(), frozenset({Flag.STALKING})]),
    st.booleans(),
    st.sampled_from(list(Channel)),
)
def test_without_a_newer_check_no_verdict_that_was_no_becomes_yes(
    stored: SafetyDetails,
    said: SafetyDetails,
    now: datetime,
    flags: frozenset[Flag],
    was_shared: bool,
    channel: Channel,
):
    said = replace(said, safety_checked_on=None)
    result = merge_safety(stored, said, file_day=now.astimezone(LONDON).date()).result
    # Whoever shared the old number does not share the new one.
    is_shared = was_shared and result.number == stored.number
    before = judge(channel, facts_of(stored, flags=flags, is_number_shared=was_shared), now)
    after = judge(channel, facts_of(result, flags=flags, is_number_shared=is_shared), now)
    if before.outcome is Outcome.NO:
        assert after.outcome is Outcome.NO, (before, after)
    if before.outcome is Outcome.LATER:
        assert after.outcome is not Outcome.YES, (before, after)


@given(details(), details(of_file=True))
def test_the_same_row_again_changes_nothing(stored: SafetyDetails, said: SafetyDetails):
    once = merge_safety(stored, said, file_day=TODAY).result
    again = merge_safety(once, said, file_day=TODAY)
    assert again.changed == ()


@given(details(of_file=True))
def test_a_first_row_again_changes_nothing(said: SafetyDetails):
    once = merge_safety(None, said, file_day=TODAY).result
    assert merge_safety(once, said, file_day=TODAY).changed == ()


FLAGS = st.none() | st.frozensets(st.sampled_from(list(Flag)), max_size=3)


@given(FLAGS, FLAGS)
def test_flags_are_only_added_without_a_newer_check(stored, said):
    merge = merge_flags(stored, said, is_newer=False)
    if stored is None:
        assert merge.result is None
    else:
        assert merge.result == stored | (said or frozenset())
    assert merge.is_changed == (merge.result != stored)
    assert merge.is_loosening_refused == (said is not None and merge.result != said)


def test_a_newer_check_may_remove_flags_and_a_blank_says_nothing():
    stalked = frozenset({Flag.STALKING})
    assert merge_flags(stalked, frozenset(), is_newer=True).result == frozenset()
    assert merge_flags(stalked, None, is_newer=True).result == stalked
    assert merge_flags(None, frozenset(), is_newer=True).result == frozenset()


def test_a_crime_category_that_no_longer_counts_as_a_flag_leaves_it_behind():
    merge = merge_flags(frozenset(), None, is_newer=False, meant=Flag.STALKING)
    assert merge.result == {Flag.STALKING}
    assert merge_flags(frozenset(), None, is_newer=True, meant=Flag.STALKING).result == frozenset()
    assert merge_flags(None, None, is_newer=False, meant=Flag.STALKING).result is None


@pytest.mark.parametrize(
    ("stored", "said", "is_newer", "is_child", "kept"),
    [
        (None, date(2012, 1, 1), False, False, date(2012, 1, 1)),
        (None, date(1980, 1, 1), False, True, None),
        (None, date(1980, 1, 1), True, True, date(1980, 1, 1)),
        (date(2012, 1, 1), date(1980, 1, 1), False, False, date(2012, 1, 1)),
        (date(2012, 1, 1), date(1980, 1, 1), True, False, date(1980, 1, 1)),
        (date(1980, 1, 1), date(2012, 1, 1), False, False, date(2012, 1, 1)),
        (date(1980, 1, 1), None, True, False, date(1980, 1, 1)),
        (None, None, False, True, None),
    ],
)
def test_a_birth_date_makes_someone_younger_but_not_older(stored, said, is_newer, is_child, kept):
    assert merge_birth_date(stored, said, is_newer=is_newer, is_flagged_child=is_child) == kept
