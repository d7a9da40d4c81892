"""Which programmes are accepted, and what is said of those that are not?"""

from copy import deepcopy
from datetime import time
from typing import Any

import pytest

from survey_app.domain.definitions import Fault, FaultCode, Faults, content_hash, content_of
from survey_app.domain.programmes import (
    Pages,
    Programme,
    instrument_faults,
    licence_faults,
    parse_programme,
)
from survey_app.domain.tier_table import Tier
from tests.domain.definitions import a_programme_of, an_instrument_of, raw_programme, scale, yes_no

SURVEYS = {
    key: an_instrument_of(yes_no("a"), key=key)
    for key in ("self-assessment", "sus-tier-1", "sus-tier-2", "short-satisfaction")
}
STARS = {
    key: an_instrument_of(scale("home"), key=key, kind="star")
    for key in ("adult-star", "young-person-star")
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The small programme with the value at a dotted path replaced, or left out for `...`."""
    raw = raw_programme()
    *parents, last = path.split(".")
    part: Any = raw
    for parent in parents:
        part = part[int(parent) if isinstance(part, list) else parent]
    key = int(last) if isinstance(part, list) else last
    if value is ...:
        del part[key]
    else:
        part[key] = value
    return raw


def test_a_programme_says_what_each_tier_is_asked() -> None:
    programme = a_programme_of()
    ask = programme.closure[Tier.TWO]
    assert ask.instruments_for(is_young_person=False) == ("self-assessment", "sus-tier-2")
    assert ask.channels == ("sms", "phone")
    assert (ask.after_days, ask.expires_after_days, ask.reminders) == (3, 28, (7, 14))
    assert programme.contact.hours_from == time(9)
    assert programme.targets == {"1": 70, "all": 70}
    assert programme.pages is Pages.ONE


def test_young_people_are_asked_their_variant_where_there_is_one() -> None:
    programme = a_programme_of()
    ask = programme.closure[Tier.THREE]
    assert ask.reading_for(is_young_person=False) == "adult-star"
    assert ask.reading_for(is_young_person=True) == "young-person-star"
    assert ask.instruments_for(is_young_person=True) == ("self-assessment",)
    same = programme.closure[Tier.ONE]
    assert same.instruments_for(is_young_person=True) == same.instruments
    assert same.reading_for(is_young_person=True) is None


def test_every_instrument_that_may_be_asked_is_known() -> None:
    assert a_programme_of().instrument_keys == SURVEYS.keys() | STARS.keys()


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("title", ..., Fault(None, FaultCode.MISSING_VALUE, "title")),
        ("closure", ..., Fault(None, FaultCode.MISSING_VALUE, "closure")),
        ("contact.cap_days", ..., Fault(None, FaultCode.MISSING_VALUE, "contact.cap_days")),
        ("reviews", {}, Fault(None, FaultCode.UNKNOWN_KEY, "reviews")),
        ("closure.1.wait", 3, Fault(None, FaultCode.UNKNOWN_KEY, "closure.1.wait")),
        ("tiers.0.tier", "none", Fault("tiers", FaultCode.UNKNOWN_TIER, "none")),
        ("tiers.0.deliveries_to", 0, Fault("tiers.1", FaultCode.RANGE_BACKWARDS, "deliveries_to")),
        ("tiers", [raw_programme()["tiers"][0]], Fault("closure", FaultCode.UNKNOWN_TIER, "2")),
        ("targets", {"4": 50}, Fault("targets", FaultCode.UNKNOWN_TIER, "4")),
        (
            "closure.1.instruments",
            [],
            Fault("closure.1", FaultCode.NOTHING_ASKED, "instruments"),
        ),
        ("closure.1.channels", [], Fault("closure.1", FaultCode.NO_CHANNEL, "channels")),
        (
            "baseline.community.instruments",
            ["self-assessment", "self-assessment"],
            Fault("baseline.community", FaultCode.DUPLICATE_CODE, "self-assessment"),
        ),
        (
            "closure.2.channels",
            ["sms", "sms"],
            Fault("closure.2", FaultCode.DUPLICATE_CODE, "sms"),
        ),
        (
            "closure.1.reminders",
            [14, 7],
            Fault("closure.1", FaultCode.REMINDERS_OUT_OF_ORDER, "reminders"),
        ),
        (
            "closure.1.reminders",
            [7, 7],
            Fault("closure.1", FaultCode.REMINDERS_OUT_OF_ORDER, "reminders"),
        ),
        (
            "closure.1.reminders",
            [7, 28],
            Fault("closure.1", FaultCode.REMINDERS_OUT_OF_ORDER, "expires_after_days"),
        ),
        (
            "contact.hours_until",
            "08:00",
            Fault("contact", FaultCode.RANGE_BACKWARDS, "hours_until"),
        ),
        (
            "contact.decision_under_age",
            12,
            Fault("contact", FaultCode.RANGE_BACKWARDS, "decision_under_age"),
        ),
    ],
)
def test_a_bad_programme_is_refused_by_name(path: str, value: Any, fault: Fault) -> None:
    parsed = parse_programme(changed(path, value))
    assert isinstance(parsed, Faults)
    assert fault in parsed.faults


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("tiers", []),
        ("tiers.0.tier", "4"),
        ("tiers.0.support_levels", ["phone"]),
        ("tiers.0.deliveries_from", -1),
        ("baseline.everyone", {}),
        ("closure.1.channels", ["post"]),
        ("closure.1.channels", ["caseworker"]),
        ("closure.1.after_days", -1),
        ("closure.1.expires_after_days", 0),
        ("closure.1.reminders", [0]),
        ("not_asked_closure_reasons", ["bored"]),
        ("history_after_days", "soon"),
        ("contact.days", ["monday"]),
        ("contact.days", []),
        ("contact.hours_from", "9"),
        ("contact.hours_from", "25:00"),
        ("contact.hours_from", "9:00:00"),
        ("contact.youngest_age", -1),
        ("targets", {"1": 101}),
        ("pages", "all"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(path: str, value: Any) -> None:
    parsed = parse_programme(changed(path, value))
    assert isinstance(parsed, Faults)
    place = ".".join(
        str(int(part) + 1) if part.isdigit() and path.startswith("tiers") else part
        for part in path.split(".")
    )
    assert any(
        fault.code in {FaultCode.WRONG_VALUE, FaultCode.MISSING_VALUE}
        and fault.detail.startswith(place)
        for fault in parsed.faults
    ), parsed.faults


def test_what_is_kept_of_a_programme_parses_to_the_same_programme() -> None:
    programme = a_programme_of()
    again = parse_programme(content_of(programme))
    assert again == programme
    assert isinstance(again, Programme)
    assert content_hash(again) == content_hash(programme)


def test_the_hash_sees_a_changed_number() -> None:
    assert content_hash(a_programme_of()) != content_hash(a_programme_of(history_after_days=15))


@pytest.mark.parametrize(
    ("known", "fault"),
    [
        (SURVEYS | STARS, None),
        (
            {k: v for k, v in (SURVEYS | STARS).items() if k != "sus-tier-2"},
            Fault("closure.2", FaultCode.UNKNOWN_INSTRUMENT, "sus-tier-2"),
        ),
        (
            SURVEYS | STARS | {"adult-star": SURVEYS["sus-tier-1"]},
            Fault("closure.3", FaultCode.READING_NOT_STAR, "adult-star"),
        ),
        (
            SURVEYS | STARS | {"sus-tier-1": STARS["adult-star"]},
            Fault("closure.1", FaultCode.STAR_IN_LINK, "sus-tier-1"),
        ),
    ],
)
def test_a_programme_names_instruments_of_the_kind_it_needs(
    known: dict[str, Any], fault: Fault | None
) -> None:
    faults = instrument_faults(a_programme_of(), known)
    assert faults == () if fault is None else fault in faults


@pytest.mark.parametrize(
    ("recorded", "missing"),
    [(frozenset(), ["adult-star"]), (frozenset({"adult-star"}), [])],
)
def test_a_licensed_instrument_needs_the_services_licence(
    recorded: frozenset[str], missing: list[str]
) -> None:
    licensed = an_instrument_of(scale("home"), key="adult-star", kind="star", licence="required")
    known = deepcopy(SURVEYS) | STARS | {"adult-star": licensed}
    faults = licence_faults(a_programme_of(), known, recorded)
    assert [fault.detail for fault in faults] == missing
    assert all(fault.code is FaultCode.LICENCE_NOT_RECORDED for fault in faults)
