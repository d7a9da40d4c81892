"""Does the service send? Who would have been texted, had it been live? Let it send, or stop it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from survey_app.domain.access import Task
from survey_app.domain.requests import MessageKind
from survey_app.messaging.expected import expected_text
from survey_app.messaging.outbox import provider_name
from survey_app.reporting.held_back import (
    count_held_back,
    languages_held_back,
    would_have_left,
    yes_decisions,
)
from survey_app.reporting.staff_texts import PAGE, count_refused
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.change_sending import change_mode, pause_services, revoke_links
from survey_app.web.caseworker.message_words import state_words, wave_words
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import reason_words, verdict_words
from survey_app.web.shared.runtime import runtime


class ReasonForm(FlaskForm):
    """Why; kept in the audit trail."""

    reason = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write why.")),
            Length(max=200, message=_l("Write at most 200 characters.")),
        ],
    )


class GoLiveForm(ReasonForm):
    """The manager has looked at the sample and signs it off."""

    confirm = BooleanField(validators=[DataRequired(_l("Confirm that you have looked at it."))])


@access(Audience.STAFF, Task.SEE_SENDING)
def sending(slug: str) -> str:
    """The mode, what was held back, a sample of the words, and the buttons."""
    return _page(None, GoLiveForm(formdata=None))


@access(Audience.STAFF, Task.GO_LIVE)
def go_live(slug: str) -> Response | tuple[str, int]:
    """Let the service send, for a reason, once the sample was signed off."""
    form = GoLiveForm()
    if not form.validate_on_submit():
        return _page("live", form), 400
    _change(ServiceMode.LIVE, form.reason.data or "")
    flash(_("The service is live: texts that are due leave now."), "success")
    return redirect(url_for("caseworker.sending", slug=slug))


@access(Audience.STAFF, Task.PAUSE_SENDING)
def pause(slug: str) -> Response | tuple[str, int]:
    """Stop before the next text."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page("pause", form), 400
    _change(ServiceMode.PAUSED, form.reason.data or "")
    flash(_("The service is paused: no further text leaves."), "success")
    return redirect(url_for("caseworker.sending", slug=slug))


@access(Audience.STAFF, Task.REVOKE_LINKS)
def revoke(slug: str) -> Response | tuple[str, int]:
    """Make every open link lead nowhere."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page("revoke", form), 400
    with writing() as session:
        revoked = revoke_links(
            session,
            session.get_one(Service, this_service().id),
            now=runtime().now(),
            account_id=staff().account.account_id,
            reason=form.reason.data,
        )
    flash(_("Links that lead nowhere now: %(n)s.", n=revoked), "success")
    return redirect(url_for("caseworker.sending", slug=slug))


@access(Audience.STAFF, Task.PAUSE_SENDING)
def pause_everything() -> Response:
    """Stop every service in which this person may, before the next text."""
    with writing() as session:
        paused = pause_services(
            session,
            now=runtime().now(),
            service_ids=staff().scope.service_ids or frozenset(),
            account_id=staff().account.account_id,
            reason="everything",
        )
    names = ", ".join(service.name for service in paused)
    if names:
        flash(_("Paused: %(names)s. No further text leaves.", names=names), "success")
    else:
        flash(_("No service was sending."), "important")
    return redirect(url_for("admin.services"))


def _change(mode: ServiceMode, reason: str) -> None:
    with writing() as session:
        change_mode(
            session,
            session.get_one(Service, this_service().id),
            mode,
            now=runtime().now(),
            account_id=staff().account.account_id,
            reason=reason,
        )


def _page(form_name: str | None, form: ReasonForm) -> str:
    here, now, settings = this_service(), runtime().now(), runtime().settings
    with reading() as session:
        service = session.get_one(Service, here.id)
        total, leaving = count_held_back(session, here.id, now)
        found = would_have_left(session, here.id, now, before=_before(), limit=PAGE + 1)
        texts = found[:PAGE]
        decisions = yes_decisions(session, [text.request_id for text in texts])
        languages = languages_held_back(session, here.id, now)
        refused = count_refused(session, here.id)
    samples = [
        expected_text(MessageKind.INVITATION, service=service, settings=settings, language=tag)
        for tag in (languages or {"en": 0})
    ]
    return render_template(
        "caseworker/sending.html",
        service=service,
        provider=provider_name(service, settings),
        total=total,
        leaving=leaving,
        texts=texts,
        decisions=decisions,
        languages=languages,
        refused=refused,
        samples=samples,
        older=texts[-1].id if len(found) > PAGE else None,
        form_name=form_name,
        form=form,
        errors=[(_field(form_name, name), said[0]) for name, said in form.errors.items() if said],
        slug=here.slug,
        wave_words=wave_words,
        state_words=state_words,
        reason_words=reason_words,
        verdict_words=verdict_words,
    )


def _field(form_name: str | None, name: str | None) -> str:
    """The id of a field: three forms of the page ask for a reason."""
    return str(name) if name == "confirm" else f"{form_name}-{name}"


def _before() -> int | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    typed = request.args.get("before", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def sending_pages(pages: Blueprint) -> None:
    """Mount the page and its buttons."""
    pages.get("/services/<slug>/sending")(sending)
    pages.post("/services/<slug>/sending/live")(go_live)
    pages.post("/services/<slug>/sending/pause")(pause)
    pages.post("/services/<slug>/sending/revoke-links")(revoke)
    pages.post("/services/pause-everything")(pause_everything)
