"""Someone answered one question, skipped it, or changed an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, inspect
from sqlalchemy.orm import Session

from survey_app.domain.answers import SKIPPED, Answer, AnswerRefusal, alert_for, validate
from survey_app.domain.items import Item, ItemType
from survey_app.domain.requests import AlertKind, EndReason
from survey_app.domain.routing import route
from survey_app.domain.steps import Step
from survey_app.store.prepared import Prepared
from survey_app.store.responses import Answer as AnswerRow
from survey_app.usecases.raise_alerts import Occasion, raise_alert
from survey_app.usecases.respond.finish import finish
from survey_app.usecases.respond.sheet import Sheet

_INSERT = Prepared.insert(inspect(AnswerRow).local_table)


class StepRefusal(StrEnum):
    """Why an answer has no place in this link."""

    NOT_ON_ROUTE = "not-on-route"


@dataclass(frozen=True)
class Submission:
    """What a page sent for one step: the submitted values, or a skip."""

    values: Sequence[str] = ()
    is_skip: bool = False


@dataclass(frozen=True)
class Answered:
    """What became of a submission.

    `next_step` None: that was the last, and the request has ended. `dropped`: how many answers no
    longer apply and were taken out.
    """

    sheet: Sheet
    """As it stands now."""
    next_step: Step | None
    alert: AlertKind | None = None
    dropped: int = 0


def answer(
    session: Session, sheet: Sheet, step: Step, submission: Submission, *, now: datetime
) -> Answered | AnswerRefusal | StepRefusal:
    """Keep what was submitted for `step`, or say why not; ends the request after its last step.

    The sheet's link must be open and found with `lock`. Sending the same again changes nothing.
    Continuing without a choice keeps an earlier answer, skips free text, and is refused elsewhere.
    """
    if step not in sheet.steps:
        return StepRefusal.NOT_ON_ROUTE
    item = sheet.questionnaire.item_of(step)
    earlier = sheet.find_answer(step)
    said = _understood(item, submission, earlier)
    if isinstance(said, AnswerRefusal):
        return said
    dropped = 0
    alert = None
    if said != earlier:
        sheet, dropped = _keep(session, sheet, step, said, now)
        alert = _alert(session, sheet, step, item, said, now)
    next_step = sheet.next_step
    if next_step is None:
        finish(session, sheet.link, EndReason.ANSWERED, now=now)
    return Answered(sheet, next_step, alert, dropped)


def _understood(
    item: Item, submission: Submission, earlier: Answer | None
) -> Answer | AnswerRefusal:
    if submission.is_skip:
        return SKIPPED
    said = validate(item, submission.values)
    if said is not AnswerRefusal.EMPTY:
        return said
    if earlier is not None:
        return earlier
    return SKIPPED if item.type is ItemType.TEXT else said


def _keep(
    session: Session, sheet: Sheet, step: Step, said: Answer, now: datetime
) -> tuple[Sheet, int]:
    """Write the answer, take out those that it rules out; the sheet after it, and how many."""
    before = sheet.answers.get(step.instrument, {})
    after = {**before, step.item: said}
    on_route = set(route(sheet.questionnaire.instrument_of(step), after))
    off_route = {item for item in after if item not in on_route}
    response_id = sheet.response_ids[step.instrument]
    outdated = off_route | ({step.item} & before.keys())
    if outdated:
        session.execute(
            delete(AnswerRow).where(
                AnswerRow.response_id == response_id, AnswerRow.item.in_(sorted(outdated))
            )
        )
    for row in _rows(response_id, step.item, said, now):
        _INSERT.put(session, row)
    dropped = sum(1 for item in off_route if not after[item].is_blank)
    kept = {item: answer for item, answer in after.items() if item in on_route}
    return sheet.with_answers(step.instrument, kept), dropped


def _rows(response_id: int, item: str, said: Answer, now: datetime) -> list[dict[str, object]]:
    base = {"response_id": response_id, "item": item, "answered_at": now}
    if said.text:
        return [{**base, "code": "", "is_skipped": False, "text": said.text}]
    codes = said.codes or ("",)
    return [{**base, "code": code, "is_skipped": said.is_blank, "text": None} for code in codes]


def _alert(
    session: Session, sheet: Sheet, step: Step, item: Item, said: Answer, now: datetime
) -> AlertKind | None:
    """Raised with the answer, not at the end: many never reach the end."""
    kind = alert_for(item, said)
    if kind is not None:
        occasion = Occasion(
            service_id=sheet.link.service_id,
            case_id=sheet.link.case_id,
            response_id=sheet.response_ids[step.instrument],
            item=item.id,
        )
        raise_alert(
            session,
            kind,
            occasion,
            hours=sheet.link.alert_hours,
            now=now,
            text=said.text,
        )
    return kind
