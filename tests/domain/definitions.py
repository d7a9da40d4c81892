"""Small definitions for the domain's tests: what a file says, before it is parsed."""

from copy import deepcopy
from datetime import date
from typing import Any

from survey_app.domain.cases import SupportLevel
from survey_app.domain.instruments import Instrument, parse_instrument
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.domain.wave_plans import CaseFacts

PREFER_NOT = {"code": "prefer-not-to-say", "text": "I would rather not say"}


def yes_no(item_id: str, **parts: Any) -> dict[str, Any]:
    """A yes-no item without a measure."""
    options = [{"code": "yes", "text": "Yes"}, {"code": "no", "text": "No"}, PREFER_NOT]
    return {"id": item_id, "type": "yes-no", "text": "Well?", "options": options} | parts


def scale(item_id: str, top: int = 5, **parts: Any) -> dict[str, Any]:
    """A scale from 1 to `top`, best last, read as an area of its own name."""
    options: list[dict[str, Any]] = [
        {"code": str(n), "text": f"Step {n}", "value": n} for n in range(1, top + 1)
    ]
    return {
        "id": item_id,
        "type": "scale",
        "text": "How is it?",
        "options": [*options, PREFER_NOT],
        "outcome": item_id,
        "polarity": "higher-is-better",
        "minimum_change": 1,
        "doing_well_from": top - 1,
    } | parts


def text(item_id: str, **parts: Any) -> dict[str, Any]:
    """A free-text item."""
    return {"id": item_id, "type": "text", "text": "Anything else?"} | parts


def helped(item_id: str, affected: str, **parts: Any) -> dict[str, Any]:
    """Whether support helped, asked of those who were affected, with its measure."""
    codes = ("yes", "no", "not-needed", "prefer-not-to-say")
    return {
        "id": item_id,
        "type": "yes-no",
        "text": "Did it help?",
        "options": [{"code": code, "text": code} for code in codes],
        "ask_when": {"item": affected, "codes": ["yes"]},
        "measures": [
            {
                "key": item_id,
                "positive": ["yes"],
                "outside": ["not-needed", "prefer-not-to-say"],
            }
        ],
    } | parts


def raw_instrument(*items: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """What an instrument file says."""
    return {
        "key": "small",
        "version": "1",
        "kind": "survey",
        "title": "Small",
        "audience": "any",
        "licence": "own",
        "items": list(items),
    } | parts


def an_instrument_of(*items: dict[str, Any], **parts: Any) -> Instrument:
    """A parsed instrument; fails the test where the definition is faulty."""
    parsed = parse_instrument(raw_instrument(*items, **parts))
    assert isinstance(parsed, Instrument), parsed
    return parsed


ASK = {
    "instruments": ["self-assessment"],
    "channels": ["sms"],
    "after_days": 3,
    "expires_after_days": 28,
    "reminders": [7, 14],
}

RAW_PROGRAMME: dict[str, Any] = {
    "key": "small",
    "title": "Small",
    "tiers": [
        {"tier": "1", "support_levels": ["community"], "deliveries_from": 1, "deliveries_to": 2},
        {"tier": "2", "support_levels": ["community"], "deliveries_from": 3},
        {"tier": "3", "support_levels": ["caseworker"], "deliveries_from": 1},
    ],
    "baseline": {
        "community": ASK | {"after_days": 0},
        "caseworker": ASK
        | {
            "after_days": 0,
            "reading": "adult-star",
            "young_person": {"reading": "young-person-star"},
        },
    },
    "review": {"caseworker": ASK | {"after_days": 28}},
    "closure": {
        "1": ASK | {"instruments": ["self-assessment", "sus-tier-1"]},
        "2": ASK | {"instruments": ["self-assessment", "sus-tier-2"], "channels": ["sms", "phone"]},
        "3": ASK
        | {
            "instruments": ["self-assessment", "short-satisfaction"],
            "reading": "adult-star",
            "channels": ["sms", "phone"],
            "young_person": {
                "reading": "young-person-star",
                "instruments": ["self-assessment"],
            },
        },
    },
    "not_asked_closure_reasons": ["declined", "no-contact", "transferred"],
    "history_after_days": 14,
    "contact": {
        "days": ["mon", "tue"],
        "hours_from": "09:00",
        "hours_until": "20:00",
        "cap_days": 14,
        "youngest_age": 13,
        "decision_under_age": 16,
        "stale_after_days": 90,
    },
    "targets": {"1": 70, "all": 70},
    "pages": "one",
}


def raw_programme(**parts: Any) -> dict[str, Any]:
    """What a programme file says."""
    return deepcopy(RAW_PROGRAMME) | parts


def a_programme_of(**parts: Any) -> Programme:
    """A parsed programme; fails the test where the definition is faulty."""
    parsed = parse_programme(raw_programme(**parts))
    assert isinstance(parsed, Programme), parsed
    return parsed


REFERRED = date(2026, 9, 1)


def case_facts(**parts: Any) -> CaseFacts:
    """An open community case of an adult with two deliveries, referred on 1 September 2026."""
    level = parts.pop("support_level", SupportLevel.COMMUNITY)
    facts: dict[str, Any] = {
        "referred_on": REFERRED,
        "opening_support_level": level,
        "support_level": level,
        "deliveries": 2,
    }
    return CaseFacts(**(facts | parts))
