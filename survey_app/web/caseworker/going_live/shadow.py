"""Who would have been texted, and who not, why? A manager looks at it and confirms it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.gate import ConditionId, is_shadow_long_enough
from survey_app.reporting.held_back import would_have_left, yes_decisions
from survey_app.reporting.shadow import shadow_counts
from survey_app.reporting.staff_texts import PAGE
from survey_app.store.gate import find_last_confirmation
from survey_app.store.services import Service
from survey_app.usecases.ask_gate import gate_facts
from survey_app.usecases.confirm_for_gate import ConfirmRefusal, confirm_shadow
from survey_app.usecases.decider import Decider
from survey_app.web.caseworker.going_live.confirming import refusal_words, seen_there, written
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
from survey_app.web.shared.paging import before_key
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_SENDING)
def sending_shadow(slug: str) -> str:
    """The list, with counts by reason, and the button."""
    return _page()


@access(Audience.STAFF, Task.GO_LIVE)
def confirm_shadow_list(slug: str) -> Response | tuple[str, int]:
    """Keep that this manager looked at it, with the counts that they saw."""
    process = runtime()
    by = Decider(staff().account.account_id, None, process.now())
    with writing() as session:
        service = session.get_one(Service, this_service().id)
        refusal = confirm_shadow(session, service, process.settings, seen_there(), by)
    if refusal is not None:
        return _page(refusal), 409
    flash(_("Confirmed, with the counts that you saw."), "success")
    return redirect(url_for("caseworker.sending", slug=slug))


def _page(refusal: ConfirmRefusal | None = None) -> str:
    here, process = this_service(), runtime()
    now = process.now()
    with reading() as session:
        service = session.get_one(Service, here.id)
        facts = gate_facts(session, service, process.settings, now)
        counts = shadow_counts(session, here.id, now)
        found = would_have_left(session, here.id, now, before=before_key(), limit=PAGE + 1)
        texts = found[:PAGE]
        decisions = yes_decisions(session, [text.request_id for text in texts])
        confirmed = find_last_confirmation(session, here.id, ConditionId.SHADOW_LOOKED_AT)
    return render_template(
        "caseworker/going_live/shadow.html",
        counts=counts,
        seen=written(counts.as_stored()),
        facts=facts,
        is_long_enough=is_shadow_long_enough(facts),
        confirmed=confirmed,
        texts=texts,
        decisions=decisions,
        older=texts[-1].id if len(found) > PAGE else None,
        refused=None if refusal is None else refusal_words(refusal),
        slug=here.slug,
        wave_words=wave_words,
        state_words=state_words,
        reason_words=reason_words,
        verdict_words=verdict_words,
    )


def shadow_pages(pages: Blueprint) -> None:
    """Mount the page and its button."""
    address = "/services/<slug>/sending/shadow"
    pages.get(address)(sending_shadow)
    pages.post(address)(confirm_shadow_list)
