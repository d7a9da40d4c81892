"""One alert: what it is about, who took it, what was noted, what came of it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from survey_app.domain.access import Task
from survey_app.domain.alerts import AlertOutcome
from survey_app.reporting.alert_answers import alert_answers
from survey_app.reporting.alerts import find_alert_row
from survey_app.store.alert_notes import notes_of
from survey_app.store.alerts import get_alert
from survey_app.store.received_texts import ReceivedText
from survey_app.store.responses import Answer
from survey_app.usecases.handle_alert import (
    AlertRefusal,
    claim_alert,
    close_alert,
    note_on_alert,
    read_alert,
)
from survey_app.web.caseworker.alert_words import OUTCOMES
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


def _written(missing: LazyString) -> TextAreaField:
    """Words of staff: sealed, and never shown to commissioners."""
    return TextAreaField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(missing),
            Length(max=2000, message=_l("Write at most 2,000 characters.")),
        ],
    )


class NoteForm(FlaskForm):
    """Something that colleagues should know while the alert is open."""

    text = _written(_l("Write the note."))


class CloseForm(FlaskForm):
    """What came of it, and what was done."""

    outcome = RadioField(
        choices=[SelectChoice(outcome.value, OUTCOMES[outcome]) for outcome in AlertOutcome],
        validators=[InputRequired(_l("Choose what came of it."))],
        validate_choice=True,
    )
    note = _written(_l("Write what was done."))


@access(Audience.STAFF, Task.SEE_ALERTS)
def alert(alert_id: int, **_address: str) -> str:
    """One alert, without what was written: reading that is a step of its own, and audited. What was
    chosen of given answers stands there, for the kind of the alert says it anyhow."""
    return _page(alert_id)


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
    return _page(alert_id, answers=answers, times=said_times(times))


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
    if refusal is None:
        flash(_("You have taken this alert."), "success")
    else:
        flash(_refused(refusal), "important")
    return redirect(url_for("caseworker.alert", slug=slug, alert_id=alert_id))


@access(Audience.STAFF, Task.HANDLE_ALERTS)
def note_alert(slug: str, alert_id: int) -> Response | tuple[str, int]:
    """Add a note; it stays as it was written."""
    form = NoteForm()
    if not form.validate_on_submit():
        return _page(alert_id, noting=form), 400
    with writing() as session:
        refusal = note_on_alert(
            session,
            alert_id=alert_id,
            text=form.text.data or "",
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    if refusal is not None:
        return _page(alert_id, refused=refusal, unkept=form.text.data), 409
    flash(_("The note is kept."), "success")
    return redirect(url_for("caseworker.alert", slug=slug, alert_id=alert_id))


@access(Audience.STAFF, Task.HANDLE_ALERTS)
def close(slug: str, alert_id: int) -> Response | tuple[str, int]:
    """Close it with what came of it and a note of what was done."""
    form = CloseForm()
    if not form.validate_on_submit():
        return _page(alert_id, closing=form), 400
    with writing() as session:
        refusal = close_alert(
            session,
            alert_id=alert_id,
            outcome=AlertOutcome(form.outcome.data),
            note=form.note.data or "",
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    if refusal is not None:
        return _page(alert_id, refused=refusal, unkept=form.note.data), 409
    flash(_("The alert is closed."), "success")
    return redirect(url_for("caseworker.alerts", slug=slug))


def _page(
    alert_id: int,
    *,
    noting: NoteForm | None = None,
    closing: CloseForm | None = None,
    answers: Written | None = None,
    times: list[tuple[str, str]] | None = None,
    refused: AlertRefusal | None = None,
    unkept: str | None = None,
) -> str:
    service, now = this_service(), runtime().now()
    with reading() as session:
        row = find_alert_row(session, service.id, alert_id, now)
        notes = notes_of(session, alert_id)
        said = alert_answers(session, [alert_id]).get(alert_id)
    if row is None:
        abort(404)
    noting, closing = noting or NoteForm(formdata=None), closing or CloseForm(formdata=None)
    found = {**noting.errors, **closing.errors}
    return render_template(
        "caseworker/alert.html",
        alert=row,
        notes=notes,
        said=said,
        answers=answers,
        times=times or [],
        noting=noting,
        closing=closing,
        errors=[(name, texts[0]) for name, texts in found.items() if texts],
        refused=None if refused is None else _refused(refused),
        unkept=unkept,
        outcomes=OUTCOMES,
        slug=service.slug,
        is_mine=row.claimed_by_id == staff().account.account_id,
        now=now,
    )


def _refused(refusal: AlertRefusal) -> str:
    return {
        AlertRefusal.ALREADY_CLOSED: _("Nothing was changed: a colleague closed this alert."),
        AlertRefusal.TAKEN_BY_ANOTHER: _("Nothing was changed: a colleague took this alert."),
    }[refusal]


def alerts_pages(pages: Blueprint) -> None:
    """Mount the single alert."""
    pages.get("/services/<slug>/alerts/<int:alert_id>")(alert)
    pages.post("/services/<slug>/alerts/<int:alert_id>/text")(show_alert_text)
    pages.post("/services/<slug>/alerts/<int:alert_id>/claim")(claim)
    pages.post("/services/<slug>/alerts/<int:alert_id>/notes")(note_alert)
    pages.post("/services/<slug>/alerts/<int:alert_id>/close")(close)
