"""Which responses wait for somebody of the service, and what is done about them?"""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from survey_app.domain.access import Task
from survey_app.reporting.desk import PAGE, AlertKey, AlertRow, find_alert_row, list_alerts
from survey_app.store.alerts import get_alert
from survey_app.store.received_texts import ReceivedText
from survey_app.store.responses import Answer
from survey_app.usecases.handle_alert import AlertRefusal, claim_alert, close_alert, read_alert
from survey_app.web.caseworker.said_times import said_times
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

Written = tuple[Answer, ...] | tuple[ReceivedText]
"""What somebody wrote: the answers of a response, or a text that came back."""


class CloseForm(FlaskForm):
    """What was done about it; sealed, and never shown to commissioners."""

    note = TextAreaField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write what was done.")),
            Length(max=2000, message=_l("Write at most 2,000 characters.")),
        ],
    )


@access(Audience.STAFF, Task.SEE_ALERTS)
def alerts(slug: str) -> str:
    """Open alerts, soonest due first; `?show=closed` the closed ones. Pages by key."""
    is_closed = request.args.get("show") == "closed"
    with reading() as session:
        found = list_alerts(
            session, this_service().id, is_closed=is_closed, after=_after(), limit=PAGE + 1
        )
    shown = found[:PAGE]
    older = _key(shown[-1]) if len(found) > PAGE else None
    return render_template(
        "caseworker/alerts.html",
        alerts=shown,
        is_closed=is_closed,
        older=older,
        slug=slug,
        now=runtime().now(),
    )


@access(Audience.STAFF, Task.SEE_ALERTS)
def alert(alert_id: int, **_address: str) -> str:
    """One alert, without what was written: reading that is a step of its own, and audited."""
    return _page(alert_id, CloseForm(formdata=None))


@access(Audience.STAFF, Task.SEE_ALERTS)
def show_alert_text(alert_id: int, **_address: str) -> str:
    """What was answered, shown once to whoever asked for it; the audit trail keeps who did."""
    with writing() as session:
        answers = read_alert(
            session,
            alert_id=alert_id,
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
        times = get_alert(session, alert_id).safe_times
    return _page(alert_id, CloseForm(formdata=None), answers=answers, times=said_times(times))


@access(Audience.STAFF, Task.HANDLE_ALERTS)
def claim(slug: str, alert_id: int) -> Response:
    """Take it."""
    with writing() as session:
        refusal = claim_alert(
            session,
            alert_id=alert_id,
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    _tell(refusal, _("You have taken this alert."))
    return redirect(url_for("caseworker.alert", slug=slug, alert_id=alert_id))


@access(Audience.STAFF, Task.HANDLE_ALERTS)
def close(slug: str, alert_id: int) -> Response | tuple[str, int]:
    """Close it with a note of what was done."""
    form = CloseForm()
    if not form.validate_on_submit():
        return _page(alert_id, form), 400
    with writing() as session:
        refusal = close_alert(
            session,
            alert_id=alert_id,
            note=form.note.data or "",
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    _tell(refusal, _("The alert is closed."))
    return redirect(url_for("caseworker.alerts", slug=slug))


def _page(
    alert_id: int,
    form: CloseForm,
    answers: Written | None = None,
    times: list[tuple[str, str]] | None = None,
) -> str:
    service = this_service()
    with reading() as session:
        row = find_alert_row(session, service.id, alert_id)
    if row is None:
        abort(404)
    return render_template(
        "caseworker/alert.html",
        alert=row,
        answers=answers,
        times=times or [],
        form=form,
        errors=[(name, texts[0]) for name, texts in form.errors.items() if texts],
        slug=service.slug,
        is_mine=row.claimed_by_id == staff().account.account_id,
        now=runtime().now(),
    )


def _tell(refusal: AlertRefusal | None, done: str) -> None:
    if refusal is None:
        flash(done, "success")
        return
    words = {
        AlertRefusal.ALREADY_CLOSED: _("Nothing was changed: a colleague closed this alert."),
        AlertRefusal.TAKEN_BY_ANOTHER: _("Nothing was changed: a colleague took this alert."),
    }
    flash(words[refusal], "important")


def _key(row: AlertRow) -> str:
    is_urgent, due_at, alert_id = row.key
    return f"{int(is_urgent)}~{due_at.isoformat()}~{alert_id}"


def _after() -> AlertKey | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    try:
        urgent, written, number = request.args.get("after", "").split("~")
        due_at, alert_id = datetime.fromisoformat(written), int(number)
    except ValueError:
        return None
    is_good = urgent in {"0", "1"} and due_at.tzinfo is not None and abs(alert_id) < 2**63
    return (urgent == "1", due_at, alert_id) if is_good else None


def alerts_pages(pages: Blueprint) -> None:
    """Mount the list and the single alert."""
    pages.get("/services/<slug>/alerts")(alerts)
    pages.get("/services/<slug>/alerts/<int:alert_id>")(alert)
    pages.post("/services/<slug>/alerts/<int:alert_id>/text")(show_alert_text)
    pages.post("/services/<slug>/alerts/<int:alert_id>/claim")(claim)
    pages.post("/services/<slug>/alerts/<int:alert_id>/close")(close)
