"""Is this a valid answer to this question, and how does an answer count for a measure?"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.items import Item, ItemType, Measure, OutsideCode
from survey_app.domain.requests import AlertKind

TEXT_LIMIT = 5_000
"""Characters that one free-text answer may have."""


@dataclass(frozen=True)
class Answer:
    """What someone said to one question: codes, or text. With neither, they skipped it."""

    codes: tuple[str, ...] = ()
    text: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the question was seen and left empty."""
        return not self.codes and not self.text


SKIPPED = Answer()
"""The answer of someone who pressed "Skip this question"."""


class AnswerRefusal(StrEnum):
    """Why what was sent is no answer to the question."""

    EMPTY = "empty"
    MORE_THAN_ONE = "more-than-one"
    UNKNOWN_CODE = "unknown-code"
    PREFER_NOT_TO_SAY_AND_MORE = "prefer-not-to-say-and-more"
    TOO_LONG = "too-long"


class Standing(StrEnum):
    """How a response stands to a measure. The base is `positive` and `counted` together."""

    POSITIVE = "positive"
    COUNTED = "counted"
    DOES_NOT_APPLY = "does-not-apply"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    NOT_NEEDED = "not-needed"
    BLANK = "blank"
    NOT_ASKED = "not-asked"

    @property
    def is_in_base(self) -> bool:
        """Whether it is a valid answer, counted in the denominator."""
        return self in {Standing.POSITIVE, Standing.COUNTED}


def validate(item: Item, raw: Sequence[str]) -> Answer | AnswerRefusal:
    """Return the answer that the submitted values `raw` give to `item`, or why they are none.

    Values are trimmed, and empty ones are as if not sent. A skip is not validated: it is `SKIPPED`.
    """
    if item.type is ItemType.TEXT:
        return _validate_text(raw)
    codes = tuple(dict.fromkeys(value.strip() for value in raw if value.strip()))
    if not codes:
        return AnswerRefusal.EMPTY
    if any(code not in item.codes for code in codes):
        return AnswerRefusal.UNKNOWN_CODE
    if len(codes) > 1:
        if item.type is not ItemType.MANY:
            return AnswerRefusal.MORE_THAN_ONE
        if OutsideCode.PREFER_NOT_TO_SAY in codes:
            return AnswerRefusal.PREFER_NOT_TO_SAY_AND_MORE
    # In the order of the options, so that one answer is stored in one way however it was sent.
    return Answer(codes=tuple(code for code in item.codes if code in codes))


def _validate_text(raw: Sequence[str]) -> Answer | AnswerRefusal:
    texts = [text for text in (_clean(value) for value in raw) if text]
    if not texts:
        return AnswerRefusal.EMPTY
    if len(texts) > 1:
        return AnswerRefusal.MORE_THAN_ONE
    if len(texts[0]) > TEXT_LIMIT:
        return AnswerRefusal.TOO_LONG
    return Answer(text=texts[0])


def _clean(text: str) -> str:
    """Trim, write line ends as one newline, and drop what no store or page can hold.

    Format characters stay: Bengali, Arabic and emoji need their joiners.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char for char in lines if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    ).strip()


def standing(measure: Measure, answer: Answer | None) -> Standing:
    """Return how an answer to the measure's item counts; None is an item never reached.

    An answer of several codes is positive when one of them is, and outside when all of them are.
    """
    if answer is None or not answer.codes:
        return Standing.BLANK
    if any(code in measure.positive for code in answer.codes):
        return Standing.POSITIVE
    if all(code in measure.outside for code in answer.codes):
        return Standing(answer.codes[0])
    return Standing.COUNTED


def alert_for(item: Item, answer: Answer) -> AlertKind | None:
    """Return the alert that an answer makes for staff (safety rule 7), or None."""
    if item.type is ItemType.TEXT:
        return AlertKind.FREE_TEXT if answer.text else None
    if item.alert_when and any(code in item.alert_when.codes for code in answer.codes):
        return item.alert_when.kind
    return None


def value_of(item: Item, answer: Answer | None) -> int | None:
    """Return the scale value of an answer, or None where it has none (blank, reserved code)."""
    if answer is None or len(answer.codes) != 1:
        return None
    return item.values.get(answer.codes[0])
