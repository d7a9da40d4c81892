"""Where does someone stand in their questions: what is answered, what comes next?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.answers import Answer
from survey_app.domain.steps import Step, find_next_step, steps
from survey_app.store.prepared import Prepared
from survey_app.store.responses import Answer as AnswerRow
from survey_app.store.responses import Response
from survey_app.usecases.respond.links import Link
from survey_app.usecases.respond.questionnaire import Questionnaire

KEPT_TEXT = "\0"
"""Stands for free text, which is not read back: no page shows it again. Nobody can submit it."""


_responses, _answers = (inspect(mapped).local_table for mapped in (Response, AnswerRow))
_SAID = Prepared(
    select(
        _responses.c.id,
        _responses.c.instrument_id,
        _answers.c.item,
        _answers.c.code,
        _answers.c.text.is_not(None).label("has_text"),
    )
    .select_from(_responses)
    .outerjoin(_answers, _answers.c.response_id == _responses.c.id)
    .where(_responses.c.ordinal == 0, _responses.c.request_id == bindparam("request_id"))
    .order_by(_answers.c.id),
    _responses.c.service_id,
)


@dataclass(frozen=True)
class Sheet:
    """One link's questions with the answers so far, by instrument key and item id."""

    link: Link
    questionnaire: Questionnaire
    answers: Mapping[str, Mapping[str, Answer]]
    response_ids: Mapping[str, int]
    """By instrument key; empty before the start."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that apply, given the answers so far."""
        return steps(self.questionnaire.instruments, self.answers)

    @property
    def next_step(self) -> Step | None:
        """The first step that is neither answered nor skipped; None at the end."""
        return find_next_step(self.questionnaire.instruments, self.answers)

    @property
    def answered(self) -> int:
        """How many steps that apply have an answer; a skip is none."""
        found = [self.find_answer(step) for step in self.steps]
        return sum(1 for answer in found if answer is not None and not answer.is_blank)

    @property
    def reached(self) -> int:
        """How many steps that apply were answered or skipped."""
        return sum(1 for step in self.steps if self.find_answer(step) is not None)

    def find_answer(self, step: Step) -> Answer | None:
        """What was said at this step (blank: skipped); None where it was not reached."""
        return self.answers.get(step.instrument, {}).get(step.item)

    def with_answers(self, instrument: str, answers: Mapping[str, Answer]) -> "Sheet":
        """The same sheet after a change to one instrument's answers."""
        changed = {**self.answers, instrument: answers}
        return Sheet(self.link, self.questionnaire, changed, self.response_ids)


def read_sheet(session: Session, link: Link, questionnaire: Questionnaire) -> Sheet:
    """The sheet of this link, in one query.

    Where the link was found with `lock`, its answers are those after the wait for whoever else was
    answering.
    """
    key_of = {snapshot_id: key for key, snapshot_id in questionnaire.snapshot_ids.items()}
    answers: dict[str, dict[str, Answer]] = defaultdict(dict)
    response_ids = {}
    for row in _SAID.rows(session, {"request_id": link.request_id}):
        key = key_of[row.instrument_id]
        response_ids[key] = row.id
        if row.item is not None:
            earlier = answers[key].get(row.item, Answer())
            answers[key][row.item] = Answer(
                codes=(*earlier.codes, row.code) if row.code else earlier.codes,
                text=KEPT_TEXT if row.has_text else "",
            )
    return Sheet(link, questionnaire, answers, response_ids)
