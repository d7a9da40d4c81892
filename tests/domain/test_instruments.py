"""Which instruments are accepted, and what is said of those that are not?"""

from typing import Any

import pytest
from hypothesis import given

from survey_app.domain.definitions import Fault, FaultCode, Faults, content_hash, content_of
from survey_app.domain.instruments import (
    Instrument,
    UnknownItem,
    latest_versions,
    may_use,
    parse_instrument,
)
from survey_app.domain.items import NotAScale
from tests.domain.definitions import (
    PREFER_NOT,
    an_instrument_of,
    helped,
    raw_instrument,
    scale,
    text,
    yes_no,
)
from tests.domain.strategies import raw_instruments


def measured(**parts: Any) -> dict[str, Any]:
    measure = {"key": "m", "positive": ["yes"], "outside": ["prefer-not-to-say"]} | parts
    return yes_no("q", measures=[measure])


def without(item: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != key}


def scale_with(*options: dict[str, Any]) -> dict[str, Any]:
    return scale("area", doing_well_from=1, options=[*options, PREFER_NOT])


ONE = {"code": "1", "text": "One", "value": 1}

BAD_ITEMS = [
    pytest.param(
        [yes_no("a"), yes_no("b", ask_when={"item": "a", "codes": ["maybe"]})],
        Fault("b", FaultCode.UNKNOWN_CODE, "ask_when: a = maybe"),
        id="an unknown code in a condition",
    ),
    pytest.param(
        [yes_no("a", ask_when={"item": "b", "codes": ["yes"]}), yes_no("b")],
        Fault("a", FaultCode.CONDITION_ON_LATER_ITEM, "b"),
        id="a condition on a later item",
    ),
    pytest.param(
        [yes_no("a", ask_when={"item": "a", "codes": ["yes"]})],
        Fault("a", FaultCode.CONDITION_ON_LATER_ITEM, "a"),
        id="a condition on itself",
    ),
    pytest.param(
        [yes_no("a", ask_when={"item": "z", "codes": ["yes"]})],
        Fault("a", FaultCode.CONDITION_ON_UNKNOWN_ITEM, "z"),
        id="a condition on no item",
    ),
    pytest.param(
        [text("a"), yes_no("b", ask_when={"item": "a", "codes": ["yes"]})],
        Fault("b", FaultCode.UNKNOWN_CODE, "ask_when: a = yes"),
        id="a condition on free text",
    ),
    pytest.param(
        [yes_no("a"), yes_no("a")], Fault("a", FaultCode.DUPLICATE_ITEM, "a"), id="one id twice"
    ),
    pytest.param(
        [yes_no("a", options=[*yes_no("a")["options"], {"code": "no", "text": "No"}])],
        Fault("a", FaultCode.DUPLICATE_CODE, "no"),
        id="one code twice",
    ),
    pytest.param(
        [yes_no("a", options=yes_no("a")["options"][:2])],
        Fault("a", FaultCode.PREFER_NOT_TO_SAY_MISSING, "prefer-not-to-say"),
        id="no way not to say",
    ),
    pytest.param(
        [yes_no("a", options=[PREFER_NOT])],
        Fault("a", FaultCode.MISSING_VALUE, "options"),
        id="nothing to choose but not to say",
    ),
    pytest.param(
        [yes_no("a", options=[{"code": "maybe", "text": "Maybe"}, PREFER_NOT])],
        Fault("a", FaultCode.NOT_YES_NO, "maybe, prefer-not-to-say"),
        id="a yes-no of other codes",
    ),
    pytest.param(
        [text("a", options=[PREFER_NOT])],
        Fault("a", FaultCode.TEXT_WITH_CODES, "a"),
        id="free text with options",
    ),
    pytest.param(
        [scale_with(ONE, {"code": "2", "text": "Two"})],
        Fault("area", FaultCode.SCALE_VALUE_MISSING, "2"),
        id="a scale option without a value",
    ),
    pytest.param(
        [scale_with(ONE, {"code": "2", "text": "Two", "value": 1})],
        Fault("area", FaultCode.DUPLICATE_SCALE_VALUE, "1"),
        id="two scale options with one value",
    ),
    pytest.param(
        [scale("area", options=[*scale("area")["options"][:5], PREFER_NOT | {"value": 6}])],
        Fault("area", FaultCode.RESERVED_CODE_HAS_VALUE, "prefer-not-to-say"),
        id="not saying as a step of the scale",
    ),
    pytest.param(
        [without(scale("area"), "polarity")],
        Fault("area", FaultCode.POLARITY_MISSING, "polarity"),
        id="an outcome without polarity",
    ),
    pytest.param(
        [without(without(scale("area"), "polarity"), "outcome")],
        Fault("area", FaultCode.POLARITY_MISSING, "polarity"),
        id="a scale without polarity",
    ),
    pytest.param(
        [without(scale("area"), "minimum_change")],
        Fault("area", FaultCode.MISSING_VALUE, "minimum_change"),
        id="an outcome without a minimum change",
    ),
    pytest.param(
        [without(scale("area"), "doing_well_from")],
        Fault("area", FaultCode.MISSING_VALUE, "doing_well_from"),
        id="an outcome without a doing-well level",
    ),
    pytest.param(
        [scale("area", doing_well_from=9)],
        Fault("area", FaultCode.DOING_WELL_OFF_SCALE, "9"),
        id="a doing-well level off the scale",
    ),
    pytest.param(
        [yes_no("a", outcome="a")],
        Fault("a", FaultCode.OUTCOME_NOT_ON_SCALE, "a"),
        id="an outcome that is no scale",
    ),
    pytest.param(
        [scale("a", outcome="x"), scale("b", outcome="x")],
        Fault(None, FaultCode.DUPLICATE_OUTCOME, "x"),
        id="one area twice",
    ),
    pytest.param(
        [measured(positive=["maybe"])],
        Fault("q", FaultCode.UNKNOWN_CODE, "m positive: maybe"),
        id="a measure that counts a code that is not there",
    ),
    pytest.param(
        [measured(outside=["prefer-not-to-say", "not-needed"])],
        Fault("q", FaultCode.UNKNOWN_CODE, "m outside: not-needed"),
        id="a measure that leaves out a code that is not there",
    ),
    pytest.param(
        [measured(outside=["prefer-not-to-say", "no"])],
        Fault("q", FaultCode.OUTSIDE_NOT_RESERVED, "m: no"),
        id="a measure that leaves an answer out of its base",
    ),
    pytest.param(
        [measured(outside=[])],
        Fault("q", FaultCode.RESERVED_CODE_IN_BASE, "m: prefer-not-to-say"),
        id="a measure that counts not saying",
    ),
    pytest.param(
        [measured(positive=["yes", "prefer-not-to-say"])],
        Fault("q", FaultCode.POSITIVE_AND_OUTSIDE, "m: prefer-not-to-say"),
        id="a code inside and outside",
    ),
    pytest.param(
        [measured(), helped("h", "q", measures=measured()["measures"])],
        Fault(None, FaultCode.DUPLICATE_MEASURE, "m"),
        id="one measure from two items",
    ),
    pytest.param(
        [yes_no("a", alert_when={"codes": ["maybe"], "kind": "contact-wish"})],
        Fault("a", FaultCode.UNKNOWN_CODE, "alert_when: maybe"),
        id="an alert on a code that is not there",
    ),
]


