"""What was said on the phone is entered: every question on one page, as it was read out."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from survey_app.domain.access import Task
from survey_app.domain.languages import ENGLISH
from survey_app.domain.paper import read_choices
from survey_app.store.requests import get_request
from survey_app.usecases.answer_by_phone import Saved, answer_by_phone, call_sheet
from survey_app.web.interviewer.call import Answered
from survey_app.web.interviewer.page import (
    SHELF,
    Typed,
    call_page,
    caller,
    ended_page,
    offered_for,
)
from survey_app.web.interviewer.words import wrong_words
from survey_app.web.shared.access import Audience, access, writing


@access(Audience.STAFF, Task.MAKE_CALLS)
def save_answers(slug: str, request_id: int) -> Answered:
    """Keep the answers whole and end the request, or say which to look at; what was typed stays."""
    who = caller()
    with writing() as session:
        asked = get_request(session, request_id)
        sheet = call_sheet(session, asked, SHELF, who.now)
        chosen = {q.number: request.form.getlist(f"q{q.number}") for q in sheet.questions}
        said = read_choices(sheet.questions, chosen, sheet.sheet.answers)
        errors = [(f"q{wrong.question.number}", wrong_words(wrong)) for wrong in said.wrong]
        if said.is_blank and not errors:
            errors = [("", _("No question is answered. Say above how the call ended."))]
        if not errors:
            tags = {language.tag for language in offered_for(session, sheet)}
            language = request.form.get("language", "")
            outcome = answer_by_phone(
                session,
                request_id,
                said,
                language=language if language in tags else ENGLISH.tag,
                caller=who,
                shelf=SHELF,
            )
    if errors:
        return call_page(request_id, Typed(errors, chosen))
    if not isinstance(outcome, Saved):
        return ended_page(outcome)
    flash(_("The answers are saved. Thank you."), "success")
    if outcome.is_unsafe:
        flash(
            _(
                "They said that they do not feel safe. The caseworker is told. If you still have "
                "them on the phone: in danger they call 999, and press 55 if they cannot speak."
            ),
            "important",
        )
    return redirect(url_for("interviewer.calls", slug=slug))


def answers_pages(pages: Blueprint) -> None:
    """Mount the form."""
    pages.post("/services/<slug>/calls/<int:request_id>/answers")(save_answers)
