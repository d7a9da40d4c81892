"""Builders of Report JSON (FORMATS.md): `a_report()`, for pages and charts that only show one."""

from typing import Any

from survey_app.domain.statistics import rate

SUPPRESSED = "[c]"


def a_rate(numerator: int, denominator: int) -> dict[str, Any]:
    """A RATE, computed as everywhere."""
    found = rate(numerator, denominator)
    return {
        "numerator": found.numerator,
        "denominator": found.denominator,
        "percent": found.percent,
        "low": found.low,
        "high": found.high,
        "suppressed": None,
    }


def a_suppressed_rate(denominator: int | None = None) -> dict[str, Any]:
    """A RATE of which only the base may be shown, or not even that."""
    return {
        "numerator": None,
        "denominator": denominator,
        "percent": None,
        "low": None,
        "high": None,
        "suppressed": SUPPRESSED,
    }


def a_measure(measure: str, rate_: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """One satisfaction row of tier 2."""
    outside = {"blank": 0, "does_not_apply": 0, "prefer_not_to_say": 0, "not_needed": 0}
    return {
        "tier": "2",
        "instrument": "sus-tier-2",
        "measure": measure,
        "rate": rate_,
        "outside_base": outside | facts.pop("outside_base", {}),
        "all_asked": None,
    } | facts


def an_outcome(area: str, improved: int, well: int, low: int, declined: int) -> dict[str, Any]:
    """One outcome row, nobody suppressed; half of the improved had room to."""
    paired = improved + well + low + declined
    return {
        "area": area,
        "instrument": "self-assessment",
        "paired": paired,
        "paired_with_review": 0,
        "improved": improved,
        "sustained_well": well,
        "sustained_low": low,
        "declined": declined,
        "baseline_only": 12,
        "closure_only": 7,
        "improved_or_sustained": a_rate(paired - declined, paired),
        "improved_rate": a_rate(improved, paired),
        "improved_with_room": a_rate(improved, paired),
    }


def a_star(area: str, first: float | None, last: float | None, paired: int = 20) -> dict[str, Any]:
    """One star row: everyone went up."""
    return {
        "instrument": "adult-star",
        "area": area,
        "paired": paired,
        "increased": paired,
        "maintained": 0,
        "decreased": 0,
        "one_reading_only": 3,
        "first": {"median": first, "mean": first},
        "last": {"median": last, "mean": last},
        "increased_rate": a_rate(paired, paired),
    }


def a_ladder_row(tier: str, *steps: int, target: float | None = 70) -> dict[str, Any]:
    """One ladder row from its seven counts, supported to completed."""
    names = ("supported", "eligible", "contactable", "asked", "reached", "started", "completed")
    found: dict[str, Any] = {"tier": tier} | dict(zip(names, steps, strict=True))
    return found | {
        "texts": {"sent": found["asked"], "delivered": found["reached"], "failed": 0},
        "opted_out": 1,
        "expired": 2,
        "not_asked": {"no-consent": found["eligible"] - found["asked"]},
        "completed_by_mode": {"sms-link": found["completed"]},
        "completed_of_eligible": a_rate(found["completed"], found["eligible"]),
        "completed_of_supported": a_rate(found["completed"], found["supported"]),
        "target": target,
    }


def a_report(**facts: Any) -> dict[str, Any]:
    """A whole report of one quarter, like the published one of DOMAIN.md."""
    return {
        "service": "west",
        "period": {
            "code": "2026-Q2",
            "from": "2026-07-01",
            "to": "2026-09-30",
            "provisional": False,
        },
        "basis": "closed",
        "audience": "staff",
        "definitions_version": "1",
        "ladder": [
            a_ladder_row("1", 400, 360, 300, 250, 220, 140, 100),
            a_ladder_row("2", 250, 240, 200, 190, 180, 130, 112),
            a_ladder_row("all", 650, 600, 500, 440, 400, 270, 212),
        ],
        "satisfaction": [
            a_measure("satisfied", a_rate(74, 100), tier="1", instrument="sus-tier-1"),
            a_measure("feeling-safer", a_rate(56, 100), tier="1", instrument="sus-tier-1"),
            a_measure("satisfied", a_rate(105, 112)),
            a_measure("easy-to-access", a_rate(108, 112)),
            a_measure("dealings-with-agencies", a_rate(53, 112), outside_base={"blank": 3}),
            a_measure("affected-confidence", a_rate(112, 112)),
            a_measure("helped-confidence", a_rate(68, 112), all_asked=a_rate(68, 112)),
            a_measure("affected-accommodation", a_rate(37, 112)),
            a_measure("helped-accommodation", a_rate(0, 0), all_asked=a_rate(0, 112)),
        ],
        "outcomes": [
            an_outcome("health-and-wellbeing", 60, 20, 14, 6),
            an_outcome("ability-to-cope", 70, 15, 9, 6),
            an_outcome("feeling-safe", 45, 30, 15, 10),
            an_outcome("informed-and-empowered", 52, 33, 10, 5),
        ],
        "stars": [a_star("safety", 4, 7), a_star("home", 5, 5.5), a_star("money", None, None, 0)],
        "stars_overall": [{"instrument": "adult-star", "any_area_increased": a_rate(18, 20)}],
    } | facts