@pytest.mark.parametrize(("items", "fault"), BAD_ITEMS)
def test_a_bad_item_is_refused_by_name(items: list[dict[str, Any]], fault: Fault) -> None:
    parsed = parse_instrument(raw_instrument(*items))
    assert isinstance(parsed, Faults)
    assert fault in parsed.faults


BAD_SHAPES = [
    pytest.param({"title": ...}, Fault(None, FaultCode.MISSING_VALUE, "title"), id="no title"),
    pytest.param({"author": "me"}, Fault(None, FaultCode.UNKNOWN_KEY, "author"), id="unknown key"),
    pytest.param(
        {"items": [without(yes_no("a"), "text")]},
        Fault("a", FaultCode.MISSING_VALUE, "text"),
        id="an item without text",
    ),
    pytest.param(
        {"items": [yes_no("a"), without(yes_no("b"), "id")]},
        Fault("#2", FaultCode.MISSING_VALUE, "id"),
        id="an item without id is named by its place",
    ),
    pytest.param(
        {"items": [yes_no("a", options=[{"code": "yes"}])]},
        Fault("a", FaultCode.MISSING_VALUE, "options.1.text"),
        id="an option without text",
    ),
    pytest.param(
        {"items": [yes_no("a", colour="red")]},
        Fault("a", FaultCode.UNKNOWN_KEY, "colour"),
        id="an unknown key in an item",
    ),
    pytest.param(
        {"items": [yes_no("a", measures=[{"key": "m", "positive": ["yes"], "base": ["no"]}])]},
        Fault("a", FaultCode.UNKNOWN_KEY, "measures.1.base"),
        id="an unknown key in a measure",
    ),
]


