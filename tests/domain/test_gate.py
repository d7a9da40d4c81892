"""Each condition of the gate, by what meets it and what does not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from survey_app.domain.gate import (
    CONDITIONS,
    WAIVABLE,
    ConditionId,
    GateFacts,
    Lack,
    ProviderCheckResult,
    Unmet,
    unmet_conditions,
)
from survey_app.reporting.gate_words import gate_words
from tests.world import NOON

WEEK = timedelta(days=7)
READY = GateFacts(
    now=NOON,
    missing_privacy_words={"en": (), "cy": ()},
    provider_check=ProviderCheckResult(NOON - WEEK, has_passed=True),
    shadow_since=NOON - WEEK,
    shadow_decisions=0,
    is_shadow_confirmed=True,
    unseen_texts=(),
    managers_with_factor=frozenset({1}),
    may_cover=frozenset({1, 2}),
    has_alert_owner=True,
    has_due_hours=True,
    has_help_lines=True,
)


def test_nothing_is_missing_where_every_condition_is_met():
    assert unmet_conditions(READY) == ()


@pytest.mark.parametrize(
    ("facts", "condition", "lacks"),
    [
        (
            {"missing_privacy_words": {"en": (), "cy": ("rights",)}},
            ConditionId.PRIVACY_WORDS,
            ("cy",),
        ),
        ({"provider_check": None}, ConditionId.PROVIDER_CHECK, (Lack.NEVER_CHECKED,)),
        (
            {"provider_check": ProviderCheckResult(NOON, has_passed=False)},
            ConditionId.PROVIDER_CHECK,
            (Lack.CHECK_FAILED,),
        ),
        (
            {"provider_check": ProviderCheckResult(NOON - WEEK - timedelta(seconds=1), True)},
            ConditionId.PROVIDER_CHECK,
            (Lack.CHECK_TOO_OLD,),
        ),
        (
            {"shadow_since": NOON - WEEK + timedelta(seconds=1), "shadow_decisions": 19},
            ConditionId.SHADOW_LOOKED_AT,
            (Lack.SHADOW_TOO_SHORT,),
        ),
        (
            {"is_shadow_confirmed": False},
            ConditionId.SHADOW_LOOKED_AT,
            (Lack.SHADOW_NOT_CONFIRMED,),
        ),
        ({"unseen_texts": ("cy", "pl")}, ConditionId.EXPECTED_TEXT, ("cy", "pl")),
        ({"managers_with_factor": frozenset()}, ConditionId.MANAGER_SIGNS_IN, (Lack.MANAGER,)),
        ({"may_cover": frozenset({1})}, ConditionId.MANAGER_SIGNS_IN, (Lack.COVER,)),
        ({"may_cover": frozenset()}, ConditionId.MANAGER_SIGNS_IN, (Lack.COVER,)),
        ({"has_alert_owner": False}, ConditionId.ALERT_COVER, (Lack.ALERT_OWNER,)),
        (
            {"has_due_hours": False, "has_help_lines": False},
            ConditionId.ALERT_COVER,
            (Lack.DUE_HOURS, Lack.HELP_LINES),
        ),
    ],
)
def test_what_is_missing_is_named_and_nothing_else_is(facts, condition, lacks):
    unmet = unmet_conditions(replace(READY, **facts))
    assert unmet == (Unmet(condition, lacks),)
    words = gate_words(unmet[0], "north")
    assert words.says.endswith(".")
    assert words.do
    assert "{" not in words.says + words.do


@pytest.mark.parametrize(
    "facts",
    [
        {"shadow_since": NOON, "shadow_decisions": 20},
        {"shadow_since": NOON - WEEK, "shadow_decisions": 0},
        {"managers_with_factor": frozenset({1, 2}), "may_cover": frozenset({1})},
    ],
)
def test_twenty_decisions_or_a_week_are_enough_and_managers_cover_each_other(facts):
    assert unmet_conditions(replace(READY, **facts)) == ()


def test_every_condition_has_a_row_and_only_two_may_be_waived():
    assert [condition.id for condition in CONDITIONS] == list(ConditionId)
    assert {ConditionId.SHADOW_LOOKED_AT, ConditionId.EXPECTED_TEXT} == WAIVABLE


def test_the_command_says_which_service_to_check():
    unmet = Unmet(ConditionId.PROVIDER_CHECK, (Lack.NEVER_CHECKED,))
    assert gate_words(unmet, "north").do.endswith("check-provider --service north")
