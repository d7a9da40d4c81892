"""One call: show the number, ring, and say how it ended."""

from datetime import date, datetime, time

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.calls import CallBackRefusal, CallOutcome
from survey_app.domain.safe_hours import LONDON
from survey_app.usecases.record_call import Ended, record_call
from survey_app.usecases.take_call import CallRefusal, put_back, take_call
from survey_app.web.interviewer.page import Typed, call_page, caller, ended_page
from survey_app.web.interviewer.words import CALL_BACK_REFUSALS, OUTCOMES, RECORDED
from survey_app.web.shared.access import Audience, access, writing

Answered = Response | tuple[str, int]


@access(Audience.STAFF, Task.SEE_CALLS)
def call(slug: str, request_id: int) -> tuple[str, int]:
    """The call; with its number only for whoever has taken it."""
    return call_page(request_id)


@access(Audience.STAFF, Task.MAKE_CALLS)
def show_number(slug: str, request_id: int) -> Answered:
    """Ask the contact rule, take the call, and show the number; it is recorded who saw it."""
    with writing() as session:
        refusal = take_call(session, request_id, caller())
    if refusal is not None:
        return ended_page(refusal)
    return redirect(url_for("interviewer.call", slug=slug, request_id=request_id), code=303)


@access(Audience.STAFF, Task.MAKE_CALLS)
def put_call_back(slug: str, request_id: int) -> Response:
    """Let somebody else ring."""
    with writing() as session:
        put_back(session, request_id, caller())
    flash(_("The call is back on the list."), "success")
    return redirect(url_for("interviewer.calls", slug=slug))


@access(Audience.STAFF, Task.MAKE_CALLS)
def end_call(slug: str, request_id: int) -> Answered:
    """Write down how a call ended that brought no answers."""
    typed = {name: request.form.get(name, "") for name in ("outcome", "day", "time")}
    outcome = typed["outcome"]
    if outcome not in OUTCOMES:
        return call_page(request_id, Typed([("outcome", _("Choose how the call ended."))], **typed))
    ended = Ended(CallOutcome(outcome), _at() if outcome == CallOutcome.CALL_BACK else None)
    with writing() as session:
        refusal = record_call(session, request_id, ended, caller())
    if isinstance(refusal, CallRefusal):
        return ended_page(refusal)
    if isinstance(refusal, CallBackRefusal):
        wrong = [("day", str(CALL_BACK_REFUSALS[refusal]))]
        return call_page(request_id, Typed(wrong, **typed))
    flash(str(RECORDED[ended.outcome]), "success")
    return redirect(url_for("interviewer.calls", slug=slug))


def _at() -> datetime | None:
    """The day and the time typed, in London; None where one is missing or is none."""
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        at = time.fromisoformat(request.form.get("time", ""))
    except ValueError:
        return None
    return None if at.tzinfo is not None else datetime.combine(day, at, LONDON)


def call_pages(pages: Blueprint) -> None:
    """Mount the call and what can be done with it."""
    address = "/services/<slug>/calls/<int:request_id>"
    pages.get(address)(call)
    pages.post(f"{address}/number")(show_number)
    pages.post(f"{address}/put-back")(put_call_back)
    pages.post(f"{address}/end")(end_call)
