"""What does the page about a service's sending show?"""

from flask import render_template

from survey_app.domain.requests import MessageKind
from survey_app.messaging.expected import expected_text
from survey_app.messaging.outbox import provider_name
from survey_app.reporting.backlog import backlog
from survey_app.reporting.held_back import (
    count_held_back,
    languages_held_back,
    would_have_left,
    yes_decisions,
)
from survey_app.reporting.sending_history import sending_history
from survey_app.reporting.staff_texts import count_refused
from survey_app.store.gate import WAIVERS_SHOWN, waivers_since
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.ask_gate import ask_gate
from survey_app.web.caseworker.going_live.places import missing_conditions
from survey_app.web.caseworker.message_words import state_words, wave_words
from survey_app.web.caseworker.sending_forms import ReasonForm
from survey_app.web.caseworker.sending_words import change_words, who_words
from survey_app.web.shared.access import reading, this_service
from survey_app.web.shared.contact_words import reason_words, verdict_words
from survey_app.web.shared.paging import before_key
from survey_app.web.shared.runtime import runtime
from survey_app.web.shared.worker_words import no_worker_words

SAMPLE = 10
"""Texts on a page of the sample: what may be signed off is read, not scrolled past."""
WORDS = {
    "wave_words": wave_words,
    "state_words": state_words,
    "reason_words": reason_words,
    "verdict_words": verdict_words,
    "change_words": change_words,
    "who_words": who_words,
}


def sending_page(form_name: str | None, form: ReasonForm) -> str:
    """The page; `form_name` says which of its three forms was sent and found wanting."""
    here, now, settings = this_service(), runtime().now(), runtime().settings
    with reading() as session:
        service = session.get_one(Service, here.id)
        total, leaving = count_held_back(session, here.id, now)
        found = would_have_left(session, here.id, now, before=before_key(), limit=SAMPLE + 1)
        texts = found[:SAMPLE]
        decisions = yes_decisions(session, [text.request_id for text in texts])
        languages = languages_held_back(session, here.id, now)
        refused = count_refused(session, here.id)
        waiting = backlog(session, here.id, now)
        history = sending_history(session, here.id)
        is_live = service.mode == ServiceMode.LIVE
        unmet = () if is_live else ask_gate(session, service, settings, now)
        waivers = waivers_since(session, here.id, now - WAIVERS_SHOWN)
        no_worker = no_worker_words(session)
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
        waiting=waiting,
        history=history,
        missing=missing_conditions(unmet, here.slug),
        waivers=waivers,
        no_worker=no_worker,
        samples=samples,
        older=texts[-1].id if len(found) > SAMPLE else None,
        form_name=form_name,
        form=form,
        errors=[(_field(form_name, name), said[0]) for name, said in form.errors.items() if said],
        slug=here.slug,
        **WORDS,
    )


def _field(form_name: str | None, name: str | None) -> str:
    """The id of a field: three forms of the page ask for a reason."""
    return f"{form_name}-reason" if name == "reason" else str(name)
