"""The first page of a link, and pressing start."""

from math import ceil

from flask import redirect
from flask.typing import ResponseReturnValue

from survey_app.domain.requests import Mode
from survey_app.store.scope import Scope
from survey_app.usecases.respond.begin import begin
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.handed_over import is_handed_over
from survey_app.web.shared.page_language import page_tag
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.agreed_word import agreed_word_of, refused_word, word_page
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.ending import thanks
from survey_app.web.victim.kept_pages import show
from survey_app.web.victim.languages import settle_first_page
from survey_app.web.victim.opening import (
    elsewhere,
    find_here,
    next_address,
    nothing_here,
    questionnaire_of,
    sheet_of,
)
from survey_app.web.victim.questions import reply_with

SECONDS_A_QUESTION = 12
"""What a closed question takes on a phone, with reading; shown as whole minutes, rounded up."""


@blueprint.get("/s/<token>")
@access(Audience.LINK_HOLDER)
def start(token: str) -> ResponseReturnValue:
    """Show how long it takes, who sees the answers, and one button. Writes nothing."""
    with runtime().database.look(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not link.is_open:
            if link is not None and visitor.has_begun(link):
                return thanks(session, link)
            return nothing_here()
        sheet = sheet_of(session, link)
        offered = settle_first_page(session, link, sheet.questionnaire)
        asks_word = agreed_word_of(session, link) is not None
    visitor.leave_to(link.quick_exit_url)
    return show(
        "victim/start.html",
        minutes=ceil(len(sheet.steps) * SECONDS_A_QUESTION / 60),
        is_started=link.is_started,
        service_name=link.service_name,
        offered_languages=tuple(offered),
        asks_word=asks_word,
        is_young=sheet.questionnaire.is_for_young_people,
        note=visitor.hear(),
    )


@blueprint.post("/s/<token>")
@access(Audience.LINK_HOLDER)
def begin_or_resume(token: str) -> ResponseReturnValue:
    """Begin, or go on at the first question that has no answer yet."""
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not link.is_open:
            return elsewhere(token, link)
        refusal = refused_word(session, link)
        if refusal is not None:
            return word_page(refusal)
        questionnaire = questionnaire_of(session, link)
        settle_first_page(session, link, questionnaire)
        mode = Mode.IN_PERSON if is_handed_over(link.request_id) else Mode.SMS_LINK
        begin(session, link, questionnaire, now=runtime().now(), language=page_tag(), mode=mode)
        sheet = sheet_of(session, link)
    visitor.remember(link)
    if sheet.next_step is None:
        return redirect(next_address(token, sheet), code=303)
    return reply_with(sheet, sheet.next_step)
