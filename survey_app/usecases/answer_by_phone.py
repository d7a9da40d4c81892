"""Somebody answers on the phone: an interviewer reads the questions out and enters what is said.

The same questions, rules and rows as on a link, with mode `phone`. What was answered before over a
link is neither shown nor asked again, and counts as answered by phone once the call has ended it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from survey_app.domain.answers import Answer
from survey_app.domain.calls import CallOutcome
from survey_app.domain.paper import PaperAnswers, Question, questions_of
from survey_app.domain.requests import AlertKind, Mode, RequestState
from survey_app.domain.steps import Step
from survey_app.store.calls import lock_for_call
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import Service
from survey_app.usecases.record_call import Ended, keep_call
from survey_app.usecases.respond.answer import Answered, Submission, answer
from survey_app.usecases.respond.begin import begin
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.usecases.respond.sheet import Sheet, read_sheet
from survey_app.usecases.take_call import Caller, CallRefusal, is_open, refuse_writing


@dataclass(frozen=True)
class CallSheet:
    """The questions of one call, each with its number in the whole; `sheet` holds what was answered
    before."""

    sheet: Sheet
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Saved:
    """The answers are kept. `is_unsafe`: something was said that means danger."""

    is_unsafe: bool


def call_sheet(session: Session, request: SurveyRequest, shelf: Shelf, now: datetime) -> CallSheet:
    """The questions that a call about this request still has to ask."""
    sheet = _sheet(session, request, shelf, now)
    ruled_out = _ruled_out(sheet)
    questions = tuple(
        question
        for question in questions_of(sheet.questionnaire.instruments)
        if not _was_said(sheet, question)
        and (question.instrument.key, question.item.id) not in ruled_out
    )
    return CallSheet(sheet, questions)


def answer_by_phone(
    session: Session,
    request_id: int,
    said: PaperAnswers,
    *,
    language: str,
    caller: Caller,
    shelf: Shelf,
) -> Saved | CallRefusal:
    """Keep what was said, all entries being sound, and end the request. Raises RequestNotFound.

    What was left out counts as skipped. `language` is the tag of the one read out.
    """
    _, request, _ = lock_for_call(session, caller.service_id, request_id)
    refusal = refuse_writing(session, request, caller)
    if refusal is not None:
        return refusal
    keep_call(session, request, Ended(CallOutcome.DONE), caller)
    sheet = _sheet(session, request, shelf, caller.now)
    begin(
        session,
        sheet.link,
        sheet.questionnaire,
        now=caller.now,
        language=language,
        mode=Mode.PHONE,
    )
    session.execute(
        update(Response).where(Response.request_id == request_id).values(mode=Mode.PHONE)
    )
    session.refresh(request)
    is_unsafe = _enter(session, request, said, shelf, caller.now)
    return Saved(is_unsafe)


def _enter(
    session: Session, request: SurveyRequest, said: PaperAnswers, shelf: Shelf, now: datetime
) -> bool:
    """Submit each answer, then skip what is left; whether one of them means danger."""
    is_unsafe = False
    sheet = _sheet(session, request, shelf, now)
    for step in sheet.questionnaire.all_steps:
        given = said.answers.get(step.instrument, {}).get(step.item)
        if given is None:
            continue
        is_unsafe |= _submit(session, sheet, step, _submission(given), now)
        sheet = _sheet(session, request, shelf, now)
    while (step := sheet.next_step) is not None:  # type: ignore[assignment]
        _submit(session, sheet, step, Submission(is_skip=True), now)
        sheet = _sheet(session, request, shelf, now)
    return is_unsafe


def _submit(
    session: Session, sheet: Sheet, step: Step, submission: Submission, now: datetime
) -> bool:
    outcome = answer(session, sheet, step, submission, now=now)
    if not isinstance(outcome, Answered):
        raise UnsoundAnswer(step.name, outcome)
    return outcome.alert is AlertKind.LOW_SAFETY


class UnsoundAnswer(Exception):
    """Answers were handed in that the questions do not take; they are checked before."""


def _submission(given: Answer) -> Submission:
    return Submission((given.text,) if given.text else given.codes)


def _sheet(session: Session, request: SurveyRequest, shelf: Shelf, now: datetime) -> Sheet:
    link = _link(session, request, now)
    return read_sheet(session, link, shelf.get(session, link.instruments))


def _link(session: Session, request: SurveyRequest, now: datetime) -> Link:
    """What a page needs of the request, without a token: the interviewer holds none."""
    service = session.get_one(Service, request.service_id)
    return Link(
        request_id=request.id,
        case_id=request.case_id,
        service_id=request.service_id,
        instruments=tuple((key, version) for key, version in request.instruments),
        state=RequestState(request.state),
        is_open=is_open(request, now),
        alert_hours=service.alert_hours,
        quick_exit_url=service.quick_exit_url,
        language=request.language,
        draft_languages=tuple(service.draft_languages),
    )


def _was_said(sheet: Sheet, question: Question) -> bool:
    said = sheet.answers.get(question.instrument.key, {}).get(question.item.id)
    return said is not None and not said.is_blank


def _ruled_out(sheet: Sheet) -> frozenset[tuple[str, str]]:
    """Questions that an answer given before rules out."""
    applies = {(step.instrument, step.item) for step in sheet.steps}
    return frozenset(
        (instrument.key, item.id)
        for instrument in sheet.questionnaire.instruments
        for item in instrument.items
        if item.ask_when is not None
        and (instrument.key, item.id) not in applies
        and sheet.answers.get(instrument.key, {}).get(item.ask_when.item, Answer()).codes
    )
