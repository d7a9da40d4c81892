"""One question on a page: show it, and take the answer."""

from math import ceil

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from survey_app.domain.answers import AnswerRefusal
from survey_app.domain.help_lines import HelpLine
from survey_app.domain.requests import AlertKind
from survey_app.domain.steps import Step, progress
from survey_app.domain.young_people import faces_of
from survey_app.store.scope import Scope
from survey_app.usecases.respond.answer import Answered, StepRefusal, Submission, answer
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.sheet import Sheet
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import finish_address, question_address, start_address
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.introduction import help_if_unsafe
from survey_app.web.victim.kept_pages import show
from survey_app.web.victim.languages import in_page_language
from survey_app.web.victim.opening import elsewhere, find_here, next_address, sheet_of
from survey_app.web.victim.references import give_reference
from survey_app.web.victim.visitor import Note
from survey_app.web.victim.wording import refusal_text

STEP_FIELD = "step"
SKIP_FIELD = "skip"
FINISH_FIELD = "finish"
AT_ONCE_FIELD = "at-once"
"""Added by the script of the page that a form is sent from."""

HelpLines = tuple[HelpLine, ...] | None


@blueprint.get("/s/<token>/<int:number>")
@access(Audience.LINK_HOLDER)
def question(token: str, number: int) -> ResponseReturnValue:
    """Show the question of this number, always blank; where it is not asked, the next one."""
    with runtime().database.look(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not _may_answer(link):
            return elsewhere(token, link)
        sheet = sheet_of(session, link)
        help_now = help_if_unsafe(session, link)
    step = sheet.questionnaire.find_step(number)
    if step is None or step not in sheet.steps:
        return redirect(next_address(token, sheet), code=303)
    return _page(sheet, step, help_now=help_now)


@blueprint.post("/s/<token>/<int:number>")
@access(Audience.LINK_HOLDER)
def take_answer(token: str, number: int) -> ResponseReturnValue:
    """Keep the answer before saying so: the transaction is committed when the reply is made."""
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not _may_answer(link):
            return elsewhere(token, link)
        sheet = sheet_of(session, link)
        step = sheet.questionnaire.find_step(number)
        if step is None or request.form.get(STEP_FIELD) != step.name:
            visitor.say(Note.OUT_OF_DATE)
            return redirect(next_address(token, sheet), code=303)
        outcome = answer(session, sheet, step, _submission(step), now=runtime().now())
        is_finish = FINISH_FIELD in request.form
        _say(outcome)
        if _has_ended(outcome):
            give_reference(session, link)
        help_now = help_if_unsafe(session, link)
    if isinstance(outcome, Answered):
        return _after(token, outcome, help_now)
    if isinstance(outcome, AnswerRefusal) and not (is_finish and outcome is AnswerRefusal.EMPTY):
        return _page(sheet, step, refusal=outcome), 400
    if is_finish:
        return redirect(finish_address(token), code=303)
    return redirect(next_address(token, sheet), code=303)


def reply_with(sheet: Sheet, step: Step, help_now: HelpLines = None) -> ResponseReturnValue:
    """The next question in reply to a form, without the round of a redirect, where the phone can.

    Its script says that it can: it gives the page its own address in the history, so that reload
    and Back ask for a page and never send a form again (docs/decisions/the-next-page-at-once.md).
    """
    if AT_ONCE_FIELD in request.form:
        return _page(sheet, step, help_now=help_now)
    token = (request.view_args or {})["token"]
    return redirect(question_address(token, sheet.questionnaire.number_of(step)), code=303)


def _may_answer(link: Link) -> bool:
    return link.is_open and link.is_started and visitor.has_begun(link)


def _submission(step: Step) -> Submission:
    return Submission(request.form.getlist(step.item), is_skip=SKIP_FIELD in request.form)


def _has_ended(outcome: Answered | StepRefusal | AnswerRefusal) -> bool:
    return isinstance(outcome, Answered) and outcome.next_step is None


def _say(outcome: Answered | StepRefusal | AnswerRefusal) -> None:
    """Have the next page say what happened, if anything did."""
    if outcome is StepRefusal.NOT_ON_ROUTE:
        visitor.say(Note.NOT_ASKED)
    elif isinstance(outcome, Answered) and outcome.alert is AlertKind.LOW_SAFETY:
        visitor.say(Note.UNSAFE)
    elif isinstance(outcome, Answered) and outcome.dropped:
        visitor.say(Note.DROPPED, outcome.dropped)


def _after(token: str, outcome: Answered, help_now: HelpLines) -> ResponseReturnValue:
    """Where to go on after an answer that was kept."""
    if outcome.next_step is None:
        return redirect(start_address(token), code=303)
    if FINISH_FIELD in request.form:
        return redirect(finish_address(token), code=303)
    return reply_with(outcome.sheet, outcome.next_step, help_now)


def _page(
    sheet: Sheet,
    step: Step,
    refusal: AnswerRefusal | None = None,
    help_now: HelpLines = None,
) -> Response:
    earlier = sheet.find_answer(step)
    item = sheet.questionnaire.item_of(step)
    is_young = sheet.questionnaire.is_for_young_people
    return show(
        "victim/question.html",
        number=sheet.questionnaire.number_of(step),
        item=in_page_language(step, item),
        faces=tuple(faces_of(item).items()) if is_young else (),
        is_young=is_young,
        help_now=help_now,
        read_within_days=ceil(sheet.link.alert_hours.usual / 24),
        step=step,
        progress=progress(sheet.steps, step),
        has_answer=earlier is not None and not earlier.is_blank,
        may_finish=sheet.answered > 0,
        error=refusal_text(refusal) if refusal else None,
        note=visitor.hear(),
    )
