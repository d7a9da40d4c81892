"""Close a case with a coded reason: first what would follow, then the button that does it."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.cases import ClosureReason
from survey_app.domain.closings import Closing, ClosingRefusal
from survey_app.domain.file_cells import read_date
from survey_app.store.case_cells import CLOSING_COLUMNS, cells_of
from survey_app.store.cases import Case
from survey_app.store.programmes import Programmes
from survey_app.usecases.case_work import Overtaken
from survey_app.usecases.close_case import close_case
from survey_app.usecases.preview_closing import ClosingPreview, preview_closing
from survey_app.web.caseworker.case.closing_words import preview_words, refusal_errors
from survey_app.web.caseworker.case.this_case import (
    entered,
    seen,
    the_service,
    the_worker,
)
from survey_app.web.caseworker.case.words import FIELDS, REASONS, code_choices
from survey_app.web.caseworker.links import case_address, reading_address
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service, writing

HAND_OVER = "hand-over"
"""What the worker does next where the person is there: they answer at once."""
_CODES = tuple(f"code-{reason.value}" for reason in ClosureReason)
_FIELDS = ("on", "reason", *_CODES, "code", "detail", "destination")


@access(Audience.STAFF, Task.WORK_ON_CASES)
def close_case_page(slug: str, case_ref: str) -> str:
    """The form, with today's day in it."""
    typed = {"on": the_worker().today.isoformat(), "reason": request.args.get("reason", "")}
    return _page(case_ref, typed)


@access(Audience.STAFF, Task.WORK_ON_CASES)
def close_this_case(slug: str, case_ref: str) -> Response | tuple[str, int] | str:
    """Without `confirm`: what would follow. With it: close, and say that it is done."""
    typed = entered(*_FIELDS)
    closing = _read(typed)
    if not isinstance(closing, Closing):
        return _page(case_ref, typed, refusals=closing), 400
    is_confirmed = request.form.get("confirm") == "yes"
    with writing() as session:
        do = close_case if is_confirmed else preview_closing
        outcome = do(
            session,
            the_service(session),
            case_ref,
            closing,
            the_worker(),
            seen=seen(*CLOSING_COLUMNS),
        )
    if isinstance(outcome, Case):
        flash(_("The case is closed. It stays counted."), "success")
        if request.form.get("then") == HAND_OVER:
            return redirect(url_for(".hand_over_page", slug=slug, case_ref=case_ref))
        return redirect(case_address(slug, case_ref))
    if isinstance(outcome, ClosingPreview):
        return _page(case_ref, typed, preview=outcome, closing=closing)
    if isinstance(outcome, Overtaken):
        return _page(case_ref, typed, overtaken=outcome), 409
    is_late = ClosingRefusal.ALREADY_CLOSED in outcome.refusals
    return _page(case_ref, typed, refusals=outcome.refusals), 409 if is_late else 400


def _read(typed: dict[str, str]) -> Closing | tuple[ClosingRefusal, ...]:
    on, reason = read_date(typed.get("on", "")), typed.get("reason", "")
    refusals = []
    if not isinstance(on, date):
        refusals.append(ClosingRefusal.NO_DAY)
    if reason not in set(ClosureReason):
        refusals.append(ClosingRefusal.UNKNOWN_REASON)
    if refusals or not isinstance(on, date):
        return tuple(refusals)
    return Closing(
        on=on,
        reason=ClosureReason(reason),
        code=typed.get(f"code-{reason}") or typed.get("code") or None,
        detail=typed.get("detail") or None,
        destination=(typed.get("destination") or "")[:200] or None
        if reason == ClosureReason.TRANSFERRED
        else None,
    )


def _page(
    case_ref: str,
    typed: dict[str, str],
    *,
    refusals: tuple[ClosingRefusal, ...] = (),
    overtaken: Overtaken | None = None,
    preview: ClosingPreview | None = None,
    closing: Closing | None = None,
) -> str:
    with reading() as session:
        case = this_case(session, case_ref)
        stands = {name: cells_of(session, case)[name] for name in CLOSING_COLUMNS}
        programme = Programmes.of(session, case.service_id).in_force
    offered = {reason: code_choices(programme, reason) for reason in ClosureReason}
    codes = {reason: choices for reason, choices in offered.items() if choices}
    shown = seen(*CLOSING_COLUMNS)
    changes = overtaken.changes if overtaken else ()
    return render_template(
        "caseworker/case/close.html",
        slug=this_service().slug,
        case=case,
        typed=typed,
        seen=stands if overtaken or not shown else shown,
        errors=refusal_errors(refusals, case, _code_field(typed.get("reason", ""), codes)),
        changes=[(FIELDS[c.field], c.seen, c.stands, None) for c in changes],
        reasons=[(code, str(words)) for code, words in REASONS.items()],
        reason_words=REASONS,
        codes=codes,
        preview=None if preview is None else preview_words(preview),
        reading=None if preview is None else preview.reading,
        closing=closing,
        then_hand_over=HAND_OVER if preview is not None and preview.asks else None,
        reading_href=reading_address(this_service().slug, case_ref, "closure"),
    )


def _code_field(reason: str, codes: Mapping[str, object]) -> str:
    """Each reason's codes are a field of their own; a reason without codes has none."""
    return f"code-{reason}" if reason in codes else "reason"


def closing_pages(pages: Blueprint) -> None:
    """Mount the form."""
    address = "/services/<slug>/cases/<ref:case_ref>/close"
    pages.get(address)(close_case_page)
    pages.post(address)(close_this_case)
