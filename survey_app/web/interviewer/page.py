"""The one page of a call: when, the number, what to say, how it ended, and the questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instrument_words import in_words_of
from survey_app.domain.items import Item
from survey_app.domain.languages import ENGLISH, Language
from survey_app.domain.paper import Question
from survey_app.store.cases import Case
from survey_app.store.catalogues import shipped_catalogues
from survey_app.store.offered_languages import askable_languages, text_language
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest, get_request
from survey_app.store.services import get_service
from survey_app.usecases.answer_by_phone import CallSheet, call_sheet
from survey_app.usecases.call_list import find_call_row
from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.usecases.take_call import Caller, CallRefusal, find_shown
from survey_app.web.interviewer.words import CALL_REFUSALS, OUTCOMES, language_name, told
from survey_app.web.shared.access import reading, staff, this_service
from survey_app.web.shared.runtime import runtime

SHELF = Shelf()
Errors = Sequence[tuple[str, str]]
"""Field id and words."""


@dataclass(frozen=True)
class Typed:
    """What a form that could not be taken had in it, and what is wrong with it."""

    errors: Errors = ()
    answers: Mapping[int, Sequence[str]] = field(default_factory=dict)
    outcome: str = ""
    day: str = ""
    time: str = ""


@dataclass(frozen=True)
class Asked:
    """One question as it is read out; `only_after`: the earlier question's number and answers."""

    number: int
    item: Item
    only_after: tuple[int, tuple[str, ...]] | None


def caller() -> Caller:
    """Who is ringing."""
    return Caller(staff().account.account_id, this_service().id, runtime().now())


def call_page(request_id: int, typed: Typed | None = None) -> tuple[str, int]:
    """The page and its status; where nobody is to ring any more, a page that says so.

    Raises RequestNotFound.
    """
    typed = typed or Typed()
    who = caller()
    with reading() as session:
        asked = get_request(session, request_id)
        row = find_call_row(session, who.service_id, request_id, who.account_id, who.now)
        if row is None:
            return ended_page(CallRefusal.ENDED)
        shown = find_shown(session, request_id, who) if row.is_mine else None
        sheet = call_sheet(session, asked, SHELF, who.now) if row.is_mine else None
        offered = [ENGLISH] if sheet is None else offered_for(session, sheet)
        language = _language(session, asked, offered)
    page = render_template(
        "interviewer/call.html",
        slug=this_service().slug,
        call=told(row, who.now),
        is_ready=row.from_when is None,
        shown=shown,
        questions=_questions(sheet, language),
        offered=offered,
        spoken=language,
        recorded_language=language_name(row.language),
        is_draft=not shipped_catalogues().get(language.tag).status.is_reviewed,
        outcomes=[(code, str(text)) for code, text in OUTCOMES.items()],
        typed=typed,
        errors=typed.errors,
        error_of=dict(typed.errors),
    )
    return page, 400 if typed.errors else 200


def ended_page(refusal: CallRefusal) -> tuple[str, int]:
    """Nobody is to ring for this request, or not this caller, or not now: what to do instead."""
    page = render_template(
        "interviewer/ended.html", slug=this_service().slug, why=str(CALL_REFUSALS[refusal])
    )
    return page, 410 if refusal is CallRefusal.ENDED else 409


def offered_for(session: Session, sheet: CallSheet) -> list[Language]:
    """The languages in which these questions can be read out."""
    service = get_service(session, this_service().slug)
    return askable_languages(session, service, sheet.sheet.questionnaire.instruments)


def _language(session: Session, asked: SurveyRequest, offered: Sequence[Language]) -> Language:
    """The one that the caller chose on this page, else the person's own where it is offered."""
    person = session.execute(
        select(Person).join(Case, Case.person_id == Person.id).where(Case.id == asked.case_id)
    ).scalar_one()
    own = text_language(asked.language, person, offered)
    tags = (request.values.get("language", ""), own)
    by_tag = {each.tag: each for each in offered}
    return next((by_tag[tag] for tag in tags if tag in by_tag), ENGLISH)


def _questions(sheet: CallSheet | None, language: Language) -> list[Asked]:
    if sheet is None:
        return []
    say = shipped_catalogues().get(language.tag).ask
    is_english = language is ENGLISH

    def words(instrument_key: str, item: Item) -> Item:
        return item if is_english else in_words_of(say, instrument_key, item)

    shown_numbers = {question.number for question in sheet.questions}
    return [
        Asked(
            question.number,
            words(question.instrument.key, question.item),
            _only_after(question, shown_numbers),
        )
        for question in sheet.questions
    ]


def _only_after(question: Question, shown: set[int]) -> tuple[int, tuple[str, ...]] | None:
    """In English, as the caller's own instruction; not where the earlier question was answered."""
    if question.only_after is None or question.item.ask_when is None:
        return None
    number, options = question.only_after
    if number not in shown:
        return None
    earlier = question.instrument.item(question.item.ask_when.item)
    return number, tuple(earlier.options[option - 1].text for option in options)
