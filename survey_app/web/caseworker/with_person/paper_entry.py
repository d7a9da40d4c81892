"""Enter a form that came back: one box a question, answered by the option's number."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.form_code import Form, form_code
from survey_app.domain.languages import ENGLISH, Language
from survey_app.domain.paper import read_entries
from survey_app.store.cases import Case
from survey_app.usecases.enter_paper import PaperForm, PaperRefusal
from survey_app.usecases.enter_paper import enter_paper as enter
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.caseworker.with_person.paper_form import form_languages, form_or_404
from survey_app.web.caseworker.with_person.words import entry_words, paper_words
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import WAVES
from survey_app.web.shared.runtime import runtime

_ABOUT_THE_DAY = {
    PaperRefusal.DATE_MISSING,
    PaperRefusal.BEFORE_REFERRAL,
    PaperRefusal.IN_THE_FUTURE,
}


@access(Audience.STAFF, Task.USE_PAPER)
def enter_paper(slug: str, case_ref: str, wave: str) -> str:
    """The numbered questions, each with a box."""
    with reading() as session:
        case = this_case(session, case_ref)
        form = form_or_404(session, case, wave)
        return _page(case, form, form_languages(session, form), [])


@access(Audience.STAFF, Task.USE_PAPER)
def save_paper(slug: str, case_ref: str, wave: str) -> Response | tuple[str, int]:
    """Keep the form whole, or say which entries to look at; what was typed stays."""
    with writing() as session:
        case = this_case(session, case_ref)
        form = form_or_404(session, case, wave)
        offered = form_languages(session, form)
        said = read_entries(form.questions, _typed(form))
        errors = [(f"q{wrong.question.number}", entry_words(wrong)) for wrong in said.wrong]
        if not errors:
            refusal = enter(
                session,
                case,
                form.wave,
                said,
                on=_day(),
                language=_language(offered).tag,
                account_id=staff().account.account_id,
                now=runtime().now(),
            )
            if refusal is not None:
                errors = [("on" if refusal in _ABOUT_THE_DAY else "", paper_words(refusal))]
        if errors:
            return _page(case, form, offered, errors), 400
    flash(_("The form is entered. You can put the paper away as your service asks."), "success")
    return redirect(url_for("caseworker.paper", slug=slug, case_ref=case_ref))


def _typed(form: PaperForm) -> dict[int, str]:
    return {each.number: request.form.get(f"q{each.number}", "") for each in form.questions}


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("on", ""))
    except ValueError:
        return None


def _language(offered: list[Language]) -> Language:
    """The language of the form in hand; one that was not printed is none of them."""
    return next((each for each in offered if each.tag == request.form.get("language")), ENGLISH)


def _page(
    case: Case, form: PaperForm, offered: list[Language], errors: list[tuple[str, str]]
) -> str:
    return render_template(
        "caseworker/with_person/paper_entry.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        form=form,
        wave_words=WAVES[form.wave],
        code=form_code(Form(case.id, form.wave)),
        typed=_typed(form),
        on=request.form.get("on", ""),
        languages=[(each.tag, each.english_name) for each in offered],
        written_in=_language(offered).tag,
        errors=errors,
        error_of=dict(errors),
    )


def paper_entry_pages(pages: Blueprint) -> None:
    """Mount the page."""
    address = "/services/<slug>/cases/<ref:case_ref>/paper/<wave>/enter"
    pages.get(address)(enter_paper)
    pages.post(address)(save_paper)
