"""What text will this person get, from whom? Shown when consent is taken, on screen or paper."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.check_word import LONGEST, SHORTEST, CheckWordRefusal
from survey_app.domain.languages import get_language, is_read_by
from survey_app.domain.requests import OPEN_STATES, MessageKind
from survey_app.messaging.expected import expected_text as text_expected
from survey_app.store.cases import Case
from survey_app.store.offered_languages import offered_languages, text_language
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.store.trials import find_unended_trial
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.agree_check_word import WORD, agree_check_word
from survey_app.usecases.case_work import Overtaken
from survey_app.usecases.place_in_trials import invitation_wordings
from survey_app.web.caseworker.case.this_case import seen
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_CONTACT)
def expected_text(slug: str, case_ref: str) -> str:
    """The card: the sender and the words, exactly, with the word they chose."""
    return _page(case_ref)


@access(Audience.STAFF, Task.CHANGE_CONTACT)
def choose_check_word(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Keep the word that the person chose; a blank takes it away."""
    typed = request.form.get("check_word", "")
    with writing() as session:
        outcome = agree_check_word(
            session,
            this_case(session, case_ref).person_id,
            typed,
            account_id=staff().account.account_id,
            now=runtime().now(),
            seen=seen(WORD).get(WORD),
        )
    if isinstance(outcome, Overtaken):
        return _page(case_ref, typed, overtaken=outcome), 409
    if outcome is not None:
        return _page(case_ref, typed, outcome), 400
    flash(_("Saved. This is the text that the person will get."), "success")
    return redirect(url_for("caseworker.expected_text", slug=slug, case_ref=case_ref))


def _page(
    case_ref: str,
    typed: str | None = None,
    refusal: CheckWordRefusal | None = None,
    overtaken: Overtaken | None = None,
) -> str:
    service = this_service()
    with reading() as session:
        case = this_case(session, case_ref)
        person = session.get_one(Person, case.person_id)
        stored = session.get_one(Service, service.id)
        chosen = _language(session, case)
        language = text_language(chosen, person, offered_languages(session, stored))
        trial = find_unended_trial(session, service.id)
        wording = invitation_wordings(session, [person], runtime().now())[person.id]
    asked = chosen or person.language
    word = readable_or_none(person.check_word) or ""
    settings = runtime().settings
    texts = [
        text_expected(
            kind,
            service=stored,
            settings=settings,
            language=language,
            person=person,
            invitation=wording,
        )
        for kind in MessageKind
    ]
    return render_template(
        "caseworker/expected_text.html",
        case_ref=case.case_ref,
        texts=texts,
        asked_language=asked,
        is_in_asked_language=is_read_by(asked, get_language(language)),
        is_trying_words=trial is not None and trial.is_trying_words,
        check_word=word if typed is None else typed,
        seen=seen(WORD) if refusal else {WORD: word},
        changes=[
            (_("The word"), change.seen, change.stands, typed)
            for change in (overtaken.changes if overtaken else ())
        ],
        error=None if refusal is None else _words(refusal),
        slug=service.slug,
    )


def _language(session: Session, case: Case) -> str | None:
    """The language that the person chose on a page of ours, for what is still to be asked."""
    return session.scalar(
        select(SurveyRequest.language)
        .where(
            SurveyRequest.case_id == case.id,
            SurveyRequest.state.in_(OPEN_STATES),
            SurveyRequest.language.is_not(None),
        )
        .order_by(SurveyRequest.id.desc())
        .limit(1)
    )


def _words(refusal: CheckWordRefusal) -> str:
    return {
        CheckWordRefusal.SEVERAL_WORDS: _("Choose one word, without a space."),
        CheckWordRefusal.NOT_LETTERS: _("Choose a word of letters only."),
        CheckWordRefusal.TOO_SHORT: _("Choose a word of at least %(n)s letters.", n=SHORTEST),
        CheckWordRefusal.TOO_LONG: _("Choose a word of at most %(n)s letters.", n=LONGEST),
    }[refusal]


def expected_text_pages(pages: Blueprint) -> None:
    """Mount the card."""
    address = "/services/<slug>/cases/<ref:case_ref>/expected-text"
    pages.get(address)(expected_text)
    pages.post(address)(choose_check_word)
