"""Open a case by hand, of somebody new or transferred in."""

from flask import Blueprint, flash, redirect, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.cases import Recorded
from survey_app.domain.file_faults import RowFault, RowFaultCode
from survey_app.store.cases import Case
from survey_app.usecases.open_case import CameFrom, open_case
from survey_app.web.caseworker.case.facts_form import caseworkers, flags, flags_cell, levels
from survey_app.web.caseworker.case.fault_words import by_field
from survey_app.web.caseworker.case.this_case import entered, the_service, the_worker
from survey_app.web.caseworker.case.words import FIELDS
from survey_app.web.caseworker.links import case_address
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

COLUMNS = (
    "case_ref",
    "client_ref",
    "referred_on",
    "support_level",
    "caseworker",
    "date_of_birth",
    "crime_category",
    "relationship_to_perpetrator",
    "referral_source",
    "referring_agency",
    "local_authority",
    "mobile",
    "language",
    "sms_consent",
    "sms_safe",
    "sms_preferred",
    "call_safe",
    "safety_checked_on",
)


@access(Audience.STAFF, Task.WORK_ON_CASES)
def open_case_page(slug: str) -> str:
    """An empty form, but for today and whoever opens it."""
    typed = {
        "referred_on": the_worker().today.isoformat(),
        "caseworker": staff().account.email,
        "language": "en",
    }
    return _page(typed, [])


@access(Audience.STAFF, Task.WORK_ON_CASES)
def open_new_case(slug: str) -> Response | tuple[str, int]:
    """Open it, or say all that is wrong with the entry still there."""
    typed = entered(*COLUMNS, "from_place", "earlier_ref") | {"flags": flags_cell()}
    came_from, faults = _came_from(typed)
    if faults:
        return _page(typed, by_field(faults)), 400
    cells = {name: cell for name, cell in typed.items() if name in (*COLUMNS, "flags")}
    with writing() as session:
        outcome = open_case(
            session,
            the_service(session),
            cells,
            the_worker(),
            drama_allowed=not runtime().settings.is_production,
            came_from=came_from,
        )
    if isinstance(outcome, Case):
        flash(_("The case is open. What is asked when follows from the programme."), "success")
        return redirect(case_address(slug, outcome.case_ref))
    return _page(typed, by_field(outcome.faults)), 400


def _came_from(typed: dict[str, str]) -> tuple[CameFrom | None, list[RowFault]]:
    place, earlier = typed.get("from_place", ""), typed.get("earlier_ref", "")
    if not place and not earlier:
        return None, []
    if not place:
        return None, [RowFault(0, "from_place", RowFaultCode.EMPTY)]
    if len(place) > 200 or len(earlier) > 100:
        return None, [RowFault(0, "from_place", RowFaultCode.TOO_LONG, about="200")]
    return CameFrom(place, earlier), []


def _page(typed: dict[str, str], errors: list[tuple[str, str]]) -> str:
    with reading() as session:
        workers = caseworkers(session, this_service().id, typed.get("caseworker", ""))
    answers = [
        (Recorded.YES, _("Yes")),
        (Recorded.NO, _("No")),
        (Recorded.UNKNOWN, _("Not known")),
        ("", _("Not asked yet")),
    ]
    return render_template(
        "caseworker/case/open.html",
        slug=this_service().slug,
        typed=typed,
        errors=errors,
        workers=workers,
        levels=levels(),
        flags=flags(),
        answers=answers,
        fields=FIELDS,
    )


def opening_pages(pages: Blueprint) -> None:
    """Mount the form."""
    address = "/services/<slug>/open-case"
    pages.get(address)(open_case_page)
    pages.post(address)(open_new_case)
