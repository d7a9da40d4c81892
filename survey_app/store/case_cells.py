"""How would a row of the case file write a case that is stored here?

The forms on the desk write and read a case in these words, so that one reader judges both.
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.safe_hours import LONDON
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.staff import StaffAccount
from survey_app.store.unreadable import readable_or_none

FACT_COLUMNS = (
    "referred_on",
    "support_level",
    "caseworker",
    "flags",
    "date_of_birth",
    "crime_category",
    "relationship_to_perpetrator",
    "referral_source",
    "referring_agency",
    "local_authority",
    "first_attempt_at",
    "second_attempt_at",
    "first_contact_at",
    "needs_assessment_on",
    "support_plan_on",
    "review_on",
)
"""What staff may put right in a case, in the order shown."""

CLOSING_COLUMNS = ("closed_on", "closure_reason", "deliveries", "support_level")
"""What a closing is decided on."""

_TYPED_DAYS = frozenset({"needs_assessment_on", "support_plan_on", "review_on"})


def cells_of(session: Session, case: Case) -> dict[str, str]:
    """The case's facts as cells, empty where nothing is recorded."""
    person = session.get_one(Person, case.person_id)
    born = readable_or_none(person.date_of_birth)
    cells = {
        "date_of_birth": _british(born) or person.birth_not_given or "",
        "caseworker": _caseworker(session, case),
    }
    for name in (*FACT_COLUMNS, *CLOSING_COLUMNS):
        if name.endswith("_at"):
            cells[name] = _moment(getattr(case, name), getattr(case, _day_of(name)))
        elif name in _TYPED_DAYS:
            cells[name] = _british(getattr(case, name))
        elif name not in cells:
            cells[name] = _cell(getattr(case, name))
    return cells


def _day_of(moment: str) -> str:
    return moment.removesuffix("_at") + "_on"


def _moment(at: datetime | None, on: date | None) -> str:
    return _british(on) if at is None else f"{at.astimezone(LONDON):%d/%m/%Y %H:%M}"


def _british(on: date | None) -> str:
    """A day as people type it; `date` fields of a browser want the other form."""
    return "" if on is None else f"{on:%d/%m/%Y}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _caseworker(session: Session, case: Case) -> str:
    """As the file writes it: the address of an account, or the text."""
    if case.caseworker_id is None:
        return case.caseworker_text or ""
    found = session.scalar(select(StaffAccount.email).where(StaffAccount.id == case.caseworker_id))
    return found or ""
