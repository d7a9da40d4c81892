"""What can be wrong with an imported file, and with one of its rows? (FORMATS.md, the CSV forms.)

Faults are values without wording: the edge says them, with a remedy. A file fault lets nothing in;
a row fault rejects its row (in a responses file: its response) alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class FileFaultCode(StrEnum):
    """Why nothing of a file was imported."""

    EMPTY = "empty"
    NOT_UTF_8 = "not-utf-8"
    NOT_CSV = "not-csv"
    UNCLOSED_QUOTE = "unclosed-quote"
    WRONG_DELIMITER = "wrong-delimiter"
    COLUMN_TWICE = "column-twice"
    COLUMN_MISSING = "column-missing"
    OTHER_SERVICE = "other-service"


class FileKind(StrEnum):
    """What an unreadable file seems to be."""

    UTF_16 = "utf-16"
    WINDOWS_1252 = "windows-1252"
    EXCEL = "excel"
    BINARY = "binary"


@dataclass(frozen=True)
class FileFault:
    """A fault of the whole file; `line` 0 means no line in particular.

    `about` is what the edge needs for its words: a column, a delimiter, a `FileKind`, a slug.
    """

    code: FileFaultCode
    about: str = ""
    line: int = 0


class RowFaultCode(StrEnum):
    """Why a row, or a response, was rejected."""

    EMPTY = "empty"
    BROKEN_QUOTES = "broken-quotes"
    TOO_MANY_CELLS = "too-many-cells"
    TOO_LONG = "too-long"
    UNPRINTABLE = "unprintable"
    UNKNOWN_VALUE = "unknown-value"
    NONE_AND_MORE = "none-and-more"
    NOT_A_DATE = "not-a-date"
    NO_SUCH_DATE = "no-such-date"
    IMPLAUSIBLE_DATE = "implausible-date"
    NOT_AN_INSTANT = "not-an-instant"
    FUTURE_DATE = "future-date"
    NOT_A_TIME = "not-a-time"
    EMPTY_WINDOW = "empty-window"
    NOT_A_WHOLE_NUMBER = "not-a-whole-number"
    NEGATIVE = "negative"
    TOO_LARGE = "too-large"
    NOT_A_LANGUAGE = "not-a-language"
    CLOSED_BEFORE_REFERRAL = "closed-before-referral"
    BORN_AFTER_REFERRAL = "born-after-referral"
    CASE_TWICE = "case-twice"
    PLACEHOLDER_KEY = "placeholder-key"
    UNKNOWN_CASE = "unknown-case"
    UNKNOWN_INSTRUMENT = "unknown-instrument"
    UNKNOWN_VERSION = "unknown-version"
    LICENCE_NOT_RECORDED = "licence-not-recorded"
    ROWS_DISAGREE = "rows-disagree"
    UNKNOWN_ITEM = "unknown-item"
    UNKNOWN_CODE = "unknown-code"
    MORE_THAN_ONE = "more-than-one"
    PREFER_NOT_TO_SAY_AND_MORE = "prefer-not-to-say-and-more"
    OFF_ROUTE = "off-route"
    NO_ANSWERS = "no-answers"
    BEFORE_REFERRAL = "before-referral"
    BEFORE_BASELINE = "before-baseline"
    PART_REJECTED = "part-rejected"


class Flaw(NamedTuple):
    """What is wrong with one value. `about`: what would be right, or what it disagrees with."""

    code: RowFaultCode
    about: str = ""


class NoteCode(StrEnum):
    """What is to be known of a row that landed all the same."""

    PLACEHOLDER_CLIENT = "placeholder-client"
    PLACEHOLDER_DATE = "placeholder-date"
    BIRTH_DATE_IMPOSSIBLE = "birth-date-impossible"
    COMMON_BIRTH_DATE = "common-birth-date"
    PLANNED = "planned"
    NEAR_TWIN = "near-twin"
    REPEATED = "repeated"
    JOINED = "joined"
    DIGITS_LOST = "digits-lost"
    TWO_NUMBERS = "two-numbers"
    NOTE_BESIDE_NUMBER = "note-beside-number"
    INVALID_NUMBER = "invalid-number"
    UK_LANDLINE = "uk-landline"
    UK_PREMIUM = "uk-premium"
    FOREIGN = "foreign-number"
    HELD = "held"
    BLANK_WORD = "blank-word"


class Note(NamedTuple):
    """One thing to know of a row; `about` is what it is beside: a line, a case, a cause. Never the
    value itself."""

    column: str
    code: NoteCode
    about: str = ""


@dataclass(frozen=True)
class RowFault:
    """One fault: in which line and column, of which kind, with the value as written."""

    line: int
    column: str
    code: RowFaultCode
    value: str = ""
    about: str = ""
