"""What do the rows of a responses file say? (FORMATS.md, "Responses CSV".)

Long form: one row an answer. The rows that share case, instrument, version, wave and day are one
response, wherever they stand. A response is taken or rejected whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NamedTuple

from survey_app.domain.answers import TEXT_LIMIT, Answer, AnswerRefusal, validate
from survey_app.domain.case_file_columns import REF_LIMIT
from survey_app.domain.file_cells import read_date, read_language, read_text, read_word
from survey_app.domain.file_faults import Flaw, RowFault, RowFaultCode
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item
from survey_app.domain.missing_words import find_missing
from survey_app.domain.plain_text import key_form
from survey_app.domain.requests import Mode, ScoredBy, Wave
from survey_app.domain.routing import answers_off_route

REQUIRED_RESPONSE_COLUMNS: Final = (
    "case_ref",
    "instrument",
    "version",
    "wave",
    "mode",
    "language",
    "completed_on",
    "item",
    "value",
)
RESPONSE_COLUMNS: Final = frozenset({*REQUIRED_RESPONSE_COLUMNS, "scored_by"})
FREE_TEXT_COLUMNS: Final = frozenset({"value"})

NO_LANGUAGE: Final = "und"
"""BCP 47 for "undetermined": an empty cell, as old files have."""

_KEY_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "case_ref": partial(read_text, limit=REF_LIMIT),
    "instrument": partial(read_text, limit=REF_LIMIT),
    "version": partial(read_text, limit=REF_LIMIT),
    "wave": partial(read_word, words=Wave),
    "completed_on": read_date,
}
_MANNER_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "mode": partial(read_word, words=Mode),
    "language": read_language,
    "scored_by": partial(read_word, words=ScoredBy),
}
_MAY_BE_EMPTY = frozenset({"language", "scored_by", "value"})

_REFUSALS: Final = {
    AnswerRefusal.UNKNOWN_CODE: RowFaultCode.UNKNOWN_CODE,
    AnswerRefusal.MORE_THAN_ONE: RowFaultCode.MORE_THAN_ONE,
    AnswerRefusal.PREFER_NOT_TO_SAY_AND_MORE: RowFaultCode.PREFER_NOT_TO_SAY_AND_MORE,
    AnswerRefusal.TOO_LONG: RowFaultCode.TOO_LONG,
    AnswerRefusal.EMPTY: RowFaultCode.UNPRINTABLE,
}
"""A cell that is not empty and yet no answer holds nothing that can be printed."""


class ResponseKey(NamedTuple):
    """What the rows of one response share."""

    case_ref: str
    instrument: str
    version: str
    wave: Wave
    completed_on: date


@dataclass(frozen=True, slots=True)
class Manner:
    """How a response was given; all its rows say the same."""

    mode: Mode
    language: str
    scored_by: ScoredBy | None


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One answer as written; an empty `value` is a blank."""

    line: int
    manner: Manner
    item: str
    value: str


@dataclass(frozen=True)
class GivenResponse:
    """A sound response: its manner, its answers by item."""

    manner: Manner
    answers: Mapping[str, Answer]
    blank_words: tuple[int, ...] = ()
    """Lines of text answers that a word for nothing stands for."""


def read_response_key(
    line: int, cells: Mapping[str, str], today: date
) -> ResponseKey | list[RowFault]:
    """Return to which response a row belongs, or why that cannot be told."""
    values, faults = _read(line, cells, _KEY_READERS)
    completed_on = values.get("completed_on")
    if isinstance(completed_on, date) and completed_on > today:
        cell = cells["completed_on"]
        code = RowFaultCode.FUTURE_DATE
        faults.append(RowFault(line, "completed_on", code, cell, today.isoformat()))
    if faults:
        return faults
    return ResponseKey(**{**values, "instrument": values["instrument"].casefold()})


def read_response_row(line: int, cells: Mapping[str, str]) -> ResponseRow | list[RowFault]:
    """Return the answer that a row gives, or all that is wrong with it."""
    values, faults = _read(line, cells, _MANNER_READERS)
    item = cells.get("item", "").casefold()
    if not item:
        faults.append(RowFault(line, "item", RowFaultCode.EMPTY))
    if faults:
        return faults
    manner = Manner(values["mode"], values.get("language") or NO_LANGUAGE, values.get("scored_by"))
    return ResponseRow(line, manner, item, cells.get("value", ""))


