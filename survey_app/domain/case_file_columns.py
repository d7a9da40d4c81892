"""Which columns has a cases file, how is each read, and which of them ask for care?

FORMATS.md, "Cases CSV"; FORMATS-INTAKE.md, section 3. A column with a care reader is a *care
column*: it is heard on every row, also on one that is refused, before anything lands. Whoever adds
a column of safety gives it one, and it is heard.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from survey_app.domain.care_words import (
    CareReader,
    care_birth,
    care_closing,
    care_days,
    care_do_not_contact,
    care_flags,
    care_minute,
    care_permission,
    care_text,
    is_placeholder_birth,
)
from survey_app.domain.cases import ClosureReason, NotGiven, Recorded, SupportLevel
from survey_app.domain.file_cells import (
    NO_VALUES,
    Moment,
    read_count,
    read_date,
    read_days,
    read_flags,
    read_instant,
    read_language,
    read_minute,
    read_moment,
    read_said_text,
    read_text,
    read_text_or_nothing,
    read_word,
)
from survey_app.domain.file_faults import Flaw
from survey_app.domain.missing_words import Missing, find_missing, is_nobodys_client

REQUIRED_CASE_COLUMNS: Final = ("case_ref", "referred_on", "support_level", "deliveries")

REF_LIMIT: Final = 100
TEXT_LIMIT: Final = 300
DETAIL_LIMIT: Final = 5_000
"""Characters; a longer text is no reference, category or reason but something misplaced."""

CHARACTERISTIC_COLUMNS: Final = (
    "sex",
    "gender_identity",
    "ethnicity",
    "disability",
    "sexuality",
    "religion",
)
YES_NO_COLUMNS: Final = (
    "sms_consent",
    "sms_safe",
    "sms_preferred",
    "call_safe",
    "do_not_contact",
    "name_service",
)
SAFETY_COLUMNS: Final = (
    "mobile",
    *YES_NO_COLUMNS,
    "safe_days",
    "safe_from",
    "safe_until",
    "safety_checked_on",
)
"""What a row says of the person's phone and safety; `flags` belong to the case."""

MOMENT_COLUMNS: Final = ("first_attempt_at", "second_attempt_at", "first_contact_at")
DAY_COLUMNS: Final = ("needs_assessment_on", "support_plan_on", "review_on")
GROUPED_COLUMNS: Final = (
    "referral_source",
    "crime_category",
    "local_authority",
    *CHARACTERISTIC_COLUMNS,
)
"""Texts that reports count by: one spelling of each value is stored."""

FREE_TEXT_COLUMNS: Final = frozenset(
    {
        "referral_source",
        "referring_agency",
        "local_authority",
        "relationship_to_perpetrator",
        "caseworker",
        "closure_detail",
        *CHARACTERISTIC_COLUMNS,
    }
)
"""In these the invisible joiners stay, as some scripts write with them."""

PERSON_COLUMNS: Final = frozenset(
    {"date_of_birth", "language", *CHARACTERISTIC_COLUMNS, *SAFETY_COLUMNS}
)
KEY_COLUMNS: Final = frozenset({"case_ref", "client_ref", "service"})

_NONE_IS_A_VALUE: Final = frozenset({"none"})
_ETHNICITY_CODES: Final = frozenset({"z"})
"""The NHS code for "not stated"."""


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell of a column is read; `care`: how it is heard, where it asks for care."""

    read: Callable[[str], Any]
    care: CareReader | None = None


def _client(cell: str) -> str | Flaw | None:
    """A placeholder is nobody, as a blank is."""
    return None if is_nobodys_client(cell) else read_text(cell, REF_LIMIT)


def _day(cell: str) -> date | Flaw:
    moment = read_moment(cell)
    return moment.on if isinstance(moment, Moment) else moment


def _birth(cell: str) -> date | NotGiven | Flaw | None:
    missing = find_missing(cell)
    if missing is Missing.NOT_RECORDED or is_placeholder_birth(cell):
        return None
    return read_date(cell, any_year=True) if missing is None else NotGiven(missing)


def _as_typed(cell: str) -> str | None:
    """A wrong number never rejects the case, so nothing can be wrong with it here."""
    if find_missing(cell):
        return None
    return cell if cell.isprintable() else "".join(char for char in cell if char.isprintable())


_ref = Column(partial(read_text, limit=REF_LIMIT))
_text = Column(partial(read_said_text, limit=TEXT_LIMIT))
_name = Column(partial(read_text_or_nothing, limit=TEXT_LIMIT))
_moment = Column(read_moment)


def _characteristic(
    values: frozenset[str] = NO_VALUES, declined: frozenset[str] = NO_VALUES
) -> Column:
    return Column(partial(read_said_text, limit=TEXT_LIMIT, values=values, declined=declined))


_permission = Column(partial(read_word, words=Recorded), care_permission)

COLUMNS: Final[Mapping[str, Column]] = {
    "case_ref": _ref,
    "client_ref": Column(_client),
    "service": _ref,
    "referred_on": Column(read_date),
    "referred_at": Column(read_instant),
    "flags": Column(read_flags, care_flags),
    "support_level": Column(partial(read_word, words=SupportLevel)),
    "deliveries": Column(read_count),
    "date_of_birth": Column(_birth, care_birth),
    **dict.fromkeys(CHARACTERISTIC_COLUMNS, _characteristic()),
    "ethnicity": _characteristic(declined=_ETHNICITY_CODES),
    "disability": _characteristic(values=_NONE_IS_A_VALUE),
    "religion": _characteristic(values=_NONE_IS_A_VALUE),
    "mobile": Column(_as_typed, care_text),
    "language": Column(read_language),
    **dict.fromkeys(YES_NO_COLUMNS, _permission),
    "do_not_contact": Column(partial(read_word, words=Recorded), care_do_not_contact),
    "safe_days": Column(read_days, care_days),
    "safe_from": Column(read_minute, care_minute),
    "safe_until": Column(read_minute, care_minute),
    "safety_checked_on": Column(read_date),
    **dict.fromkeys(MOMENT_COLUMNS, _moment),
    **dict.fromkeys(DAY_COLUMNS, Column(_day)),
    "referral_source": _text,
    "referring_agency": _text,
    "crime_category": Column(_text.read, care_text),
    "local_authority": _text,
    "relationship_to_perpetrator": _text,
    "caseworker": _name,
    "closed_on": Column(read_date),
    "closure_reason": Column(partial(read_word, words=ClosureReason), care_closing),
    "closure_code": _name,
    "closure_detail": Column(partial(read_text_or_nothing, limit=DETAIL_LIMIT)),
}
"""How each column is read; there are no others."""

CASE_COLUMNS: Final = frozenset(COLUMNS)
CARE_COLUMNS: Final = frozenset(name for name, column in COLUMNS.items() if column.care)
