"""Someone who answers through the use cases, as the pages do, without pages."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.steps import Step
from survey_app.store.responses import Answer as AnswerRow
from survey_app.store.responses import Response
from survey_app.usecases.respond.answer import Submission, answer
from survey_app.usecases.respond.begin import begin
from survey_app.usecases.respond.finish import finish
from survey_app.usecases.respond.links import Link, find_link
from survey_app.usecases.respond.questionnaire import Questionnaire, Shelf
from survey_app.usecases.respond.sheet import Sheet, read_sheet
from tests.world import NOON


class Respondent:
    """Holds a link; `now` may be moved."""

    def __init__(self, session: Session, token: str, now: datetime = NOON) -> None:
        self.session, self.token, self.now = session, token, now
        self.shelf = Shelf()

    @property
    def link(self) -> Link:
        """The link as it stands."""
        link = find_link(self.session, self.token, self.now, lock=True)
        assert link is not None
        return link

    @property
    def questionnaire(self) -> Questionnaire:
        """What the link asks."""
        return self.shelf.get(self.session, self.link.instruments, self.link.young_under)

    @property
    def sheet(self) -> Sheet:
        """Where the person stands."""
        return read_sheet(self.session, self.link, self.questionnaire)

    def begin(self) -> "Respondent":
        """Press start."""
        begin(self.session, self.link, self.questionnaire, now=self.now, language="en")
        return self

    def step(self, item: str) -> Step:
        """The step that asks this item; the first, where two instruments have one of that id."""
        return next(step for step in self.questionnaire.all_steps if step.item == item)

    def say(self, item: str | Step, *values: str) -> Any:
        """Answer an item."""
        return self._submit(item, Submission(values))

    def skip(self, item: str | Step) -> Any:
        """Skip an item."""
        return self._submit(item, Submission(is_skip=True))

    def _submit(self, item: str | Step, submission: Submission) -> Any:
        step = item if isinstance(item, Step) else self.step(item)
        return answer(self.session, self.sheet, step, submission, now=self.now)

    def skip_all(self) -> None:
        """Skip to the end."""
        while (step := self.sheet.next_step) is not None:
            self.skip(step)

    def finish(self, reason: Any) -> None:
        """Press "Finish now"."""
        finish(self.session, self.link, reason, now=self.now)

    def stored(self) -> list[tuple[str, str, bool, str | None]]:
        """Item, code, skipped and text of every stored answer of this request, in order."""
        rows = self.session.execute(
            select(AnswerRow.item, AnswerRow.code, AnswerRow.is_skipped, AnswerRow.text)
            .join(Response, Response.id == AnswerRow.response_id)
            .where(Response.request_id == self.link.request_id)
            .order_by(AnswerRow.id)
        )
        return [tuple(row) for row in rows]