def _read(
    line: int, cells: Mapping[str, str], readers: Mapping[str, Callable[[str], Any]]
) -> tuple[dict[str, Any], list[RowFault]]:
    values: dict[str, Any] = {}
    faults: list[RowFault] = []
    for column, reader in readers.items():
        cell = cells.get(column, "")
        if not cell:
            if column not in _MAY_BE_EMPTY:
                faults.append(RowFault(line, column, RowFaultCode.EMPTY))
            continue
        value = reader(cell)
        if isinstance(value, Flaw):
            faults.append(RowFault(line, column, value.code, cell, value.about))
        else:
            values[column] = value
    return values, faults


def read_response(
    instrument: Instrument, rows: Sequence[ResponseRow]
) -> GivenResponse | list[RowFault]:
    """Return the response that its rows, at least one, make, or all that is wrong with it."""
    faults = _disagreements(rows)
    given: dict[str, list[ResponseRow]] = {}
    for row in rows:
        if instrument.find_item(row.item) is None:
            about = " ".join(item.id for item in instrument.items)
            faults.append(RowFault(row.line, "item", RowFaultCode.UNKNOWN_ITEM, row.item, about))
        elif not _is_blank(instrument.item(row.item), row):
            given.setdefault(row.item, []).append(row)
    answers: dict[str, Answer] = {}
    for item_id, said in given.items():
        item = instrument.item(item_id)
        answer = validate(item, [_cell(item, row) for row in said])
        if isinstance(answer, Answer):
            answers[item_id] = answer
        else:
            faults += _refused(item, said, answer)
    faults += _off_route(instrument, answers, given)
    if not given and not faults:
        faults.append(RowFault(rows[0].line, "value", RowFaultCode.NO_ANSWERS))
    with_words = {row.line for each in given.values() for row in each}
    blanks = tuple(row.line for row in rows if row.value and row.line not in with_words)
    return faults or GivenResponse(rows[0].manner, answers, blanks)


def _disagreements(rows: Sequence[ResponseRow]) -> list[RowFault]:
    first = rows[0].manner
    return [
        RowFault(
            row.line,
            column,
            RowFaultCode.ROWS_DISAGREE,
            str(getattr(row.manner, column) or ""),
            str(getattr(first, column) or "nothing"),
        )
        for row in rows[1:]
        if row.manner != first
        for column in _MANNER_READERS
        if getattr(row.manner, column) != getattr(first, column)
    ]


def _refused(item: Item, said: Sequence[ResponseRow], refusal: AnswerRefusal) -> list[RowFault]:
    code = _REFUSALS[refusal]
    if refusal is AnswerRefusal.UNKNOWN_CODE:
        wrong = [row for row in said if _cell(item, row) not in item.codes]
        about = " ".join(item.codes)
        return [RowFault(row.line, item.id, code, row.value, about) for row in wrong]
    row = said[-1]
    # Free text stays out of messages.
    value = row.value if item.codes else "this text"
    about = str(TEXT_LIMIT) if refusal is AnswerRefusal.TOO_LONG else item.id
    return [RowFault(row.line, item.id, code, value, about)]


def _is_blank(item: Item, row: ResponseRow) -> bool:
    """Whether nothing was answered: a word for nothing is no text, and no code either way."""
    return not row.value or (not item.codes and find_missing(row.value) is not None)


def _cell(item: Item, row: ResponseRow) -> str:
    """Codes are read in any case, since spreadsheets capitalise."""
    return key_form(row.value).casefold() if item.codes else row.value


def date_faults(
    line: int, key: ResponseKey, referred_on: date, baseline_on: date | None
) -> list[RowFault]:
    """Return what is impossible of the day of a response: before the referral, or a closure before
    the earliest baseline of the same questions."""
    day, code = key.completed_on, None
    if day < referred_on:
        code, about = RowFaultCode.BEFORE_REFERRAL, referred_on
    elif key.wave is Wave.CLOSURE and baseline_on is not None and day < baseline_on:
        code, about = RowFaultCode.BEFORE_BASELINE, baseline_on
    if code is None:
        return []
    return [RowFault(line, "completed_on", code, day.isoformat(), about.isoformat())]


def _off_route(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    given: Mapping[str, Sequence[ResponseRow]],
) -> list[RowFault]:
    faults = []
    for item_id in answers_off_route(instrument, answers):
        asked = instrument.item(item_id).ask_when
        about = f"{asked.item} {' or '.join(asked.codes)}" if asked else ""
        line = given[item_id][0].line
        faults.append(RowFault(line, "item", RowFaultCode.OFF_ROUTE, item_id, about))
    return faults
