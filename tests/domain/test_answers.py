"""Which answers are accepted, how do they count, and which make an alert?"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.answers import (
    SKIPPED,
    TEXT_LIMIT,
    Answer,
    AnswerRefusal,
    Standing,
    alert_for,
    standing,
    validate,
    value_of,
)
from survey_app.domain.items import Item, Measure
from survey_app.domain.requests import AlertKind
from tests.domain.definitions import scale, text, yes_no

PICK = Item.model_validate(yes_no("q"))
MANY = Item.model_validate(yes_no("q", type="many"))
TEXT = Item.model_validate(text("q"))
AREA = Item.model_validate(scale("area"))
HELPED = Measure(key="m", positive=("yes",), outside=("not-needed", "prefer-not-to-say"))


@pytest.mark.parametrize(
    ("item", "raw", "expected"),
    [
        (PICK, ["yes"], Answer(codes=("yes",))),
        (PICK, [" yes ", ""], Answer(codes=("yes",))),
        (PICK, ["yes", "yes"], Answer(codes=("yes",))),
        (PICK, ["prefer-not-to-say"], Answer(codes=("prefer-not-to-say",))),
        (PICK, [], AnswerRefusal.EMPTY),
        (PICK, ["", "  "], AnswerRefusal.EMPTY),
        (PICK, ["maybe"], AnswerRefusal.UNKNOWN_CODE),
        (PICK, ["YES"], AnswerRefusal.UNKNOWN_CODE),
        (PICK, ["yes", "no"], AnswerRefusal.MORE_THAN_ONE),
        (PICK, ["yes", "maybe"], AnswerRefusal.UNKNOWN_CODE),
        (MANY, ["no", "yes"], Answer(codes=("yes", "no"))),
        (MANY, ["prefer-not-to-say"], Answer(codes=("prefer-not-to-say",))),
        (MANY, ["yes", "prefer-not-to-say"], AnswerRefusal.PREFER_NOT_TO_SAY_AND_MORE),
        (MANY, ["yes", "maybe"], AnswerRefusal.UNKNOWN_CODE),
        (AREA, ["5"], Answer(codes=("5",))),
        (AREA, ["6"], AnswerRefusal.UNKNOWN_CODE),
        (TEXT, ["Thank you."], Answer(text="Thank you.")),
        (TEXT, ["  one\r\ntwo\rthree  "], Answer(text="one\ntwo\nthree")),
        (TEXT, ["a\x00b\x07c\x9f"], Answer(text="abc")),
        (TEXT, ["a\ud800b"], Answer(text="ab")),
        (TEXT, ["ক্‌ষ 👩‍👧"], Answer(text="ক্‌ষ 👩‍👧")),
        (TEXT, [], AnswerRefusal.EMPTY),
        (TEXT, ["\x00 \r\n"], AnswerRefusal.EMPTY),
        (TEXT, ["one", "two"], AnswerRefusal.MORE_THAN_ONE),
        (TEXT, ["x" * TEXT_LIMIT], Answer(text="x" * TEXT_LIMIT)),
        (TEXT, ["x" * (TEXT_LIMIT + 1)], AnswerRefusal.TOO_LONG),
    ],
)
def test_what_is_sent_is_an_answer_or_refused_with_a_reason(
    item: Item, raw: list[str], expected: Answer | AnswerRefusal
) -> None:
    assert validate(item, raw) == expected


@given(st.sampled_from([PICK, MANY, AREA, TEXT]), st.lists(st.text(), max_size=4))
def test_an_accepted_answer_holds_only_what_may_be_stored(item: Item, raw: list[str]) -> None:
    answer = validate(item, raw)
    if isinstance(answer, AnswerRefusal):
        return
    assert not answer.is_blank
    assert set(answer.codes) <= set(item.codes)
    assert len(answer.text) <= TEXT_LIMIT
    assert "\x00" not in answer.text
    answer.text.encode()


@given(st.text())
def test_cleaned_text_is_cleaned_for_good(raw: str) -> None:
    once = validate(TEXT, [raw])
    if isinstance(once, Answer):
        assert validate(TEXT, [once.text]) == once


@pytest.mark.parametrize(
    ("answer", "expected", "is_in_base"),
    [
        (Answer(codes=("yes",)), Standing.POSITIVE, True),
        (Answer(codes=("no",)), Standing.COUNTED, True),
        (Answer(codes=("not-needed",)), Standing.NOT_NEEDED, False),
        (Answer(codes=("prefer-not-to-say",)), Standing.PREFER_NOT_TO_SAY, False),
        (Answer(codes=("no", "not-needed")), Standing.COUNTED, True),
        (Answer(codes=("no", "yes")), Standing.POSITIVE, True),
        (SKIPPED, Standing.BLANK, False),
        (None, Standing.BLANK, False),
    ],
)
def test_an_answer_stands_inside_or_outside_the_base(
    answer: Answer | None, expected: Standing, is_in_base: bool
) -> None:
    assert standing(HELPED, answer) is expected
    assert expected.is_in_base is is_in_base


def test_does_not_apply_is_outside_under_its_own_name() -> None:
    measure = Measure(key="m", positive=("agree",), outside=("does-not-apply",))
    found = standing(measure, Answer(codes=("does-not-apply",)))
    assert found is Standing.DOES_NOT_APPLY
    assert not found.is_in_base


def alerting(**parts: Any) -> Item:
    return Item.model_validate(scale("feeling-safe") | parts)


LOW = {"codes": ["1"], "kind": "low-safety"}


@pytest.mark.parametrize(
    ("item", "answer", "expected"),
    [
        (alerting(alert_when=LOW), Answer(codes=("1",)), AlertKind.LOW_SAFETY),
        (alerting(alert_when=LOW), Answer(codes=("2",)), None),
        (alerting(alert_when=LOW), SKIPPED, None),
        (alerting(), Answer(codes=("1",)), None),
        (TEXT, Answer(text="Please ring me"), AlertKind.FREE_TEXT),
        (TEXT, SKIPPED, None),
    ],
)
def test_low_safety_and_free_text_make_an_alert(
    item: Item, answer: Answer, expected: AlertKind | None
) -> None:
    assert alert_for(item, answer) is expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(codes=("3",)), 3),
        (Answer(codes=("prefer-not-to-say",)), None),
        (SKIPPED, None),
        (None, None),
    ],
)
def test_only_a_step_of_the_scale_has_a_value(answer: Answer | None, expected: int | None) -> None:
    assert value_of(AREA, answer) == expected
