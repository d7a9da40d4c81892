"""The questions on paper: what this case can be asked, printed with a number per question."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.form_code import Form, form_code, read_form_code
from survey_app.domain.instrument_words import in_words_of
from survey_app.domain.languages import ENGLISH, Language, fitting_language
from survey_app.domain.requests import Wave
from survey_app.store.cases import Case, CaseNotFound, get_case
from survey_app.store.catalogues import shipped_catalogues
from survey_app.store.offered_languages import askable_languages
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import get_service
from survey_app.usecases.enter_paper import NothingAsked, PaperForm, paper_form
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.contact_words import WAVES
from survey_app.web.shared.page_language import speak


@access(Audience.STAFF, Task.USE_PAPER)
def paper(slug: str, case_ref: str) -> str:
    """The forms of this case: to print, and to enter once they come back."""
    with reading() as session:
        case = this_case(session, case_ref)
        forms = [paper_form(session, case, wave) for wave in _waves(session, case)]
    return render_template(
        "caseworker/with_person/paper.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        forms=[(form, _code(case, form)) for form in forms],
        waves=WAVES,
    )


@access(Audience.STAFF, Task.USE_PAPER)
def print_paper(slug: str, case_ref: str, wave: str) -> str:
    """One blank form, for A4: `?language=cy` in a language offered, `?large=1` in large print."""
    with reading() as session:
        case = this_case(session, case_ref)
        form = form_or_404(session, case, wave)
        offered = form_languages(session, form)
        wanted = request.args.get("language") or _recorded(session, case, offered)
    language = next((each for each in offered if each.tag == wanted), ENGLISH)
    return render_template(
        "caseworker/with_person/paper_form.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        wave=wave,
        paper=printed(form, _code(case, form), language),
        printed_in=language,
        offered=offered,
        is_draft=not shipped_catalogues().get(language.tag).status.is_reviewed,
        is_large=request.args.get("large") == "1",
    )


@access(Audience.STAFF, Task.USE_PAPER)
def find_paper(slug: str) -> Response | str | tuple[str, int]:
    """From the code on a form to the page on which it is entered."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return _code_page("")
    form = read_form_code(typed)
    with reading() as session:
        case = None if form is None else _find_case(session, form)
    if form is None or case is None:
        return _code_page(
            typed, _("No form of this service has that code. Check each letter.")
        ), 404
    return redirect(
        url_for("caseworker.enter_paper", slug=slug, case_ref=case.case_ref, wave=form.wave)
    )


def form_or_404(session: Session, case: Case, wave: str) -> PaperForm:
    """The form of the wave that the address names."""
    if wave not in set(Wave):
        abort(404)
    try:
        return paper_form(session, case, Wave(wave))
    except NothingAsked:
        abort(404)


def form_languages(session: Session, form: PaperForm) -> list[Language]:
    """The languages in which this form can be had: offered by the service, and whole."""
    service = get_service(session, this_service().slug)
    return askable_languages(session, service, form.instruments)


def printed(form: PaperForm, code: str, language: Language) -> Markup:
    """The form in this language; the page around it stays in the staff's."""
    catalogue = shipped_catalogues().get(language.tag)
    questions = [
        replace(each, item=in_words_of(catalogue.ask, each.instrument.key, each.item))
        if language is not ENGLISH
        else each
        for each in form.questions
    ]
    speak(language)
    try:
        # Ready-made by a template, which escapes every word in it.
        return Markup(render_template("paper/form.html", questions=questions, code=code))  # noqa: S704
    finally:
        speak(ENGLISH)


def _recorded(session: Session, case: Case, offered: list[Language]) -> str:
    """The language recorded with the person, where the form can be had in it."""
    person = session.get_one(Person, case.person_id)
    return fitting_language(person.language, [each.tag for each in offered]).tag


def _waves(session: Session, case: Case) -> list[Wave]:
    found = session.scalars(
        select(SurveyRequest.wave)
        .where(SurveyRequest.case_id == case.id)
        .order_by(SurveyRequest.due_at, SurveyRequest.id)
    )
    return [Wave(wave) for wave in found]


def _find_case(session: Session, form: Form) -> Case | None:
    """Within the session's scope, so that a code of another service's form leads nowhere."""
    try:
        return get_case(session, form.case_id)
    except CaseNotFound:
        return None


def _code(case: Case, form: PaperForm) -> str:
    return form_code(Form(case.id, form.wave))


def _code_page(typed: str, error: str | None = None) -> str:
    return render_template(
        "caseworker/with_person/find_paper.html",
        slug=this_service().slug,
        typed=typed,
        error=error,
    )


def paper_form_pages(pages: Blueprint) -> None:
    """Mount the pages."""
    pages.get("/services/<slug>/paper")(find_paper)
    pages.get("/services/<slug>/cases/<ref:case_ref>/paper")(paper)
    pages.get("/services/<slug>/cases/<ref:case_ref>/paper/<wave>")(print_paper)
