"""In which language does somebody read the pages of a link, and which others may they choose?"""

from collections.abc import Callable

from flask import request, session
from sqlalchemy.orm import Session

from survey_app.domain.instrument_words import in_words_of
from survey_app.domain.items import Item
from survey_app.domain.languages import ENGLISH, Language, find_language, fitting_language
from survey_app.domain.steps import Step
from survey_app.store.catalogues import shipped_catalogues
from survey_app.store.offered_languages import (
    asked_wordings,
    has_choice,
    is_allowed,
    offered_anywhere,
    offered_of,
)
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.questionnaire import Questionnaire
from survey_app.web.shared.page_language import CHOICE, chosen_here, page_catalogue, speak

FIELD = "lang"
"""The name of the choice, in the address of the first page and in its form."""
NO_LINK = 0
"""In place of a request's id, where the choice was made on a page without a link."""


def settle_language(link: Link, questionnaire: Callable[[], Questionnaire]) -> None:
    """Let this page be in the language chosen for this link, on this phone or when it was begun.

    `questionnaire` is only asked for where the language is not English.
    """
    chosen = find_language(_chosen_for(link) or link.language or ENGLISH.tag)
    is_readable = chosen is not None and _can_read(chosen, link, questionnaire)
    speak(chosen if chosen is not None and is_readable else ENGLISH)


def settle_first_page(db: Session, link: Link, questionnaire: Questionnaire) -> list[Language]:
    """Let the first page be in somebody's language; gives all that are offered there.

    What was asked for by the page's own links or form comes first, then what was chosen before,
    then what the service recorded. Keeps the choice in the session, never in the database.
    """
    offered = _offered(db, link, questionnaire)
    tags = [language.tag for language in offered]
    asked = find_language(request.values.get(FIELD, ""))
    before = find_language(_chosen_for(link) or link.language or "")
    chosen = next((choice for choice in (asked, before) if choice in offered), None)
    language = chosen or (
        fitting_language(link.recorded_language, tags) if len(offered) > 1 else ENGLISH
    )
    speak(language)
    _keep(language, link)
    return offered


def settle_without_link(db: Session) -> list[Language]:
    """Let a page that belongs to no link be in the language that its own links ask for.

    Gives all that any service here offers. Without such a wish it stays in the language that this
    phone chose before.
    """
    offered = offered_anywhere(db)
    asked = find_language(request.args.get(FIELD, ""))
    if asked is not None and asked in offered:
        session[CHOICE] = [asked.tag, NO_LINK]
        speak(asked)
    return offered


def in_page_language(step: Step, item: Item) -> Item:
    """The question in the words of the page's language; its codes stay."""
    catalogue = page_catalogue()
    if catalogue.language is ENGLISH:
        return item
    return in_words_of(catalogue.ask, step.instrument, item)


def _offered(db: Session, link: Link, questionnaire: Questionnaire) -> list[Language]:
    """What the service asks may have newer words than this link, so both must be whole."""
    if not has_choice(link.draft_languages):
        return [ENGLISH]
    wanted = asked_wordings(db, link.service_id) | questionnaire.wordings
    return offered_of(link.draft_languages, wanted)


def _can_read(language: Language, link: Link, questionnaire: Callable[[], Questionnaire]) -> bool:
    if language is ENGLISH:
        return True
    catalogue = shipped_catalogues().get(language.tag)
    return (
        is_allowed(catalogue, link.draft_languages)
        and catalogue.can_show_pages
        and catalogue.can_ask(questionnaire().wordings)
    )


def _chosen_for(link: Link) -> str | None:
    chosen = chosen_here()
    return chosen[0] if chosen is not None and chosen[1] == link.request_id else None


def _keep(language: Language, link: Link) -> None:
    """English is what a phone without a choice gets, so it needs no note."""
    wanted = [language.tag, link.request_id]
    if session.get(CHOICE) != wanted and (language is not ENGLISH or CHOICE in session):
        session[CHOICE] = wanted
