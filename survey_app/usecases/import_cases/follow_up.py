"""What follows from what a batch changed: texts taken back, requests planned, decided anew?"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.outbox import cancel_queued
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service
from survey_app.usecases.change_safety import SAFETY_CHANGED
from survey_app.usecases.decide_contact import decide_again
from survey_app.usecases.import_cases.known import people_with_numbers
from survey_app.usecases.import_cases.people import Reading
from survey_app.usecases.import_cases.tally import CaseTally
from survey_app.usecases.plan_requests import plan_requests
from survey_app.usecases.refresh_pairs import refresh_pairs


@dataclass
class Changes:
    """What a batch changed, for `follow_up`.

    `unsettled`: people about whose safety something changed; `undecided`: others, by id, to decide
    on anew; `freed`: hashes of the numbers of held rows that landing ended.
    """

    to_plan: list[Case] = field(default_factory=list)
    to_pair: list[Case] = field(default_factory=list)
    moved: list[Case] = field(default_factory=list)
    unsettled: list[Person] = field(default_factory=list)
    undecided: set[int] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)

    def follow_up(
        self, session: Session, service: Service, reading: Reading, tally: CaseTally
    ) -> None:
        """Take back texts decided on what no longer holds, then plan and decide anew."""
        now = reading.now
        person_ids = _ids(self.unsettled)
        tally.texts_cancelled += cancel_queued(
            session,
            person_ids=person_ids,
            request_ids=_requests_of(session, self.moved),
            reason=SAFETY_CHANGED,
            now=now,
        )
        if self.to_plan:
            counts = plan_requests(session, service, _ids(self.to_plan), reading.today, now)
            tally.too_late += counts.too_late
        freed = people_with_numbers(session, service.id, self.freed)
        if undecided := self.undecided.union(person_ids, freed):
            decide_again(session, undecided, now)
        if self.to_pair:
            refresh_pairs(session, _ids(self.to_pair))


def _requests_of(session: Session, cases: Iterable[Case]) -> list[int]:
    case_ids = _ids(cases)
    if not case_ids:
        return []
    return list(
        session.scalars(select(SurveyRequest.id).where(SurveyRequest.case_id.in_(case_ids)))
    )


def _ids(rows: Iterable[Case] | Iterable[Person]) -> list[int]:
    return sorted({row.id for row in rows})
