"""What does a cases file say of one person, when several of its rows are theirs?

Rows of one person may differ: the number of last year's case stands beside that of today's. What
the file says must not hang on the order of its rows, or a second run would change things again. So
the rows are read together: facts as the newest referral has them, safety as cautiously as any row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from survey_app.domain.care import HOURS_COLUMNS
from survey_app.domain.care_words import by_care, most_careful
from survey_app.domain.case_file import CaseRow
from survey_app.domain.case_file_columns import SAFETY_COLUMNS, YES_NO_COLUMNS
from survey_app.domain.cases import Recorded, Weekday
from survey_app.domain.safe_hours import SafeHours
from survey_app.domain.safer_hours import tightened_hours

_OF_THE_NUMBER: Final = frozenset({"sms_safe", "call_safe"})
_NO_DAY: Final = "none"


@dataclass(frozen=True, slots=True)
class SaidOfPerson:
    """What one row, or all rows of a person together, say of the person."""

    case_ref: str
    """The case that decides: of the newest referral, and of those the last by its reference."""
    referred_on: date
    person: Mapping[str, Any]
    safety: Mapping[str, Any]


def said_by(row: CaseRow) -> SaidOfPerson:
    """What one row says of its person."""
    return SaidOfPerson(row.case_ref, row.referred_on, row.person, row.safety)


def combine(rows: Iterable[SaidOfPerson]) -> SaidOfPerson:
    """Return what the rows of one person say together; at least one, in any order.

    - A fact is as the newest referral that has it says; an empty cell does not hide an older fact.
    - A row whose safety was checked earlier than another's no longer loosens; it still tightens
      what no later checked row states.
    - Of the others the most careful word counts, and the hours that all of them allow. That the
      number is safe counts only from a row with the number that counts.
    """
    ordered = sorted(rows, key=lambda said: (said.referred_on, said.case_ref))
    newest = ordered[-1]
    person: dict[str, Any] = {}
    for said in ordered:
        person |= {k: v for k, v in said.person.items() if v is not None or k not in person}
    if any(said.person.get("date_of_birth") for said in ordered):
        # A birth date known from one case outweighs "not asked" on another.
        person["birth_not_given"] = None
    return SaidOfPerson(newest.case_ref, newest.referred_on, person, _safety(ordered))


def with_care(said: SaidOfPerson, care: Iterable[Mapping[str, Any]]) -> SaidOfPerson:
    """Return what a person's sound rows say, as careful as what their unsound rows say besides.

    Each of `care` is by care column. An unsound row never loosens, and no later check silences it.
    """
    safety = dict(said.safety)
    for unsound in care:
        for column in YES_NO_COLUMNS:
            word = unsound.get(column)
            if word and word is not by_care(column)[-1]:
                safety[column] = most_careful(column, (safety.get(column), word))
        if any(unsound.get(column) for column in HOURS_COLUMNS):
            safety |= _allowed_by([safety, unsound])
    return replace(said, safety=safety)


def _safety(ordered: Sequence[SaidOfPerson]) -> dict[str, Any]:
    """`ordered` from the oldest referral to the newest."""
    rows = [said.safety for said in ordered]
    latest = max((c for s in rows if (c := s.get("safety_checked_on"))), default=None)
    speaking = [
        s for s in rows if latest is None or (s.get("safety_checked_on") or latest) >= latest
    ]
    columns = {column for said in rows for column in said}
    together: dict[str, Any] = dict.fromkeys(c for c in SAFETY_COLUMNS if c in columns)
    mobile = next((said["mobile"] for said in reversed(speaking) if said.get("mobile")), None)
    for column in together.keys() & set(YES_NO_COLUMNS):
        words = [_word(column, said, mobile) for said in speaking]
        words += [_unless_loose(column, said.get(column)) for said in _unanswered(rows, column)]
        together[column] = most_careful(column, words)
    if "mobile" in together:
        together["mobile"] = mobile
    if latest is not None:
        together["safety_checked_on"] = latest
    return together | _allowed_by([*speaking, *_unanswered(rows, *HOURS_COLUMNS)])


def _unanswered(rows: Sequence[Mapping[str, Any]], *columns: str) -> list[Mapping[str, Any]]:
    """The rows checked before another, of whose cells no row that was checked later speaks."""
    stated = [
        checked
        for said in rows
        if (checked := said.get("safety_checked_on")) and any(said.get(c) for c in columns)
    ]
    latest = max((c for s in rows if (c := s.get("safety_checked_on"))), default=None)
    last_stated = max(stated, default=None)
    return [
        said
        for said in rows
        if (checked := said.get("safety_checked_on"))
        and checked != latest
        and (last_stated is None or checked >= last_stated)
    ]


def _word(column: str, said: Mapping[str, Any], mobile: str | None) -> Recorded | None:
    word: Recorded | None = said.get(column)
    is_of_number = column in _OF_THE_NUMBER and word is by_care(column)[-1]
    return None if is_of_number and not _is_same(said.get("mobile"), mobile) else word


def _unless_loose(column: str, word: Recorded | None) -> Recorded | None:
    return None if word is by_care(column)[-1] else word


def _allowed_by(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The hours that all of these rows allow; none where none of them says any."""
    given = [{c: said.get(c) for c in HOURS_COLUMNS} for said in rows]
    given = [hours for hours in given if any(hours.values())]
    if not given:
        return {}
    first = given[0]
    if all(hours == first for hours in given):
        return {c: hour for c, hour in first.items() if hour is not None}
    allowed = _hours(first)
    for hours in given[1:]:
        allowed = tightened_hours(allowed, _hours(hours))
    days = None if allowed.days is None else ";".join(allowed.days) or _NO_DAY
    return {"safe_days": days, "safe_from": allowed.opens, "safe_until": allowed.closes}


def _hours(said: Mapping[str, Any]) -> SafeHours:
    days = said["safe_days"]
    known = None if not days else () if days == _NO_DAY else tuple(map(Weekday, days.split(";")))
    return SafeHours(known, said["safe_from"], said["safe_until"])


def _is_same(one: str | None, other: str | None) -> bool:
    return _digits(one) == _digits(other)


def _digits(mobile: str | None) -> str:
    return "".join(char for char in mobile or "" if char.isdigit())
