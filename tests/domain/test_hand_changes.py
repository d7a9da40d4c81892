"""A file repeats itself; it is heard where it says something that no hand has answered yet."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.case_conflicts import FieldChange, changed_since
from survey_app.domain.hand_changes import CLOSING, hear, hold, total_deliveries

FIELDS = ("support_level", "local_authority", "deliveries")
FACTS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["a", "b", None]))
EVERY = st.fixed_dictionaries({name: st.sampled_from(["a", "b", None]) for name in FIELDS})


def test_a_file_that_repeats_what_stood_before_says_nothing():
    held = hold({}, {"closed_on": None}, ["closed_on"])
    assert hear(held, {"closed_on": None, "deliveries": 2}) == ({"deliveries": 2}, held)


def test_a_file_that_says_something_new_is_heard_and_ends_the_hold():
    held = hold({}, {"support_level": "community"}, ["support_level"])
    assert hear(held, {"support_level": "caseworker"}) == ({"support_level": "caseworker"}, {})


def test_days_are_compared_as_days():
    held = hold({}, {"review_on": date(2026, 11, 1)}, ["review_on"])
    assert hear(held, {"review_on": date(2026, 11, 1)})[0] == {}


def test_whoever_says_one_part_of_a_closing_anew_says_all_of_it():
    held = hold({}, dict.fromkeys(CLOSING), CLOSING)
    said = {"closed_on": date(2026, 11, 9), "closure_reason": "completed", "closure_code": None}
    counts, left = hear(held, said)
    assert counts == said
    assert left == {"closure_detail": None}


@given(before=EVERY, said=FACTS)
def test_a_second_hand_does_not_make_the_file_forget_what_it_said_first(before, said):
    once = hold({}, before, FIELDS)
    assert hold(once, dict.fromkeys(FIELDS, "by hand"), FIELDS) == once
    counts, left = hear(once, said)
    assert all(before[name] != value for name, value in counts.items())
    assert hear(left, said)[0] == counts


@given(said=st.integers(0, 1000), here=st.integers(0, 1000))
def test_a_total_is_never_below_what_was_written_down_here(said, here):
    assert total_deliveries(said, here) in (said, here)
    assert total_deliveries(said, here) >= here


def test_only_fields_that_were_shown_and_differ_are_a_conflict():
    seen = {"flags": "none", "review_on": ""}
    stands = {"flags": "child", "review_on": "", "caseworker": "new@example.org"}
    assert changed_since(seen, stands) == (FieldChange("flags", "none", "child"),)
