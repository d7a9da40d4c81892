"""The contact rule: each reason, their order, and what each channel is refused for."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import Flag, NumberKind, Recorded, Weekday
from survey_app.domain.contact_facts import BIRTH_DATE, MOBILE, ContactFacts
from survey_app.domain.requests import Channel, RequestState
from survey_app.domain.safe_contact import Outcome, Refusal, Verdict, judge
from survey_app.domain.safe_hours import SafeHours, are_all_open_at
from tests.domain.contact_cases import ALL_WELL, NOON, SERVICE_HOURS, facts
from tests.domain.test_safe_hours import INSTANTS, any_hours

SMS, PHONE, IN_PERSON = Channel.SMS, Channel.PHONE, Channel.IN_PERSON
YES, NO, UNKNOWN = Recorded.YES, Recorded.NO, Recorded.UNKNOWN
BOTH, TEXT, CALL = {SMS, PHONE}, {SMS}, {PHONE}
ALL = {SMS, PHONE, IN_PERSON, Channel.CASEWORKER}

SPOILED: list[tuple[Refusal, dict[str, Any], set[Channel]]] = [
    (Refusal.DO_NOT_CONTACT, {"do_not_contact": YES}, ALL),
    (Refusal.DO_NOT_CONTACT, {"do_not_contact": UNKNOWN}, ALL),
    (Refusal.OPTED_OUT, {"has_opted_out": True}, BOTH),
    (Refusal.UNSAFE, {"sms_safe": NO}, BOTH),
    (Refusal.CALL_UNSAFE, {"call_safe": NO}, CALL),
    (Refusal.SHARED_NUMBER, {"is_number_shared": True}, BOTH),
    (Refusal.FACTS_CONTRADICT, {"is_held": True}, BOTH),
    (Refusal.FACTS_CONTRADICT, {"is_held": True, "is_held_in_person": True}, ALL),
    (Refusal.NUMBER_CHANGED, {"is_number_unconfirmed": True}, BOTH),
    (Refusal.UNREADABLE, {"unreadable": frozenset({MOBILE})}, BOTH),
    (Refusal.AWAITS_RELEASE, {"flags": frozenset({Flag.BEREAVED})}, ALL),
    (Refusal.AWAITS_RELEASE, {"flags": frozenset({Flag.HOMICIDE})}, ALL),
    (Refusal.TOO_YOUNG, {"born_on": date(2013, 11, 19), "has_age_decision": True}, BOTH),
    (Refusal.AGE_DECISION_NEEDED, {"born_on": date(2010, 11, 19)}, ALL),
    (Refusal.AGE_DECISION_NEEDED, {"born_on": None, "flags": frozenset({Flag.CHILD})}, ALL),
    (Refusal.FLAGS_NOT_RECORDED, {"are_flags_recorded": False}, BOTH),
    (Refusal.NO_NUMBER, {"number_kind": NumberKind.NONE}, BOTH),
    (Refusal.INVALID_NUMBER, {"number_kind": NumberKind.INVALID}, BOTH),
    (Refusal.PREMIUM_NUMBER, {"number_kind": NumberKind.UK_PREMIUM}, BOTH),
    (Refusal.LANDLINE, {"number_kind": NumberKind.UK_LANDLINE}, TEXT),
    (Refusal.FOREIGN_NUMBER, {"number_kind": NumberKind.FOREIGN}, TEXT),
    (Refusal.SAFE_NOT_CONFIRMED, {"sms_safe": None}, BOTH),
    (Refusal.SAFE_NOT_CONFIRMED, {"sms_safe": UNKNOWN}, BOTH),
    (Refusal.CALL_SAFE_NOT_CONFIRMED, {"call_safe": None}, CALL),
    (Refusal.CALL_SAFE_NOT_CONFIRMED, {"call_safe": UNKNOWN}, CALL),
    (Refusal.TEXT_NOT_PREFERRED, {"flags": frozenset({Flag.DOMESTIC_ABUSE})}, TEXT),
    (Refusal.NO_CONSENT, {"sms_consent": None}, TEXT),
    (Refusal.NO_CONSENT, {"sms_consent": NO}, TEXT),
    (Refusal.NO_CONSENT, {"sms_consent": UNKNOWN}, TEXT),
    (Refusal.SAFETY_DETAILS_STALE, {"safety_checked_on": None}, BOTH),
    (Refusal.SAFETY_DETAILS_STALE, {"safety_checked_on": date(2026, 8, 19)}, BOTH),
    (Refusal.CASE_TRANSFERRED, {"is_case_transferred": True}, ALL),
    (Refusal.REQUEST_WITHDRAWN, {"request_state": RequestState.WITHDRAWN}, ALL),
    (Refusal.REQUEST_FINISHED, {"request_state": RequestState.COMPLETED}, ALL),
    (Refusal.REQUEST_EXPIRED, {"request_state": RequestState.EXPIRED}, ALL),
    (Refusal.REQUEST_EXPIRED, {"expires_at": NOON}, ALL),
    (Refusal.NO_SAFE_TIME, {"person_hours": SafeHours(None, time(21), time(8))}, BOTH),
    (Refusal.NO_SAFE_TIME, {"person_hours": SafeHours(())}, BOTH),
]


@pytest.mark.parametrize("channel", list(Channel))
def test_someone_of_whom_all_is_recorded_may_be_contacted(channel: Channel):
    assert judge(channel, ALL_WELL, NOON) == Verdict(Outcome.YES)


@pytest.mark.parametrize(("reason", "changes", "channels"), SPOILED)
def test_each_reason_refuses_its_channels_and_no_other(reason, changes, channels):
    for channel in Channel:
        verdict = judge(channel, facts(**changes), NOON)
        expected = Verdict(Outcome.NO, reason) if channel in channels else Verdict(Outcome.YES)
        assert verdict == expected, channel


PAIRS = [
    (one, other)
    for one, other in combinations(SPOILED, 2)
    if not one[1].keys() & other[1].keys()  # a fact can be spoiled in one way at a time
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_of_two_reasons_the_more_serious_is_given(one, other):
    for channel in one[2] & other[2]:
        first = min(one[0], other[0], key=list(Refusal).index)
        assert judge(channel, facts(**one[1], **other[1]), NOON).reason is first, channel


def test_every_refusal_has_its_case_in_the_table():
    later = {Refusal.TEXTED_LATELY, Refusal.OUTSIDE_SAFE_HOURS}
    assert {reason for reason, _, _ in SPOILED} | later == set(Refusal)


def test_a_birth_date_that_cannot_be_read_is_no_adults_and_no_childs():
    unreadable = facts(unreadable=frozenset({BIRTH_DATE}), born_on=None)
    for channel in BOTH:
        assert judge(channel, unreadable, NOON).reason is Refusal.UNREADABLE
    assert judge(IN_PERSON, unreadable, NOON).reason is Refusal.AGE_DECISION_NEEDED
    decided = replace(unreadable, has_age_decision=True)
    assert judge(SMS, decided, NOON).reason is Refusal.UNREADABLE
    assert judge(IN_PERSON, decided, NOON).outcome is Outcome.YES


def test_facts_that_can_be_read_are_kept_as_they_were_before_there_was_such_a_fact():
    assert "unreadable" not in ALL_WELL.as_json()
    assert facts(unreadable=frozenset({MOBILE})).as_json()["unreadable"] == ["mobile"]


def test_do_not_contact_recorded_as_no_is_unset():
    assert judge(SMS, facts(do_not_contact=NO), NOON).outcome is Outcome.YES


@pytest.mark.parametrize(
    "flag", [Flag.DOMESTIC_ABUSE, Flag.SEXUAL_VIOLENCE, Flag.STALKING, Flag.HATE_CRIME]
)
@pytest.mark.parametrize("preferred", [None, NO, UNKNOWN, YES])
def test_flagged_crimes_need_text_as_the_preferred_method(flag: Flag, preferred):
    verdict = judge(SMS, facts(flags=frozenset({flag}), sms_preferred=preferred), NOON)
    assert (verdict.outcome is Outcome.YES) == (preferred is YES)


@pytest.mark.parametrize("flag", [Flag.HIGH_RISK, Flag.VULNERABLE, Flag.CHILD])
def test_other_flags_ask_for_nothing_more_of_an_adult(flag: Flag):
    assert judge(SMS, facts(flags=frozenset({flag})), NOON).outcome is Outcome.YES


@pytest.mark.parametrize("flag", [Flag.BEREAVED, Flag.HOMICIDE])
def test_a_released_case_may_be_asked(flag: Flag):
    released = facts(flags=frozenset({flag}), is_released=True)
    assert judge(SMS, released, NOON).outcome is Outcome.YES


def test_a_shared_number_may_be_used_once_a_person_decided():
    decided = facts(is_number_shared=True, is_shared_number_accepted=True)
    assert judge(SMS, decided, NOON).outcome is Outcome.YES


@pytest.mark.parametrize(
    ("born_on", "has_decision", "text", "in_person"),
    [
        (date(2010, 11, 18), False, None, None),  # sixteen today
        (date(2010, 11, 19), False, "age-decision-needed", "age-decision-needed"),
        (date(2010, 11, 19), True, None, None),
        (date(2013, 11, 18), True, None, None),  # thirteen today
        (date(2013, 11, 19), True, "too-young", None),
        (date(2013, 11, 19), False, "too-young", "age-decision-needed"),
        (None, False, None, None),
    ],
)
def test_children_need_a_decision_and_the_youngest_get_no_text(
    born_on, has_decision, text, in_person
):
    child = facts(born_on=born_on, has_age_decision=has_decision)
    assert judge(SMS, child, NOON).reason == text
    assert judge(IN_PERSON, child, NOON).reason == in_person


def test_a_child_whose_birth_date_is_blank_may_be_texted_after_a_decision():
    child = facts(born_on=None, flags=frozenset({Flag.CHILD}), has_age_decision=True)
    assert judge(SMS, child, NOON).outcome is Outcome.YES


def test_age_is_counted_in_london_where_the_birthday_begins_an_hour_early_in_summer():
    born = facts(born_on=date(2010, 7, 2), person_hours=SafeHours(), service_hours=SafeHours())
    before_midnight = datetime(2026, 7, 1, 22, 59, tzinfo=UTC)
    fresh = replace(born, safety_checked_on=date(2026, 7, 1))
    assert judge(SMS, fresh, before_midnight).reason is Refusal.AGE_DECISION_NEEDED
    assert judge(SMS, fresh, before_midnight + timedelta(minutes=1)).outcome is Outcome.YES


@pytest.mark.parametrize(("days", "is_stale"), [(0, False), (90, False), (91, True)])
def test_safety_details_hold_for_as_many_days_as_the_programme_says(days: int, is_stale: bool):
    checked = facts(safety_checked_on=NOON.date() - timedelta(days=days))
    assert (judge(SMS, checked, NOON).reason is Refusal.SAFETY_DETAILS_STALE) == is_stale


def test_a_landline_may_be_called_though_nobody_asked_whether_texts_to_it_are_safe():
    landline = facts(number_kind=NumberKind.UK_LANDLINE, sms_safe=None, sms_consent=None)
    assert judge(PHONE, landline, NOON).outcome is Outcome.YES
    assert judge(SMS, landline, NOON).reason is Refusal.LANDLINE
    assert judge(PHONE, replace(landline, sms_safe=UNKNOWN), NOON).outcome is Outcome.NO
    assert judge(PHONE, replace(landline, sms_safe=NO), NOON).reason is Refusal.UNSAFE


def test_a_second_first_text_waits_until_the_cap_is_over():
    texted_at = NOON - timedelta(days=14) + timedelta(minutes=5)
    verdict = judge(SMS, facts(last_first_text_at=texted_at), NOON)
    until = texted_at + timedelta(days=14)
    assert verdict == Verdict(Outcome.LATER, Refusal.TEXTED_LATELY, until)
    assert judge(SMS, facts(last_first_text_at=texted_at), until).outcome is Outcome.YES


def test_the_cap_ends_inside_safe_hours():
    late = datetime(2026, 11, 10, 21, 30, tzinfo=UTC)
    verdict = judge(SMS, facts(last_first_text_at=late), NOON)
    assert verdict.until == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_reminders_and_calls_know_no_cap():
    texted = facts(last_first_text_at=NOON - timedelta(days=1))
    assert judge(SMS, replace(texted, is_first_text=False), NOON).outcome is Outcome.YES
    assert judge(PHONE, texted, NOON).outcome is Outcome.YES


def test_a_refusal_outweighs_having_to_wait():
    both = facts(sms_consent=NO, last_first_text_at=NOON - timedelta(days=1))
    assert judge(SMS, both, NOON) == Verdict(Outcome.NO, Refusal.NO_CONSENT)


@pytest.mark.parametrize("channel", [SMS, PHONE])
def test_outside_safe_hours_it_waits_for_the_next_opening(channel: Channel):
    hours = SafeHours((Weekday.MON, Weekday.TUE), time(18), time(21))
    verdict = judge(channel, facts(person_hours=hours), NOON)
    opening = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assert verdict == Verdict(Outcome.LATER, Refusal.OUTSIDE_SAFE_HOURS, opening)


def test_a_service_that_leaves_bank_holidays_out_waits_for_the_day_after():
    christmas = datetime(2026, 12, 25, 12, 0, tzinfo=UTC)
    until = datetime(2026, 12, 27, 9, 0, tzinfo=UTC)  # a Sunday; Monday is a substitute day
    terms = {"expires_at": NOON + timedelta(days=60)}
    working = facts(service_hours=replace(SERVICE_HOURS, skips_bank_holidays=True), **terms)
    later = Verdict(Outcome.LATER, Refusal.OUTSIDE_SAFE_HOURS, until)
    for channel in (SMS, PHONE):
        assert judge(channel, working, christmas) == later
        assert judge(channel, facts(**terms), christmas).outcome is Outcome.YES
    assert judge(IN_PERSON, working, christmas).outcome is Outcome.YES
    assert working.as_json()["service_hours"]["skips_bank_holidays"] is True


def test_in_person_nobody_waits_for_safe_hours():
    midnight = NOON.replace(hour=0)
    assert judge(IN_PERSON, ALL_WELL, midnight).outcome is Outcome.YES
    assert judge(SMS, ALL_WELL, midnight).outcome is Outcome.LATER


def test_facts_are_json_that_is_the_same_for_equal_facts():
    one = facts(flags=frozenset({Flag.STALKING, Flag.CHILD}), last_first_text_at=NOON)
    again = facts(flags=frozenset({Flag.CHILD, Flag.STALKING}), last_first_text_at=NOON)
    assert one.as_json() == again.as_json()
    assert one.as_json()["flags"] == ["child", "stalking"]
    assert one.as_json()["service_hours"] == {
        "days": None,
        "opens": "09:00:00",
        "closes": "20:00:00",
    }


RECORDED = st.sampled_from([None, *Recorded])


@st.composite
def any_facts(draw: st.DrawFn) -> ContactFacts:
    """Facts with a few of them spoiled, so that both answers come up often."""
    fresh = facts(
        person_hours=draw(any_hours()),
        last_first_text_at=draw(st.none() | INSTANTS),
        is_first_text=draw(st.booleans()),
        cap_days=draw(st.integers(0, 30)),
        expires_at=NOON + timedelta(days=800),
        safety_checked_on=None,
        stale_after_days=10_000,
    )
    changes: dict[str, Any] = {"safety_checked_on": date(2026, 1, 1)}
    for _, spoiled, _ in draw(st.lists(st.sampled_from(SPOILED), max_size=2)):
        changes |= spoiled
    for name in draw(st.sets(st.sampled_from(["sms_preferred", "sms_safe", "call_safe"]))):
        changes[name] = draw(RECORDED)
    return replace(fresh, **{"stale_after_days": 10_000, **changes})


def _lacks(said: ContactFacts, now: datetime) -> bool:
    """Whether a fact that safety rule 1 requires of a text is missing, told apart from the rule."""
    is_flagged = bool(
        said.flags & {Flag.DOMESTIC_ABUSE, Flag.SEXUAL_VIOLENCE, Flag.STALKING, Flag.HATE_CRIME}
    )
    is_grieving = bool(said.flags & {Flag.BEREAVED, Flag.HOMICIDE})
    return (
        said.sms_consent != "yes"
        or said.sms_safe != "yes"
        or said.number_kind != "uk-mobile"
        or not said.are_flags_recorded
        or said.do_not_contact in ("yes", "unknown")
        or said.has_opted_out
        or (is_flagged and said.sms_preferred != "yes")
        or (is_grieving and not said.is_released)
        or (said.is_number_shared and not said.is_shared_number_accepted)
        or said.is_number_unconfirmed
        or said.is_held
        or said.safety_checked_on is None
        or not said.request_state.is_open
        or said.expires_at <= now
    )


@given(any_facts(), INSTANTS)
def test_no_text_may_go_when_a_required_fact_is_missing(said: ContactFacts, now: datetime):
    verdict = judge(SMS, said, now)
    if _lacks(said, now):
        assert verdict.outcome is Outcome.NO


@given(any_facts(), INSTANTS)
def test_nobody_is_called_who_is_refused_a_text_for_their_safety(said: ContactFacts, now: datetime):
    grave = {
        Refusal.DO_NOT_CONTACT,
        Refusal.OPTED_OUT,
        Refusal.UNSAFE,
        Refusal.SHARED_NUMBER,
        Refusal.FACTS_CONTRADICT,
        Refusal.SAFE_NOT_CONFIRMED,
    }
    if judge(SMS, said, now).reason in grave:
        assert judge(PHONE, said, now).outcome is Outcome.NO
    if said.call_safe is not YES:
        assert judge(PHONE, said, now).outcome is Outcome.NO


@given(any_facts(), INSTANTS, st.sampled_from([SMS, PHONE]))
def test_who_has_to_wait_waits_for_a_moment_that_is_allowed(
    said: ContactFacts, now: datetime, channel: Channel
):
    verdict = judge(channel, said, now)
    if verdict.outcome is Outcome.LATER:
        assert verdict.until is not None
        assert verdict.until > now
        assert are_all_open_at((said.person_hours, said.service_hours), verdict.until)
        assert judge(channel, said, verdict.until).outcome in (Outcome.YES, Outcome.NO)
    else:
        assert verdict.until is None
    assert (verdict.reason is None) == (verdict.outcome is Outcome.YES)
