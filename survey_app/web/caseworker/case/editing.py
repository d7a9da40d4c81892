"""Put the facts of a case right, without writing over a colleague."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.store.case_cells import FACT_COLUMNS, cells_of
from survey_app.usecases.case_work import Overtaken
from survey_app.usecases.edit_case import Edited, Faulty, edit_case
from survey_app.web.caseworker.case.facts_form import caseworkers, flags, flags_cell, levels
from survey_app.web.caseworker.case.fault_words import by_field
from survey_app.web.caseworker.case.this_case import (
    entered,
    seen,
    the_service,
    the_worker,
)
from survey_app.web.caseworker.case.words import FIELDS
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service, writing

WHY_LIMIT = 500


@access(Audience.STAFF, Task.WORK_ON_CASES)
def edit_case_page(slug: str, case_ref: str) -> str:
    """The facts as they stand, in a form."""
    with reading() as session:
        return _page(case_ref, cells_of(session, this_case(session, case_ref)))


@access(Audience.STAFF, Task.WORK_ON_CASES)
def save_case(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Keep what was changed, or say what is wrong, or what a colleague changed meanwhile."""
    typed = entered(*FACT_COLUMNS) | {"flags": flags_cell()}
    why = request.form.get("why", "").strip()[:WHY_LIMIT]
    with writing() as session:
        outcome = edit_case(
            session,
            the_service(session),
            case_ref,
            seen=seen(*FACT_COLUMNS),
            entered=typed,
            why=why,
            worker=the_worker(),
        )
    if isinstance(outcome, Edited):
        flash(_("Saved.") if outcome.changed else _("Nothing was changed."), "success")
        return redirect(case_address(slug, case_ref))
    if isinstance(outcome, Overtaken):
        return _page(case_ref, typed, why=why, overtaken=outcome), 409
    return _page(case_ref, typed, why=why, faulty=outcome), 400


def _page(
    case_ref: str,
    typed: dict[str, str],
    *,
    why: str = "",
    overtaken: Overtaken | None = None,
    faulty: Faulty | None = None,
) -> str:
    with reading() as session:
        case = this_case(session, case_ref)
        stands = cells_of(session, case)
        workers = caseworkers(session, case.service_id, stands["caseworker"])
    shown = seen(*FACT_COLUMNS) if faulty is not None else {}
    changes = overtaken.changes if overtaken else ()
    return render_template(
        "caseworker/case/edit.html",
        slug=this_service().slug,
        case_ref=case_ref,
        typed=typed,
        why=why,
        # After a conflict the form is filled in on what now stands; after a fault it is still on
        # what was first shown, so that a change in between is not missed.
        seen=shown or {name: stands[name] for name in FACT_COLUMNS},
        errors=by_field(faulty.faults) if faulty else [],
        changes=[(FIELDS[c.field], c.seen, c.stands, typed.get(c.field)) for c in changes],
        workers=workers,
        levels=levels(),
        flags=flags(),
        fields=FIELDS,
    )


def editing_pages(pages: Blueprint) -> None:
    """Mount the form."""
    address = "/services/<slug>/cases/<ref:case_ref>/facts"
    pages.get(address)(edit_case_page)
    pages.post(address)(save_case)
