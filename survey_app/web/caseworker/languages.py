"""In which languages does the service ask, how far is each, and which drafts does it offer?"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.requests import MessageKind
from survey_app.messaging.expected import expected_text
from survey_app.store.offered_languages import languages_of
from survey_app.store.services import Service
from survey_app.usecases.offer_languages import offer_drafts
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

FIELD = "draft"


@access(Audience.STAFF, Task.SEE_LANGUAGES)
def languages(slug: str) -> str:
    """Every language: complete or not, draft or reviewed, offered or not, and its first text."""
    here = this_service()
    with reading() as session:
        service = session.get_one(Service, here.id)
        found = languages_of(session, service)
    texts = {
        each.language.tag: expected_text(
            MessageKind.INVITATION,
            service=service,
            settings=runtime().settings,
            language=each.language.tag,
        )
        for each in found
        if each.catalogue.can_text
    }
    return render_template(
        "caseworker/languages.html", languages=found, texts=texts, field=FIELD, slug=here.slug
    )


@access(Audience.STAFF, Task.OFFER_LANGUAGES)
def offer(slug: str) -> Response:
    """Offer the drafts that are ticked, and no others."""
    with writing() as session:
        has_changed = offer_drafts(
            session,
            session.get_one(Service, this_service().id),
            request.form.getlist(FIELD),
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
    if has_changed:
        flash(_("Saved. The first page of a link shows these languages from now on."), "success")
    return redirect(url_for("caseworker.languages", slug=slug))


def languages_pages(pages: Blueprint) -> None:
    """Mount the page and its one form."""
    pages.get("/services/<slug>/languages")(languages)
    pages.post("/services/<slug>/languages")(offer)
