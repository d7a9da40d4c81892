"""Which tier is a case in, and may it be asked at closure? The table of DOMAIN.md, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import (
    Eligible,
    NotEligible,
    NotEligibleReason,
    eligibility,
    tier_for,
)
from tests.domain.definitions import a_programme_of, raw_programme

PROGRAMME = a_programme_of()
CARE_UNIT_ON = a_programme_of(
    tiers=[
        {"tier": "1", "support_levels": ["care-unit"], "deliveries_from": 1},
        *raw_programme()["tiers"],
    ]
)


@pytest.mark.parametrize(
    ("level", "deliveries", "tier"),
    [
        ("care-unit", 0, "none"),
        ("care-unit", 5, "none"),
        ("community", 0, "none"),
        ("community", 1, "1"),
        ("community", 2, "1"),
        ("community", 3, "2"),
        ("community", 400, "2"),
        ("caseworker", 0, "none"),
        ("caseworker", 1, "3"),
        ("caseworker", 40, "3"),
    ],
)
def test_the_tier_goes_by_support_level_and_deliveries(
    level: str, deliveries: int, tier: str
) -> None:
    assert tier_for(PROGRAMME, SupportLevel(level), deliveries) == tier


def test_a_service_may_switch_the_care_unit_on() -> None:
    assert tier_for(CARE_UNIT_ON, SupportLevel.CARE_UNIT, 1) is Tier.ONE


def test_the_first_row_that_fits_wins() -> None:
    rules = [
        {"tier": "2", "support_levels": ["community"], "deliveries_from": 2},
        {"tier": "1", "support_levels": ["community"], "deliveries_from": 1},
        {"tier": "3", "support_levels": ["caseworker"], "deliveries_from": 1},
    ]
    assert tier_for(a_programme_of(tiers=rules), SupportLevel.COMMUNITY, 2) is Tier.TWO


@pytest.mark.parametrize(
    ("level", "deliveries", "reason", "expected"),
    [
        ("community", 2, None, Eligible(Tier.ONE)),
        ("community", 2, "completed", Eligible(Tier.ONE)),
        ("community", 3, "withdrew", Eligible(Tier.TWO)),
        ("caseworker", 1, "other", Eligible(Tier.THREE)),
        ("community", 2, "declined", NotEligible(Tier.ONE, NotEligibleReason.DECLINED)),
        ("community", 3, "no-contact", NotEligible(Tier.TWO, NotEligibleReason.NO_CONTACT)),
        ("caseworker", 1, "transferred", NotEligible(Tier.THREE, NotEligibleReason.TRANSFERRED)),
        ("care-unit", 2, "completed", NotEligible(Tier.NONE, NotEligibleReason.CARE_UNIT)),
        ("care-unit", 0, "declined", NotEligible(Tier.NONE, NotEligibleReason.CARE_UNIT)),
        ("community", 0, "completed", NotEligible(Tier.NONE, NotEligibleReason.NO_DELIVERY)),
        ("caseworker", 0, "declined", NotEligible(Tier.NONE, NotEligibleReason.NO_DELIVERY)),
    ],
)
def test_who_may_be_asked_at_closure(
    level: str, deliveries: int, reason: str | None, expected: Eligible | NotEligible
) -> None:
    verdict = eligibility(
        PROGRAMME,
        support_level=SupportLevel(level),
        deliveries=deliveries,
        closure_reason=ClosureReason(reason) if reason else None,
    )
    assert verdict == expected


def test_a_switched_on_care_unit_still_needs_a_delivery() -> None:
    verdict = eligibility(
        CARE_UNIT_ON, support_level=SupportLevel.CARE_UNIT, deliveries=0, closure_reason=None
    )
    assert verdict == NotEligible(Tier.NONE, NotEligibleReason.NO_DELIVERY)


def test_a_gap_in_the_tier_table_has_a_reason_of_its_own() -> None:
    gap = a_programme_of(
        tiers=[
            {"tier": tier, "support_levels": ["community"], "deliveries_from": start}
            for tier, start in (("1", 3), ("2", 4), ("3", 5))
        ]
    )
    for level, deliveries in ((SupportLevel.COMMUNITY, 1), (SupportLevel.CASEWORKER, 1)):
        verdict = eligibility(gap, support_level=level, deliveries=deliveries, closure_reason=None)
        assert verdict == NotEligible(Tier.NONE, NotEligibleReason.NO_TIER)


@given(st.sampled_from(SupportLevel), st.integers(0, 50), st.sampled_from([None, *ClosureReason]))
def test_whoever_is_eligible_has_a_tier_and_a_delivery(
    level: SupportLevel, deliveries: int, reason: ClosureReason | None
) -> None:
    verdict = eligibility(
        PROGRAMME, support_level=level, deliveries=deliveries, closure_reason=reason
    )
    assert verdict.tier is tier_for(PROGRAMME, level, deliveries)
    if isinstance(verdict, Eligible):
        assert verdict.tier is not Tier.NONE
        assert deliveries > 0
        assert reason not in PROGRAMME.not_asked_closure_reasons