@pytest.mark.parametrize(("change", "fault"), BAD_SHAPES)
def test_a_wrong_shape_is_refused_by_name(change: dict[str, Any], fault: Fault) -> None:
    raw = raw_instrument(yes_no("a")) | change
    parsed = parse_instrument({key: value for key, value in raw.items() if value is not ...})
    assert isinstance(parsed, Faults)
    assert parsed.faults == (fault,)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "quiz"}, "kind"),
        ({"audience": "all"}, "audience"),
        ({"licence": "none"}, "licence"),
        ({"version": "one"}, "version"),
        ({"version": True}, "version"),
        ({"key": "Two Words"}, "key"),
        ({"items": []}, "items"),
        ({"items": "none"}, "items"),
        ({"title": " "}, "title"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(change: dict[str, Any], place: str) -> None:
    parsed = parse_instrument(raw_instrument(yes_no("a")) | change)
    assert isinstance(parsed, Faults)
    (fault,) = parsed.faults
    assert fault.code is FaultCode.WRONG_VALUE
    assert fault.detail.startswith(f"{place}: ")


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"type": "slider"}, "type"),
        ({"id": "Not an id"}, "id"),
        ({"polarity": "up"}, "polarity"),
        ({"minimum_change": 0}, "minimum_change"),
        ({"alert_when": {"codes": ["yes"], "kind": "fire"}}, "alert_when.kind"),
        ({"ask_when": {"item": "a", "codes": []}}, "ask_when.codes"),
        ({"measures": [{"key": "m", "positive": []}]}, "measures.1.positive"),
        ({"options": [{"code": True, "text": "Yes"}]}, "options.1.code"),
    ],
)
def test_a_wrong_value_in_an_item_is_named_with_its_item(parts: dict[str, Any], place: str) -> None:
    parsed = parse_instrument(raw_instrument(yes_no("q") | parts))
    assert isinstance(parsed, Faults)
    assert [(fault.item, fault.code) for fault in parsed.faults] == [
        (str(parts.get("id", "q")), FaultCode.WRONG_VALUE)
    ]
    assert parsed.faults[0].detail.startswith(f"{place}: ")


def test_every_fault_is_reported_at_once() -> None:
    parsed = parse_instrument(
        raw_instrument(without(scale("area"), "polarity"), yes_no("a", outcome="a"))
    )
    assert isinstance(parsed, Faults)
    assert {fault.code for fault in parsed.faults} == {
        FaultCode.POLARITY_MISSING,
        FaultCode.OUTCOME_NOT_ON_SCALE,
    }


def test_whole_numbers_are_read_as_codes_and_versions() -> None:
    item = scale("area", options=[ONE | {"code": 1}, PREFER_NOT], doing_well_from=1)
    instrument = an_instrument_of(item, version=2)
    assert instrument.version == "2"
    assert instrument.item("area").codes == ("1", "prefer-not-to-say")


def test_an_item_is_found_by_its_id() -> None:
    instrument = an_instrument_of(yes_no("a"), yes_no("b"))
    assert instrument.item("b").id == "b"
    assert instrument.find_item("c") is None
    with pytest.raises(UnknownItem):
        instrument.item("c")


@pytest.mark.parametrize(
    ("polarity", "best", "worst"), [("higher-is-better", 5, 1), ("lower-is-better", 1, 5)]
)
def test_the_ends_of_a_scale_follow_its_polarity(polarity: str, best: int, worst: int) -> None:
    item = an_instrument_of(scale("area", polarity=polarity)).item("area")
    assert (item.best, item.worst) == (best, worst)


def test_a_question_without_a_scale_has_no_best_value() -> None:
    item = an_instrument_of(yes_no("a")).item("a")
    with pytest.raises(NotAScale):
        _ = item.best


def test_only_areas_are_outcome_items() -> None:
    instrument = an_instrument_of(yes_no("a"), scale("area"))
    assert [item.id for item in instrument.outcome_items] == ["area"]


@given(raw_instruments())
def test_what_is_kept_of_an_instrument_parses_to_the_same_instrument(raw: dict[str, Any]) -> None:
    instrument = an_instrument_of(*raw["items"])
    again = parse_instrument(content_of(instrument))
    assert again == instrument
    assert content_hash(instrument) == content_hash(instrument.model_copy())


def test_the_hash_ignores_the_order_of_keys_and_values_left_out() -> None:
    item = yes_no("a")
    backwards = dict(reversed(item.items())) | {"hint": None, "measures": []}
    assert content_hash(an_instrument_of(item)) == content_hash(an_instrument_of(backwards))


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Well, then?"},
        {"hint": "Think."},
        {"options": list(reversed(yes_no("a")["options"]))},
        {"measures": measured()["measures"]},
        {"alert_when": {"codes": ["no"], "kind": "low-safety"}},
        {"id": "b"},
    ],
)
def test_the_hash_sees_every_change_of_content(change: dict[str, Any]) -> None:
    before = an_instrument_of(yes_no("a"))
    assert content_hash(before) != content_hash(an_instrument_of(yes_no("a") | change))


def test_the_newest_version_is_counted_not_spelled() -> None:
    versions = [an_instrument_of(yes_no("a"), version=v) for v in ("1.9", "1.10", "1.2")]
    other = an_instrument_of(yes_no("a"), key="other")
    newest = latest_versions([*versions, other])
    assert {key: found.version for key, found in newest.items()} == {"small": "1.10", "other": "1"}


@pytest.mark.parametrize(
    ("licence", "recorded", "expected"),
    [
        ("own", set(), True),
        ("required", set(), False),
        ("required", {"other"}, False),
        ("required", {"small"}, True),
    ],
)
def test_a_licence_must_be_recorded_where_one_is_required(
    licence: str, recorded: set[str], expected: bool
) -> None:
    instrument: Instrument = an_instrument_of(yes_no("a"), licence=licence)
    assert may_use(instrument, recorded) is expected
