"""What does a cases file say of one person, when several of its rows are theirs?

Rows of one person may differ: the number of last year's case stands beside that of today's. What
the file says must not hang on the order of its rows, or a second run would change things again. So
the rows are read together: facts as the newest referral has them, safety as cautiously as any row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from survey_app.domain.case_file import SAFETY_COLUMNS, CaseRow
from survey_app.domain.cases import Recorded

_NO_IS_CAREFUL: Final = (Recorded.NO, Recorded.UNKNOWN, Recorded.YES)
_YES_IS_CAREFUL: Final = (Recorded.YES, Recorded.UNKNOWN, Recorded.NO)
_OF_THE_NUMBER: Final = frozenset({"sms_safe", "call_safe"})
_CAREFUL: Final[Mapping[str, Sequence[Recorded]]] = {
    "sms_consent": _NO_IS_CAREFUL,
    "sms_safe": _NO_IS_CAREFUL,
    "sms_preferred": _NO_IS_CAREFUL,
    "call_safe": _NO_IS_CAREFUL,
    "name_service": _NO_IS_CAREFUL,
    "do_not_contact": _YES_IS_CAREFUL,
}
"""Per field, its words from the most careful on."""

_HOURS: Final = ("safe_days", "safe_from", "safe_until")


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
    - A row whose safety was checked earlier than another's no longer speaks of safety.
    - Of the others the most careful word counts. That the number is safe counts only from a row
      with the number that counts.
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


def _safety(ordered: Sequence[SaidOfPerson]) -> dict[str, Any]:
    """`ordered` from the oldest referral to the newest."""
    checked = [c for said in ordered if (c := said.safety.get("safety_checked_on"))]
    latest = max(checked, default=None)
    speaking = [
        said.safety
        for said in ordered
        if latest is None or (said.safety.get("safety_checked_on") or latest) >= latest
    ]
    columns = {column for said in ordered for column in said.safety}
    together: dict[str, Any] = dict.fromkeys(c for c in SAFETY_COLUMNS if c in columns)
    mobile = _newest(speaking, "mobile")
    for column in together.keys() & _CAREFUL.keys():
        together[column] = _most_careful(column, speaking, mobile)
    if "mobile" in together:
        together["mobile"] = mobile
    if latest is not None:
        together["safety_checked_on"] = latest
    hours: Mapping[str, Any] = next(
        (s for s in reversed(speaking) if any(s.get(c) for c in _HOURS)), {}
    )
    return together | {c: hours[c] for c in _HOURS if c in hours}


def _newest(speaking: Sequence[Mapping[str, Any]], column: str) -> Any:
    return next((said[column] for said in reversed(speaking) if said.get(column)), None)


def _most_careful(
    column: str, speaking: Sequence[Mapping[str, Any]], mobile: str | None
) -> Recorded | None:
    order = _CAREFUL[column]
    is_of_number = column in _OF_THE_NUMBER
    words = [
        word
        for said in speaking
        if (word := said.get(column))
        and (word is not order[-1] or not is_of_number or _is_same(said.get("mobile"), mobile))
    ]
    return min(words, key=order.index, default=None)


def _is_same(one: str | None, other: str | None) -> bool:
    return _digits(one) == _digits(other)


def _digits(mobile: str | None) -> str:
    return "".join(char for char in mobile or "" if char.isdigit())
