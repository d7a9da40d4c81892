"""Worlds for tests of figures: a service with real instruments, and cases drawn from a seed.

What is drawn is what the database may hold, mess included: open requests, skipped questions,
superseded readings, readings of other waves, cases of other services and quarters.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item
from survey_app.domain.programmes import Programme
from survey_app.store.cases import Case
from survey_app.store.definition_files import read_folder
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot, ProgrammeVersion, Service
from survey_app.usecases.refresh_pairs import refresh_pairs
from tests import builders

ROOT = Path(__file__).resolve().parents[2]
QUARTER_START, QUARTER_END = date(2018, 4, 1), date(2018, 6, 30)
NOW = datetime(2018, 9, 1, 12, 0, tzinfo=UTC)

CRIMES = ("burglary", "robbery", "fraud", None)
FLAGS = ("none", "high-risk", "high-risk;vulnerable", "stalking", None)
MODES = ("sms-link", "phone", "import")


@cache
def definitions() -> tuple[dict[str, Instrument], Programme]:
    """The shipped instruments by key, and the standard programme."""
    folder = read_folder(ROOT / "instruments")
    instruments = {key: instrument for (key, _), instrument in folder.instruments.items()}
    return instruments, folder.programmes["standard"]


@dataclass
class World:
    """A service, and the rows that were put into it, for a second computation over plain rows."""

    session: Session
    random: Random = field(default_factory=lambda: Random(0))
    cases: list[Case] = field(default_factory=list)
    requests: dict[int, SurveyRequest] = field(default_factory=dict)
    messages: list[tuple[int, OutboxMessage]] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    answers: dict[int, dict[str, str]] = field(default_factory=dict)

    sexes: dict[int, str | None] = field(default_factory=dict)
    neighbour: "World | None" = None
    """Another service of the same installation: it has the instruments already."""

    @classmethod
    def beside(cls, neighbour: "World", random: Random) -> "World":
        """A second service next to the first, which is noise."""
        return cls(neighbour.session, random, neighbour=neighbour)

    def __post_init__(self) -> None:
        instruments, programme = definitions()
        self.instruments = instruments
        self.service: Service = builders.a_service(self.session)
        self.programme: ProgrammeVersion = builders.a_programme(
            self.session, self.service, content=programme.model_dump(mode="json")
        )
        self.snapshots: dict[str, InstrumentSnapshot] = (
            self.neighbour.snapshots
            if self.neighbour
            else {
                key: builders.an_instrument(
                    self.session,
                    key,
                    instrument.model_dump(mode="json"),
                    version=instrument.version,
                )
                for key, instrument in instruments.items()
            }
        )

    def add_case(self, **facts: Any) -> Case:
        """A closed community case of the quarter."""
        facts = {
            "referred_on": date(2018, 2, 1),
            "arrived_on": date(2018, 2, 1),
            "closed_on": date(2018, 5, 2),
            "closure_reason": "completed",
        } | facts
        person_facts = {
            name: facts.pop(name) for name in ("sex", "ethnicity", "language") if name in facts
        }
        person = builders.a_person(self.session, self.service, **person_facts)
        case = builders.a_case(self.session, self.service, person, **facts)
        self.cases.append(case)
        self.sexes[person.id] = person.sex
        return case

    def add_request(self, case: Case, **facts: Any) -> SurveyRequest:
        """A closure request that expired without an answer; `tier` as given."""
        facts = {
            "programme_version_id": self.programme.id,
            "state": "expired",
            "created_at": at(date(2018, 5, 2)),
            "due_at": at(date(2018, 5, 5)),
            "expires_at": at(date(2018, 6, 2)),
        } | facts
        request = builders.a_request(self.session, case, **facts)
        if request.wave == "closure":
            self.requests[case.id] = request
        return request

    def add_message(self, case: Case, request: SurveyRequest, state: str, ordinal: int) -> None:
        """A text of a request."""
        key = f"{request.id}:text:{ordinal}"
        token = LinkToken(request_id=request.id, token_hash=key, key_id="k", created_at=NOW)
        self.session.add(token)
        self.session.flush()
        is_sent = state in ("accepted", "delivered")
        message = OutboxMessage(
            service_id=self.service.id,
            request_id=request.id,
            person_id=case.person_id,
            token_id=token.id,
            kind="invitation" if ordinal == 0 else "reminder",
            ordinal=ordinal,
            dedupe_key=key,
            state=state,
            due_at=NOW,
            created_at=NOW,
            provider="simulated",
            language="en",
            segments=1,
            sent_at=NOW if is_sent else None,
        )
        self.session.add(message)
        self.messages.append((case.id, message))

    def add_response(
        self, case: Case, instrument: str, answers: dict[str, str], **facts: Any
    ) -> Response:
        """A completed response at closure; an answer of "" is a skipped question."""
        on = facts.pop("on", date(2018, 5, 10))
        facts = {
            "wave": "closure",
            "mode": "sms-link",
            "language": "en",
            "started_at": at(on),
            "completed_at": at(on),
            "is_complete": bool(any(answers.values())),
            "counts_on": on,
        } | facts
        response = Response(
            service_id=self.service.id,
            case_id=case.id,
            instrument_id=self.snapshots[instrument].id,
            **facts,
        )
        self.session.add(response)
        self.session.flush()
        for item, code in answers.items():
            self.session.add(
                Answer(
                    response_id=response.id,
                    item=item,
                    code=code,
                    is_skipped=not code,
                    answered_at=at(on),
                )
            )
        self.responses.append(response)
        self.answers[response.id] = answers
        return response

    def change_instrument(self, key: str, items: Sequence[Item]) -> None:
        """From now on answers are to a newer version, of these items."""
        old = self.instruments[key]
        version = str(int(old.version) + 1)
        new = old.model_copy(update={"version": version, "items": tuple(items)})
        content = new.model_dump(mode="json")
        self.instruments = {**self.instruments, key: new}
        self.snapshots = {
            **self.snapshots,
            key: builders.an_instrument(self.session, key, content, version=version),
        }

    def settle(self) -> None:
        """Everything stored, the pairs made."""
        self.session.flush()
        refresh_pairs(self.session, [case.id for case in self.cases])


def at(day: date) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), UTC)


def fill(world: World, cases: int) -> None:
    """Cases as messy as they come."""
    for _ in range(cases):
        _add_drawn_case(world)
    world.settle()


def fill_tidily(world: World, cases: int, likely: float = 0.85) -> None:
    """Cases as a careful service has them: who completed answered the one survey of their tier.

    Where nothing is out of order, one table tells most of another. `likely` is the chance that
    someone who was reached answers, and that an answer is the best.
    """
    for _ in range(cases):
        _add_tidy_case(world, likely)
    world.settle()


_SURVEYS = {"1": "sus-tier-1", "2": "sus-tier-2", "3": "short-satisfaction"}


def _add_tidy_case(world: World, likely: float) -> None:
    draw = world.random
    level = draw.choice(["community", "community", "caseworker"])
    case = world.add_case(
        support_level=level,
        deliveries=draw.choice([1, 2, 3, 5]),
        closed_on=_day(draw),
        closure_reason=draw.choice(["completed"] * 9 + ["declined"]),
        crime_category=draw.choice(["burglary", "burglary", "robbery"]),
        flags=draw.choice(["none", "none", "high-risk", "high-risk;vulnerable"]),
        sex=draw.choice(["female"] * 5 + ["male"] * 4 + [None]),
    )
    tier = "3" if level == "caseworker" else "1" if case.deliveries < 3 else "2"
    is_asked = draw.random() < 0.8
    is_reached = is_asked and draw.random() < 0.95
    is_completed = is_reached and draw.random() < likely
    request = world.add_request(
        case,
        tier=tier,
        state="completed" if is_completed else "expired",
        is_contactable=is_asked,
        first_text_accepted_at=NOW if is_asked else None,
        reached_at=NOW if is_reached else None,
        started_at=NOW if is_completed else None,
        refusal=None if is_asked else draw.choice(["no-consent", "not-safe"]),
    )
    if is_asked:
        world.add_message(case, request, "delivered" if is_reached else "accepted", 0)
    mode = draw.choice(["sms-link"] * 4 + ["phone"])
    if is_completed:
        given = _drawn_answers(world, world.instruments[_SURVEYS[tier]], likely)
        world.add_response(case, _SURVEYS[tier], given, mode=mode)
        _add_pair(world, case, "self-assessment", ("2345", "3455"), mode)
    if level == "caseworker":
        _add_pair(world, case, "adult-star", ("4567", "6789"), "in-person", areas=(1, 1, 2))


def _add_pair(
    world: World,
    case: Case,
    instrument: str,
    values: tuple[str, str],
    mode: str,
    areas: tuple[int, ...] = (),
) -> None:
    """A first and a last response, of all areas or of as many as one of `areas`."""
    draw = world.random
    items = [item.id for item in world.instruments[instrument].items if item.codes]
    items = draw.sample(items, draw.choice(areas)) if areas else items
    ends = (("baseline", date(2018, 4, 2)), ("closure", date(2018, 5, 20)))
    for (wave, on), codes in zip(ends, values, strict=True):
        given = {item: draw.choice(codes) for item in items}
        world.add_response(case, instrument, given, wave=wave, on=on, mode=mode)


def _add_drawn_case(world: World) -> None:
    draw = world.random
    case = world.add_case(
        support_level=draw.choice(["care-unit", "community", "community", "caseworker"]),
        deliveries=draw.choice([0, 1, 2, 3, 4, 30]),
        closed_on=draw.choice([None, date(2018, 3, 31), *[_day(draw)] * 8]),
        closure_reason=draw.choice([None, *["completed"] * 6, "declined", "no-contact", "other"]),
        crime_category=draw.choice(CRIMES),
        flags=draw.choice(FLAGS),
        sex=draw.choice(["female", "male", "declined", None]),
    )
    request = _drawn_request(world, case) if draw.random() < 0.7 else None
    for wave in ("baseline", "review", "closure"):
        for instrument in ("self-assessment", "adult-star"):
            if draw.random() < 0.6:
                _drawn_response(world, case, instrument, wave, request)
    for instrument in ("sus-tier-1", "sus-tier-2", "short-satisfaction"):
        if draw.random() < 0.5:
            _drawn_response(world, case, instrument, "closure", request)


def _drawn_request(world: World, case: Case) -> SurveyRequest:
    draw = world.random
    maybe = [None, NOW]
    request = world.add_request(
        case,
        tier=draw.choice("123"),
        state=draw.choice(["waiting", "asked", "started", "completed", "completed", "expired"]),
        due_at=draw.choice([NOW - timedelta(days=2), NOW + timedelta(days=2)]),
        end_reason=draw.choice([None, None, None, "no-longer-eligible"]),
        is_contactable=draw.random() < 0.7,
        first_text_accepted_at=draw.choice(maybe),
        call_made_at=draw.choice([None, None, NOW]),
        reached_at=draw.choice(maybe),
        started_at=draw.choice([None, None, NOW]),
        opted_out_at=draw.choice([None, None, NOW]),
        refusal=draw.choice([None, "no-consent", "not-safe"]),
        deferred_until=draw.choice([None, None, NOW + timedelta(days=1)]),
    )
    for ordinal in range(draw.randint(0, 3)):
        state = draw.choice(["accepted", "delivered", "failed", "pending", "unknown"])
        world.add_message(case, request, state, ordinal)
    return request


def _drawn_response(
    world: World, case: Case, instrument: str, wave: str, request: SurveyRequest | None
) -> None:
    draw = world.random
    is_open = request is not None and request.state in ("asked", "started")
    facts: dict[str, Any] = {"wave": wave, "on": _day(draw), "mode": draw.choice(MODES)}
    if wave == "closure" and is_open:
        facts["counts_on"] = None
    if instrument == "adult-star":
        facts["scored_by"] = draw.choice(["together", "worker", None])
    given = _drawn_answers(world, world.instruments[instrument])
    response = world.add_response(case, instrument, given, **facts)
    if draw.random() < 0.1:
        correction = _drawn_answers(world, world.instruments[instrument])
        newer = world.add_response(case, instrument, correction, **facts)
        response.superseded_by_id = newer.id


def _drawn_answers(
    world: World, instrument: Instrument, likely: float | None = None
) -> dict[str, str]:
    """Answers on the route, some skipped, some never reached; or all, the best one `likely`."""
    draw = world.random
    given: dict[str, str] = {}
    for item in instrument.items:
        if not item.codes or (likely is None and draw.random() < 0.1):
            continue
        condition = item.ask_when
        if condition is None or given.get(condition.item) in condition.codes:
            is_best = likely is not None and draw.random() < likely
            others = [*item.codes, ""] if likely is None else item.codes
            given[item.id] = item.codes[0] if is_best else draw.choice(others)
    return given


def _day(draw: Random) -> date:
    return QUARTER_START + timedelta(days=draw.randrange(91))
