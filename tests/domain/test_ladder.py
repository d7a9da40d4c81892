"""The ladder: each step contains the later ones, and everyone not asked has one reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ladder import (
    STEPS,
    TIERS,
    LadderFacts,
    UnknownTierError,
    ladder,
    steps_of,
    why_not_asked,
)

ASKED = LadderFacts(tier="2", has_delivery=True, is_contactable=True, was_asked=True)
WAITING = LadderFacts(tier="2", has_delivery=True)


@pytest.mark.parametrize(
    ("facts", "steps", "reason"),
    [
        (replace(WAITING, has_delivery=False), (), "no-delivery"),
        (LadderFacts("none", has_delivery=True), STEPS[:1], "care-unit"),
        (replace(WAITING, ineligible="declined"), STEPS[:1], "declined"),
        (replace(WAITING, is_too_late=True), STEPS[:2], "too-late"),
        (replace(WAITING, refusal="no-consent"), STEPS[:2], "no-consent"),
        (replace(WAITING, refusal="no-consent", is_contactable=True), STEPS[:3], "no-consent"),
        (replace(WAITING, is_contactable=True, is_deferred=True), STEPS[:3], "deferred"),
        (replace(WAITING, is_due=False), STEPS[:2], "not-yet-due"),
        (replace(WAITING, is_contactable=True), STEPS[:3], "not-sent"),
        (replace(WAITING, refusal="no-consent", is_too_late=True), STEPS[:2], "too-late"),
        (
            replace(WAITING, was_withdrawn=True, is_contactable=True),
            STEPS[:3],
            "withdrawn-at-go-live",
        ),
        (replace(WAITING, was_withdrawn=True, refusal="unsafe"), STEPS[:2], "withdrawn-at-go-live"),
        (replace(ASKED, was_withdrawn=True), STEPS[:4], None),
        (ASKED, STEPS[:4], None),
        (replace(ASKED, refusal="opted-out"), STEPS[:4], None),
        (replace(ASKED, was_reached=True), STEPS[:5], None),
        (replace(ASKED, has_started=True), STEPS[:6], None),
        (replace(WAITING, has_completed=True), STEPS, None),
        (replace(ASKED, has_completed=True, ineligible="transferred"), STEPS[:1], "transferred"),
        (replace(ASKED, has_completed=True, has_delivery=False), (), "no-delivery"),
    ],
)
def test_steps_and_the_reason_for_not_asking(facts, steps, reason):
    assert steps_of(facts) == steps
    assert why_not_asked(facts) == reason


facts_of_cases = st.builds(
    LadderFacts,
    tier=st.sampled_from(TIERS),
    has_delivery=st.booleans(),
    ineligible=st.sampled_from([None, "declined", "no-contact"]),
    is_too_late=st.booleans(),
    is_contactable=st.booleans(),
    was_asked=st.booleans(),
    was_reached=st.booleans(),
    has_started=st.booleans(),
    has_completed=st.booleans(),
    has_expired=st.booleans(),
    has_opted_out=st.booleans(),
    was_withdrawn=st.booleans(),
    refusal=st.sampled_from([None, "no-consent", "shared-number"]),
    is_deferred=st.booleans(),
    is_due=st.booleans(),
    mode=st.just("phone"),
)
worlds = st.lists(st.tuples(facts_of_cases, st.integers(0, 50)), max_size=30)


@given(worlds)
def test_each_step_contains_the_later_ones_and_tiers_add_up(world):
    rows = ladder(world)
    assert [row.tier for row in rows] == [*TIERS, "all"]
    for row in rows:
        counts = [getattr(row, step) for step in STEPS]
        assert counts == sorted(counts, reverse=True)
        assert sum(row.completed_by_mode.values()) == row.completed
        assert row.expired <= row.asked
        assert row.opted_out <= row.eligible
    for key in (*STEPS, "opted_out", "expired"):
        assert getattr(rows[-1], key) == sum(getattr(row, key) for row in rows[:-1])


@given(worlds)
def test_everyone_supported_but_not_asked_has_exactly_one_reason(world):
    for row in ladder(world):
        reasons = dict(row.not_asked)
        without_delivery = reasons.pop("no-delivery", 0)
        assert sum(reasons.values()) == row.supported - row.asked
        undelivered = sum(n for facts, n in world if not facts.has_delivery)
        assert without_delivery == (undelivered if row.tier in ("none", "all") else 0)


@given(facts_of_cases, st.sampled_from(["is_contactable", "was_asked", "has_completed"]))
def test_a_further_fact_never_takes_a_step_back(facts, fact):
    assert set(steps_of(facts)) <= set(steps_of(replace(facts, **{fact: True})))


def test_a_ladder_of_nobody_has_all_its_rows():
    assert all(row.supported == 0 and not row.not_asked for row in ladder([]))


def test_a_tier_that_the_ladder_does_not_have_is_a_fault():
    with pytest.raises(UnknownTierError):
        ladder([(replace(ASKED, tier="4"), 1)])
