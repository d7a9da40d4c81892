"""Whose links are opened? Invented people of one service, each asked ten questions, or what the
standard programme asks."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench.victim.floor import QUESTIONS, TABLES, open_floor
from survey_app.domain.cases import NumberKind, SupportLevel
from survey_app.domain.definitions import Faults
from survey_app.domain.instruments import Instrument
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.domain.requests import RequestState, Wave
from survey_app.messaging.tokens import new_tokens
from survey_app.settings import Settings
from survey_app.store.cases import Case
from survey_app.store.instrument_snapshots import newest_instruments, snapshot_instruments
from survey_app.store.migrations import upgrade
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime, start
from survey_app.store.scope import Scope
from survey_app.store.services import InstrumentSnapshot, programme_in_force
from survey_app.usecases.add_service import add_service

KEY = "ten-questions"
AT_ONCE = 250
_numbers = count(1)


@dataclass(frozen=True)
class Asked:
    """What a link asks: instruments as `(key, version)`, in order."""

    wave: Wave
    tier: str | None
    instruments: tuple[tuple[str, str], ...]


TEN_QUESTIONS = Asked(Wave.CLOSURE, "1", ((KEY, "1"),))


class Links:
    """Makes links on the product's database and on the floor's."""

    def __init__(self, url: str, floor: str, folder: Path) -> None:
        self.runtime = _migrated(url, folder)
        self.floor = open_floor(floor)
        for statement in TABLES:
            self.floor.write(statement)
        with self.runtime.database.write(Scope.worker()) as session:
            service = add_service(session, name="Bench", slug="bench", now=self.runtime.now())
            session.flush()
            programme = programme_in_force(session, service.id)
            assert programme is not None
            self.service_id, self.programme_id = service.id, programme.id
            self.asked = _asked_by(parse_programme(programme.content))
            used = {one for asked in self.asked.values() for one in asked.instruments}
            snapshot_instruments(session, service, used, self.runtime.now())
            session.add(_snapshot(self.runtime.now()))

    def of_the_floor(self, number: int) -> list[str]:
        """Fresh tokens on the floor."""
        tokens = [f"{next(_numbers):012}" for _ in range(number)]
        self.floor.write("BEGIN")
        for token in tokens:
            self.floor.write(
                f"INSERT INTO floor_links VALUES ({self.floor.mark}, {self.floor.mark})",
                int(token),
                token,
            )
        self.floor.write("COMMIT")
        return tokens

    def of_the_product(self, number: int, asked: Asked = TEN_QUESTIONS) -> list[str]:
        """Fresh tokens of open requests; `self.asked` holds what the programme asks, by name."""
        tokens = []
        for first in range(0, number, AT_ONCE):
            with self.runtime.database.write(Scope.worker()) as session:
                now = self.runtime.now()
                people = [self._person(now) for _ in range(min(AT_ONCE, number - first))]
                session.add_all(people)
                session.flush()
                cases = [self._case(person, now) for person in people]
                session.add_all(cases)
                session.flush()
                requests = [self._request(case, asked, now) for case in cases]
                session.add_all(requests)
                session.flush()
                made = new_tokens(session, [request.id for request in requests], now)
                tokens += [clear for _, clear in made]
        return tokens

    def close(self) -> None:
        """Let go of both databases."""
        self.runtime.database.close()
        self.floor.connection.close()

    def _person(self, now: datetime) -> Person:
        return Person(
            service_id=self.service_id,
            number_kind=NumberKind.NONE,
            created_at=now,
            changed_at=now,
        )

    def _case(self, person: Person, now: datetime) -> Case:
        return Case(
            service_id=self.service_id,
            person_id=person.id,
            case_ref=f"V-{next(_numbers):07}",
            referred_on=now.date() - timedelta(days=60),
            arrived_on=now.date() - timedelta(days=60),
            support_level="community",
            deliveries=2,
            flags="none",
            created_at=now,
            changed_at=now,
        )

    def _request(self, case: Case, asked: Asked, now: datetime) -> SurveyRequest:
        return SurveyRequest(
            service_id=self.service_id,
            case_id=case.id,
            programme_version_id=self.programme_id,
            wave=asked.wave,
            tier=asked.tier,
            instruments=[list(one) for one in asked.instruments],
            channels=["sms"],
            channel="sms",
            reminder_days=[],
            state=RequestState.ASKED,
            created_at=now,
            due_at=now,
            expires_at=now + timedelta(days=28),
        )


def _asked_by(programme: Programme | Faults) -> dict[str, Asked]:
    """An adult's link at the start of community support, and at closure in each tier."""
    assert isinstance(programme, Programme)
    places = [("baseline", Wave.BASELINE, None, programme.baseline[SupportLevel.COMMUNITY])]
    places += [
        (f"tier {tier.value}", Wave.CLOSURE, tier.value, ask)
        for tier, ask in sorted(programme.closure.items())
    ]
    return {
        name: Asked(
            wave,
            tier,
            tuple(
                (key, newest_instruments()[key].version)
                for key in ask.instruments_for(is_young_person=False)
            ),
        )
        for name, wave, tier, ask in places
    }


def _migrated(url: str, folder: Path) -> Runtime:
    settings = Settings.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder)})
    runtime = start(settings, lambda: datetime.now(UTC))
    upgrade(runtime.database)
    return runtime


def _snapshot(now: datetime) -> InstrumentSnapshot:
    """The shipped tier 1 survey without its free text, so that ten questions are left."""
    shipped = newest_instruments()["sus-tier-1"]
    items = tuple(item for item in shipped.items if item.id != "comment")
    assert len(items) == QUESTIONS
    asked: Instrument = shipped.model_copy(update={"key": KEY, "items": items})
    return InstrumentSnapshot(
        key=KEY,
        version="1",
        kind=asked.kind,
        content=asked.model_dump(mode="json", exclude_defaults=True),
        content_hash="bench",
        first_used_at=now,
    )
