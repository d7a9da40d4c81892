"""A batch of sound responses lands: which are new, corrected, or here already?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from survey_app.domain.answers import Answer, alert_for
from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.response_file import GivenResponse, ResponseKey
from survey_app.store.responses import Answer as AnswerRow
from survey_app.store.responses import Response
from survey_app.store.services import Service
from survey_app.usecases.import_responses.ending import end_by_import, instant_on
from survey_app.usecases.import_responses.left_out import LeftOut
from survey_app.usecases.import_responses.tally import ResponseTally
from survey_app.usecases.raise_alerts import Occasion, raise_alert
from survey_app.usecases.refresh_pairs import refresh_pairs

RECENT = timedelta(days=28)
"""What was said longer ago than this is history: nobody can act on it in time any more."""

_Content = frozenset[tuple[str, str, str | None]]


@dataclass(frozen=True)
class Arrived:
    """A sound response of a known case."""

    key: ResponseKey
    case_id: int
    instrument: Instrument
    given: GivenResponse

    @property
    def imported_key(self) -> str:
        """Under which it lands once."""
        key = self.key
        return f"{self.case_id}:{key.instrument}:{key.version}:{key.wave}:{key.completed_on}"

    @property
    def content(self) -> _Content:
        """What was said, to compare."""
        return frozenset(
            (item, code, answer.text or None)
            for item, answer in self.given.answers.items()
            for code in (answer.codes or ("",))
        )


@dataclass
class ResponseLanding:
    """One batch within its transaction. `snapshot_ids`: instruments by key and version."""

    session: Session
    service: Service
    snapshot_ids: Mapping[tuple[str, str], int]
    now: datetime
    today: date
    tally: ResponseTally
    landed: list[tuple[Arrived, Response]] = field(default_factory=list)
    left_out: LeftOut = field(init=False)

    def land(self, arrived: Sequence[Arrived]) -> None:
        """Write these responses, and what follows from them, into the transaction."""
        self.left_out = LeftOut.of(
            self.session, self.service.id, {each.case_id for each in arrived}
        )
        stored = self._stored(arrived)
        for each in arrived:
            self._land_one(each, stored.get(each.imported_key))
        self.session.flush()
        self._raise_alerts()
        self.tally.requests_ended += end_by_import(
            self.session,
            {
                (each.case_id, each.key.wave): (each.given.manner.mode, each.key.completed_on)
                for each in arrived
                # A reading ends no request: it never was the request's question.
                if each.instrument.kind is not InstrumentKind.STAR
            },
            self.now,
        )
        if self.landed:
            refresh_pairs(self.session, {each.case_id for each, _ in self.landed})

    def _stored(self, arrived: Sequence[Arrived]) -> dict[str, Response]:
        keys = [each.imported_key for each in arrived]
        found = self.session.scalars(
            select(Response)
            .where(Response.imported_key.in_(keys))
            .options(selectinload(Response.answers))
        )
        return {str(response.imported_key): response for response in found}

    def _land_one(self, each: Arrived, stored: Response | None) -> None:
        if stored is not None and (stored.withdrawn_at is not None or _is_same(each, stored)):
            # What a person took back stays away, however often the file is sent again.
            self.tally.unchanged += 1
            return
        response = self._response(each)
        if stored is None:
            self.tally.created += 1
        else:
            self.tally.updated += 1
            self._supersede(stored, response)
        response.imported_key = each.imported_key
        self.session.add(response)
        self.landed.append((each, response))

    def _supersede(self, stored: Response, response: Response) -> None:
        """A corrected file does not rewrite what was recorded: the new response takes its place."""
        stored.imported_key = None
        self.session.add(response)
        self.session.flush()
        stored.superseded_by_id = response.id

    def _response(self, each: Arrived) -> Response:
        at = instant_on(each.key.completed_on, self.now)
        manner = each.given.manner
        is_star = each.instrument.kind is InstrumentKind.STAR
        return Response(
            service_id=self.service.id,
            case_id=each.case_id,
            wave=each.key.wave,
            instrument_id=self.snapshot_ids[each.instrument.key, each.instrument.version],
            mode=manner.mode,
            language=manner.language,
            started_at=at,
            completed_at=at,
            is_complete=True,
            counts_on=each.key.completed_on,
            scored_by=manner.scored_by if is_star else None,
            left_out=self.left_out.find(each.case_id, each.instrument, each.given.answers),
            answers=[
                AnswerRow(
                    item=item, code=code, is_skipped=False, text=answer.text or None, answered_at=at
                )
                for item, answer in _in_order(each)
                for code in (answer.codes or ("",))
            ],
        )

    def _raise_alerts(self) -> None:
        for each, response in self.landed:
            if each.key.completed_on < self.today - RECENT:
                continue
            for item_id, answer in _in_order(each):
                kind = alert_for(each.instrument.item(item_id), answer)
                if kind is not None:
                    occasion = Occasion(self.service.id, each.case_id, response.id, item_id)
                    raise_alert(
                        self.session,
                        kind,
                        occasion,
                        hours=self.service.alert_hours,
                        now=self.now,
                        text=answer.text,
                    )
                    self.tally.alerts_raised += 1


def _is_same(each: Arrived, stored: Response) -> bool:
    manner = each.given.manner
    is_star = each.instrument.kind is InstrumentKind.STAR
    said = frozenset((row.item, row.code, row.text) for row in stored.answers)
    return said == each.content and (stored.mode, stored.language, stored.scored_by) == (
        manner.mode,
        manner.language,
        manner.scored_by if is_star else None,
    )


def _in_order(each: Arrived) -> list[tuple[str, Answer]]:
    """The answers in the order of the questions."""
    answers = each.given.answers
    return [(item.id, answers[item.id]) for item in each.instrument.items if item.id in answers]
