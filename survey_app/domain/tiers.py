"""Which tier is a case in, and may it be asked at closure?

The tier table is data of the programme (DOMAIN.md, "Tiers"); the first row that fits wins.
"""

from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.programmes import Programme
from survey_app.domain.tier_table import Tier


class NotEligibleReason(StrEnum):
    """Why a case is not asked at closure. The last six are the closure reasons."""

    CARE_UNIT = "care-unit"
    NO_DELIVERY = "no-delivery"
    NO_TIER = "no-tier"
    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDREW = "withdrew"
    NO_CONTACT = "no-contact"
    TRANSFERRED = "transferred"
    OTHER = "other"


@dataclass(frozen=True)
class Eligible:
    """The case may be asked at closure what its tier is asked."""

    tier: Tier


@dataclass(frozen=True)
class NotEligible:
    """The case is not asked at closure; its tier still says in which row of the ladder it is."""

    tier: Tier
    reason: NotEligibleReason


def tier_for(programme: Programme, support_level: SupportLevel, deliveries: int) -> Tier:
    """Return the tier of the first row of the tier table that a case meets, `none` without one."""
    met = (rule.tier for rule in programme.tiers if rule.is_met_by(support_level, deliveries))
    return next(met, Tier.NONE)


def eligibility(
    programme: Programme,
    *,
    support_level: SupportLevel,
    deliveries: int,
    closure_reason: ClosureReason | None,
) -> Eligible | NotEligible:
    """Say whether a case may be asked at closure, as FORMATS.md defines *eligible*.

    A missing tier outweighs a closure reason that the programme leaves out, so that each case is
    counted with one reason.
    """
    tier = tier_for(programme, support_level, deliveries)
    if tier is Tier.NONE:
        return NotEligible(tier, _why_no_tier(programme, support_level, deliveries))
    if closure_reason is not None and closure_reason in programme.not_asked_closure_reasons:
        return NotEligible(tier, NotEligibleReason(closure_reason.value))
    return Eligible(tier)


def _why_no_tier(
    programme: Programme, support_level: SupportLevel, deliveries: int
) -> NotEligibleReason:
    is_level_in = any(support_level in rule.support_levels for rule in programme.tiers)
    if support_level is SupportLevel.CARE_UNIT and not is_level_in:
        return NotEligibleReason.CARE_UNIT
    if deliveries == 0:
        return NotEligibleReason.NO_DELIVERY
    return NotEligibleReason.NO_TIER
