"""Which texts of the service wait, left, failed or were refused? Which is sent again?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from survey_app.domain.access import Task, may
from survey_app.reporting.staff_texts import (
    PAGE,
    Shown,
    count_texts,
    decisions_of_request,
    list_texts,
    texts_of_request,
)
from survey_app.store.cases import get_case
from survey_app.store.requests import get_request
from survey_app.store.services import Service
from survey_app.usecases.decider import Decider
from survey_app.usecases.resend_text import (
    TextNotFound,
    give_up_text,
    resend_text,
)
from survey_app.web.caseworker.message_words import (
    KINDS,
    LISTS,
    refusal_words,
    resent_words,
    state_words,
    wave_words,
)
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import (
    CHANNELS,
    WAVES,
    facts_in_words,
    verdict_words,
)
from survey_app.web.shared.paging import before_key
from survey_app.web.shared.runtime import runtime
from survey_app.web.shared.worker_words import no_worker_words

WORDS = {
    "lists": LISTS,
    "kinds": KINDS,
    "waves": WAVES,
    "channels": CHANNELS,
    "state_words": state_words,
    "wave_words": wave_words,
    "verdict_words": verdict_words,
    "facts_in_words": facts_in_words,
}
"""What the templates say things with."""


class ResendForm(FlaskForm):
    """Why, and whether the person who decides knows that the text did not arrive."""

    why = StringField(
        filters=[lambda text: (text or "").strip()],
        validators=[
            DataRequired(_l("Write why.")),
            Length(max=200, message=_l("Write at most 200 characters.")),
        ],
    )
    did_not_arrive = BooleanField()


@access(Audience.STAFF, Task.SEE_TEXTS)
def messages(slug: str) -> str | tuple[str, int]:
    """Texts, newest first; `?show=` (or `?state=`) narrows to one list, and one that does not exist
    is said not to. Pages by key."""
    service, asked = this_service(), request.args.get("show") or request.args.get("state") or ""
    shown = Shown(asked) if asked in set(Shown) else None
    is_unknown = bool(asked) and shown is None
    with reading() as session:
        counts = count_texts(session, service.id)
        mode = session.get_one(Service, service.id).mode
        no_worker = no_worker_words(session)
        found = list_texts(session, service.id, shown, before=before_key(), limit=PAGE + 1)
    texts = found[:PAGE]
    page = render_template(
        "caseworker/messages.html",
        texts=texts,
        is_unknown=is_unknown,
        shown=shown,
        counts=counts,
        mode=mode,
        no_worker=no_worker,
        older=texts[-1].id if len(found) > PAGE else None,
        slug=slug,
        **WORDS,
    )
    return (page, 404) if is_unknown else page


@access(Audience.STAFF, Task.SEE_TEXTS)
def message(slug: str, request_id: int) -> str:
    """One request: its texts, and what the contact rule decided when, and why."""
    return _page(request_id, ResendForm(formdata=None))


@access(Audience.STAFF, Task.RESEND_TEXTS)
def resend(slug: str, request_id: int, message_id: int) -> Response | tuple[str, int]:
    """Queue a text once more, for a reason."""
    form = ResendForm()
    if not form.validate_on_submit():
        return _page(request_id, form, message_id), 400
    with writing() as session:
        _require_of_request(session, request_id, message_id)
        resent = resend_text(
            session,
            message_id,
            _decider(form),
            runtime().settings,
            says_it_did_not_arrive=bool(form.did_not_arrive.data),
        )
    flash(resent_words(resent), "success" if resent.refusal is None else "important")
    return redirect(url_for("caseworker.message", slug=slug, request_id=request_id))


@access(Audience.STAFF, Task.RESEND_TEXTS)
def give_up(slug: str, request_id: int, message_id: int) -> Response | tuple[str, int]:
    """Let a doubtful text be, for a reason."""
    form = ResendForm()
    if not form.validate_on_submit():
        return _page(request_id, form, message_id), 400
    with writing() as session:
        _require_of_request(session, request_id, message_id)
        refusal = give_up_text(session, message_id, _decider(form))
    if refusal is None:
        flash(str(_l("It counts as not arrived. Later texts may go again.")), "success")
    else:
        flash(refusal_words(refusal), "important")
    return redirect(url_for("caseworker.message", slug=slug, request_id=request_id))


def _page(request_id: int, form: ResendForm, failed_id: int | None = None) -> str:
    service = this_service()
    with reading() as session:
        asked = get_request(session, request_id)
        case_ref = get_case(session, asked.case_id).case_ref
        texts = texts_of_request(session, request_id)
        decisions = decisions_of_request(session, request_id)
    return render_template(
        "caseworker/message.html",
        asked=asked,
        case_ref=case_ref,
        texts=texts,
        decisions=decisions,
        sees_facts=may(service.roles, Task.SEE_CONTACT),
        resends=may(service.roles, Task.RESEND_TEXTS) and asked.expires_at > runtime().now(),
        form=form,
        failed_id=failed_id,
        errors=[(f"why-{failed_id}", said[0]) for said in form.errors.values() if said],
        slug=service.slug,
        **WORDS,
    )


def _decider(form: ResendForm) -> Decider:
    return Decider(staff().account.account_id, form.why.data or "", runtime().now())


def _require_of_request(session: Session, request_id: int, message_id: int) -> None:
    """404 for a text that is not of the request that the address names."""
    get_request(session, request_id)
    if message_id not in {text.message_id for text in texts_of_request(session, request_id)}:
        raise TextNotFound(message_id)


def messages_pages(pages: Blueprint) -> None:
    """Mount the list, one request, and what is done about a text."""
    pages.get("/services/<slug>/messages")(messages)
    pages.get("/services/<slug>/messages/<int:request_id>")(message)
    pages.post("/services/<slug>/messages/<int:request_id>/<int:message_id>/resend")(resend)
    pages.post("/services/<slug>/messages/<int:request_id>/<int:message_id>/give-up")(give_up)
