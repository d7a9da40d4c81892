"""What happened since a service went live? Day by day through the real use cases: cases arrive and
close, texts go out, people answer on their phones or do not."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason
from survey_app.domain.safe_hours import LONDON
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_runs import ImportJob
from survey_app.usecases.respond.answer import Answered, Submission, answer
from survey_app.usecases.respond.begin import begin
from survey_app.usecases.respond.finish import finish
from survey_app.usecases.respond.links import find_link
from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.usecases.respond.sheet import read_sheet
from survey_app.usecases.seed_demo.answering import invent_code
from survey_app.usecases.seed_demo.files import write_cases
from survey_app.usecases.seed_demo.people import InventedCase
from survey_app.usecases.seed_demo.plans import Calendar

TOKEN = re.compile(r"/s/([0-9a-z]{12})\b")
GIVES_UP = 0.03
"""The chance, at each question, that someone puts the phone away for good."""
RECHECK = timedelta(days=20)
WRITTEN_UP = timedelta(days=10)
"""After the referral: by then first contacts and plans are mostly written down."""


@dataclass
class LiveService:
    """One service as it is lived through. `cases` by reference."""

    slug: str
    cases: Mapping[str, InventedCase]
    rng: random.Random


@dataclass(frozen=True)
class _Text:
    token: str
    case_ref: str
    wave: str
    language: str
    is_reminder: bool


def export_days(calendar: Calendar) -> list[date]:
    """The days on which the case systems export: Tuesdays, Fridays, and today."""
    span = (calendar.today - calendar.goes_live).days
    days = [calendar.goes_live + timedelta(days=n) for n in range(1, span)]
    return [*(day for day in days if day.weekday() in (1, 4)), calendar.today]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a London day."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def import_day(runtime: Runtime, live: LiveService, since: date, day: date, folder: Path) -> None:
    """The morning's file of the case system: who changed after `since`, up to `day`."""
    cases = list(_changed(live, since, day))
    if not cases:
        return
    path = folder / f"{live.slug}-{day.isoformat()}.csv"
    write_cases(path, cases, day)
    import_cases(
        ImportJob(path, live.slug, at(day, 7, 30), drama_allowed=True),
        lambda: runtime.database.write(Scope.worker()),
    )


def _changed(live: LiveService, since: date, day: date) -> Iterator[InventedCase]:
    """Those who came, closed, were asked again about safety, or had something written up."""
    for case in live.cases.values():
        moments = [case.referred_on, case.referred_on + WRITTEN_UP]
        if case.closed_on is not None:
            moments += [case.closed_on, case.closed_on - RECHECK]
        if (reviewed := case.contacts.get("review_on")) is not None:
            moments.append(date.fromisoformat(reviewed) + timedelta(days=1))
        if case.referred_on <= day and any(since < moment <= day for moment in moments):
            yield case


class Phones:
    """The phones at the far end: they remember which texts they have looked at."""

    def __init__(self, runtime: Runtime, services: Mapping[str, LiveService]) -> None:
        self.runtime, self.services = runtime, services
        self.shelf = Shelf()
        self.last_seen = 0

    def look(self, day: date) -> None:
        """People look at the texts that came since, and some of them answer."""
        for slug, text in self._new_texts():
            live = self.services[slug]
            case = live.cases.get(text.case_ref)
            appeal = 0.5 if text.is_reminder else 1.0
            if case is not None and live.rng.random() < case.answers_chance * appeal:
                minutes = live.rng.randrange(7 * 60)
                self._answer(live.rng, case, text, at(day, 12) + timedelta(minutes=minutes))

    def _new_texts(self) -> list[tuple[str, _Text]]:
        with self.runtime.database.read(Scope.worker()) as session:
            rows = session.execute(
                select(
                    SimulatedText.id,
                    SimulatedText.body,
                    Service.slug,
                    Case.case_ref,
                    SurveyRequest.wave,
                    OutboxMessage.language,
                    OutboxMessage.ordinal,
                )
                .join(
                    OutboxMessage,
                    OutboxMessage.provider_message_id == SimulatedText.provider_message_id,
                )
                .join(SurveyRequest, SurveyRequest.id == OutboxMessage.request_id)
                .join(Case, Case.id == SurveyRequest.case_id)
                .join(Service, Service.id == Case.service_id)
                .where(SimulatedText.id > self.last_seen)
                .order_by(SimulatedText.id)
            ).all()
        if rows:
            self.last_seen = rows[-1].id
        return [
            (row.slug, _Text(token[1], row.case_ref, row.wave, row.language, row.ordinal > 0))
            for row in rows
            if (token := TOKEN.search(row.body)) and row.slug in self.services
        ]

    def _answer(
        self, rng: random.Random, case: InventedCase, text: _Text, moment: datetime
    ) -> None:
        with self.runtime.database.write(Scope.victim()) as session:
            link = find_link(session, text.token, moment, lock=True)
            if link is None or not link.is_open:
                return
            questionnaire = self.shelf.get(session, link.instruments, link.young_under)
            begin(session, link, questionnaire, now=moment, language=text.language)
            self._answer_each(session, rng, case, text, moment)

    def _answer_each(
        self,
        session: Session,
        rng: random.Random,
        case: InventedCase,
        text: _Text,
        moment: datetime,
    ) -> None:
        """Question after question, until the end or until the phone is put away."""
        link = find_link(session, text.token, moment)
        assert link is not None
        questionnaire = self.shelf.get(session, link.instruments, link.young_under)
        sheet = read_sheet(session, link, questionnaire)
        while (step := sheet.next_step) and rng.random() > GIVES_UP:
            moment += timedelta(seconds=rng.randint(4, 40))
            code = invent_code(rng, questionnaire.item_of(step), case.mood, text.wave)
            said = Submission((code,)) if code is not None else Submission(is_skip=True)
            outcome = answer(session, sheet, step, said, now=moment)
            if not isinstance(outcome, Answered) or outcome.next_step is None:
                return
            sheet = read_sheet(session, link, questionnaire)
        if rng.random() < 0.3 and sheet.answered:
            finish(session, link, EndReason.FINISHED_EARLY, now=moment)
