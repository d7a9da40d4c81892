"""What do the numbers written down from a paper form answer?

On paper every question has a number, and every option of a question too; who enters a form types
option numbers. What comes out is checked by the same rules as an answer on the screen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_app.domain.answers import Answer, AnswerRefusal, validate
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, ItemType
from survey_app.domain.routing import answers_off_route


class PaperFault(StrEnum):
    """Why what was typed for a question is no answer to it."""

    NO_SUCH_OPTION = "no-such-option"
    ONE_ONLY = "one-only"
    PREFER_NOT_TO_SAY_AND_MORE = "prefer-not-to-say-and-more"
    TOO_LONG = "too-long"
    OFF_ROUTE = "off-route"


@dataclass(frozen=True)
class Question:
    """One question of a form; `number` counts through all its instruments, from 1."""

    number: int
    instrument: Instrument
    item: Item

    @property
    def only_after(self) -> tuple[int, tuple[int, ...]] | None:
        """The number of the earlier question, and those of its options, that lead to this one."""
        when = self.item.ask_when
        if when is None:
            return None
        earlier = self.instrument.item(when.item)
        order = [item.id for item in self.instrument.items]
        number = self.number - order.index(self.item.id) + order.index(earlier.id)
        return number, tuple(earlier.codes.index(code) + 1 for code in when.codes)


@dataclass(frozen=True)
class WrongEntry:
    """A question, and what is wrong with what was typed for it."""

    question: Question
    fault: PaperFault


@dataclass(frozen=True)
class PaperAnswers:
    """The answers of a form by instrument key and item id; `wrong` must be empty to keep them."""

    answers: Mapping[str, Mapping[str, Answer]]
    wrong: tuple[WrongEntry, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was answered at all."""
        return not any(self.answers.values())


def questions_of(instruments: Sequence[Instrument]) -> tuple[Question, ...]:
    """Return the numbered questions of a form that asks these instruments in order."""
    pairs = [(instrument, item) for instrument in instruments for item in instrument.items]
    return tuple(
        Question(number, instrument, item)
        for number, (instrument, item) in enumerate(pairs, start=1)
    )


def read_entries(questions: Sequence[Question], typed: Mapping[int, str]) -> PaperAnswers:
    """Return what was typed by question number: option numbers, or the words of a free text."""
    answers: dict[str, dict[str, Answer]] = {q.instrument.key: {} for q in questions}
    wrong: list[WrongEntry] = []
    for question in questions:
        said = _read(question.item, typed.get(question.number, ""))
        if isinstance(said, PaperFault):
            wrong.append(WrongEntry(question, said))
        elif not said.is_blank:
            answers[question.instrument.key][question.item.id] = said
    wrong += _off_route(questions, answers)
    return PaperAnswers(answers, tuple(sorted(wrong, key=lambda found: found.question.number)))


def read_choices(
    questions: Sequence[Question],
    chosen: Mapping[int, Sequence[str]],
    earlier: Mapping[str, Mapping[str, Answer]],
) -> PaperAnswers:
    """Return what was chosen on a screen that shows these questions at once, by question number:
    option codes, or a free text. `earlier`, by instrument key: what was answered before."""
    answers: dict[str, dict[str, Answer]] = {q.instrument.key: {} for q in questions}
    wrong: list[WrongEntry] = []
    for question in questions:
        said = validate(question.item, chosen.get(question.number, ()))
        if isinstance(said, Answer):
            answers[question.instrument.key][question.item.id] = said
        elif said is not AnswerRefusal.EMPTY:
            wrong.append(WrongEntry(question, _FAULTS[said]))
    wrong += _off_route(
        questions, {key: {**earlier.get(key, {}), **said} for key, said in answers.items()}
    )
    return PaperAnswers(answers, tuple(sorted(wrong, key=lambda found: found.question.number)))


def _off_route(
    questions: Sequence[Question], answers: Mapping[str, Mapping[str, Answer]]
) -> list[WrongEntry]:
    return [
        WrongEntry(question, PaperFault.OFF_ROUTE)
        for question in questions
        if question.item.id
        in answers_off_route(question.instrument, answers[question.instrument.key])
    ]


def _read(item: Item, typed: str) -> Answer | PaperFault:
    if item.type is ItemType.TEXT:
        raw = [typed]
    else:
        numbers = typed.replace(",", " ").split()
        codes = [_code(item, number) for number in numbers]
        if None in codes:
            return PaperFault.NO_SUCH_OPTION
        raw = [code for code in codes if code is not None]
    said = validate(item, raw)
    if isinstance(said, Answer):
        return said
    return Answer() if said is AnswerRefusal.EMPTY else _FAULTS[said]


_FAULTS = {
    AnswerRefusal.UNKNOWN_CODE: PaperFault.NO_SUCH_OPTION,
    AnswerRefusal.MORE_THAN_ONE: PaperFault.ONE_ONLY,
    AnswerRefusal.PREFER_NOT_TO_SAY_AND_MORE: PaperFault.PREFER_NOT_TO_SAY_AND_MORE,
    AnswerRefusal.TOO_LONG: PaperFault.TOO_LONG,
}


def _code(item: Item, number: str) -> str | None:
    if not (number.isascii() and number.isdigit() and 0 < int(number) <= len(item.codes)):
        return None
    return item.codes[int(number) - 1]
