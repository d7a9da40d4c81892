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
from survey_app.web.victim.addresses import question_address, start_address
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
    with runtime().database.tap(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not _may_answer(link):
            return elsewhere(token, link)
        sheet = sheet_of(session, link)
        step = sheet.questionnaire.find_step(number)
        if step is None or request.form.get(STEP_FIELD) != step.name:
            visitor.say(Note.OUT_OF_DATE)
            return redirect(next_address(token, sheet), code=303)
        outcome = answer(session, sheet, step, _submission(step), now=runtime().now())
        if _has_ended(outcome):
            give_reference(session, link)
    if isinstance(outcome, Answered) and outcome.alert is AlertKind.LOW_SAFETY:
        visitor.say(Note.UNSAFE)
    is_finish = FINISH_FIELD in request.form
    if isinstance(outcome, AnswerRefusal) and not (is_finish and outcome is AnswerRefusal.EMPTY):
        return _page(sheet, step, refusal=outcome), 400
    if isinstance(outcome, AnswerRefusal) or (is_finish and not _has_ended(outcome)):
        return redirect(f"{start_address(token)}/finish", code=303)
    return redirect(_after(token, sheet, outcome), code=303)


def _may_answer(link: Link) -> bool:
    return link.is_open and link.is_started and visitor.has_begun(link)


def _submission(step: Step) -> Submission:
    return Submission(request.form.getlist(step.item), is_skip=SKIP_FIELD in request.form)


def _has_ended(outcome: Answered | StepRefusal) -> bool:
    return isinstance(outcome, Answered) and outcome.next_step is None


def _after(token: str, sheet: Sheet, outcome: Answered | StepRefusal) -> str:
    """Where to go on, with a word about what happened, if anything did."""
    if isinstance(outcome, StepRefusal):
        visitor.say(Note.NOT_ASKED)
        return next_address(token, sheet)
    if outcome.dropped and outcome.alert is not AlertKind.LOW_SAFETY:
        visitor.say(Note.DROPPED, outcome.dropped)
    if outcome.next_step is None:
        return start_address(token)
    number = sheet.questionnaire.number_of(outcome.next_step)
    return question_address(token, number)


def _page(
    sheet: Sheet,
    step: Step,
    refusal: AnswerRefusal | None = None,
    help_now: tuple[HelpLine, ...] | None = None,
) -> Response:
    earlier = sheet.find_answer(step)
    item = sheet.questionnaire.item_of(step)
    is_young = sheet.questionnaire.is_for_young_people
    return show(
        "victim/question.html",
        item=in_page_language(step, item),
        faces=tuple(faces_of(item).items()) if is_young else (),
        is_young=is_young,
        help_now=help_now,
        read_within_days=ceil(sheet.link.alert_due_hours / 24),
        step=step,
        progress=progress(sheet.steps, step),
        has_answer=earlier is not None and not earlier.is_blank,
        may_finish=sheet.answered > 0,
        error=refusal_text(refusal) if refusal else None,
        note=visitor.hear(),
    )
