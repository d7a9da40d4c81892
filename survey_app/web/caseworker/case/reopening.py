"""Open a closed case again."""

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.store.cases import Case
from survey_app.usecases.close_case import reopen_case
from survey_app.web.caseworker.case.this_case import the_service, the_worker
from survey_app.web.caseworker.case.words import REASONS
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service, writing

WHY_LIMIT = 500


@access(Audience.STAFF, Task.WORK_ON_CASES)
def reopen_case_page(slug: str, case_ref: str) -> str:
    """How it closed, and the form."""
    return _page(case_ref)


@access(Audience.STAFF, Task.WORK_ON_CASES)
def reopen_this_case(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Open it again, for a reason."""
    why = request.form.get("why", "").strip()
    if not why or len(why) > WHY_LIMIT:
        error = _("Write why, in at most %(n)s characters.", n=WHY_LIMIT)
        return _page(case_ref, why, error), 400
    with writing() as session:
        outcome = reopen_case(session, the_service(session), case_ref, why=why, worker=the_worker())
    if isinstance(outcome, Case):
        flash(_("The case is open again. What was asked at its end is not asked now."), "success")
    else:
        flash(_("The case is open already. Nothing was changed."), "important")
    return redirect(case_address(slug, case_ref))


def _page(case_ref: str, why: str = "", error: str | None = None) -> str:
    with reading() as session:
        case = this_case(session, case_ref)
    return render_template(
        "caseworker/case/reopen.html",
        slug=this_service().slug,
        case=case,
        reason=REASONS.get(case.closure_reason or "", case.closure_reason),
        why=why,
        error=error,
    )


def reopening_pages(pages: Blueprint) -> None:
    """Mount the form."""
    address = "/services/<slug>/cases/<ref:case_ref>/reopen"
    pages.get(address)(reopen_case_page)
    pages.post(address)(reopen_this_case)
