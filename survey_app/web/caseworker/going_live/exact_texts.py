"""Which texts exactly will people get, in every language offered? A manager reads and confirms."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.gate import ConditionId
from survey_app.messaging.exact_texts import exact_texts, text_hashes
from survey_app.store.gate import find_last_confirmation
from survey_app.store.offered_languages import offered_languages
from survey_app.store.services import Service
from survey_app.usecases.confirm_for_gate import ConfirmRefusal, confirm_texts
from survey_app.usecases.decider import Decider
from survey_app.web.caseworker.going_live.confirming import refusal_words, seen_there, written
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_SENDING)
def sending_texts(slug: str) -> str:
    """Every text in every language, and the button."""
    return _page()


@access(Audience.STAFF, Task.GO_LIVE)
def confirm_exact_texts(slug: str) -> Response | tuple[str, int]:
    """Keep that this manager read them; void once wording, sender or languages change."""
    process = runtime()
    by = Decider(staff().account.account_id, None, process.now())
    with writing() as session:
        service = session.get_one(Service, this_service().id)
        refusal = confirm_texts(session, service, process.settings, seen_there(), by)
    if refusal is not None:
        return _page(refusal), 409
    flash(_("Confirmed, until a word, the sender or a language changes."), "success")
    return redirect(url_for("caseworker.sending", slug=slug))


def _page(refusal: ConfirmRefusal | None = None) -> str:
    here, settings = this_service(), runtime().settings
    with reading() as session:
        service = session.get_one(Service, here.id)
        languages = offered_languages(session, service)
        hashes = text_hashes(service, settings, languages)
        confirmed = find_last_confirmation(session, here.id, ConditionId.EXPECTED_TEXT)
    return render_template(
        "caseworker/going_live/exact_texts.html",
        languages=[(each, exact_texts(service, settings, each.tag)) for each in languages],
        seen=written(hashes),
        confirmed=confirmed,
        is_confirmed=confirmed is not None and hashes.items() <= confirmed.seen.items(),
        refused=None if refusal is None else refusal_words(refusal),
        slug=here.slug,
    )


def exact_texts_pages(pages: Blueprint) -> None:
    """Mount the page and its button."""
    address = "/services/<slug>/sending/texts"
    pages.get(address)(sending_texts)
    pages.post(address)(confirm_exact_texts)
