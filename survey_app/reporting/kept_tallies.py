"""What is kept of a month, tally by tally, and which of its cases are left out?"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import days_of, quarter_of
from survey_app.reporting import (
    changes,
    ladder_facts,
    outcomes,
    recording,
    star_tallies,
    who_answered,
)
from survey_app.reporting.characteristics import live_characteristics
from survey_app.reporting.kept_cases import CASES, IS_OPEN
from survey_app.reporting.kept_population import counted_as
from survey_app.reporting.members import pack_members
from survey_app.reporting.population import Population
from survey_app.reporting.report import find_population
from survey_app.reporting.satisfaction_answers import RESPONSES, Asked
from survey_app.reporting.snapshots import measured_instruments
from survey_app.reporting.tallies import (
    CountedRow,
    Live,
    Tally,
    asked_once,
)
from survey_app.reporting.tally_members import ByCase, by_case, layer_of_cases
from survey_app.store.cases import Case
from survey_app.store.id_lists import NO_IDS
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import Service


def kept_as(session: Session, service: Service, now: datetime) -> str:
    """How the months of a service are counted today."""
    return counted_as(_of_month(session, service, f"{now:%Y-%m}", now))


@dataclass(frozen=True)
class Waiting:
    """The cases of a month that time alone may move: a request of theirs waits for its day, or is
    deferred. `until`: when the first of these days comes."""

    case_ids: frozenset[int] = frozenset()
    until: datetime | None = None


def waiting_of_month(session: Session, service: Service, month: str, now: datetime) -> Waiting:
    """Whom to leave out of a month."""
    first, last = days_of(month)
    waits = or_(SurveyRequest.due_at > now, SurveyRequest.deferred_until > now)
    query = (
        select(Case.id, SurveyRequest.due_at, SurveyRequest.deferred_until)
        .join(SurveyRequest, SurveyRequest.case_id == Case.id)
        .where(Case.service_id == service.id, Case.closed_on.between(first, last), waits)
    )
    rows = session.execute(query).all()
    days = [day for row in rows for day in row[1:] if day is not None and day > now]
    return Waiting(frozenset(row.id for row in rows), min(days, default=None))


@dataclass
class CountedMonth:
    """Every tally of the cases of a month, but for some, case by case."""

    counted: Mapping[str, ByCase]
    characteristics: list[CountedRow]

    def kept(self) -> Iterator[dict[str, Any]]:
        """What is kept of it, as rows of `kept_tallies`."""
        case_ids = self._in_order()
        places = {case_id: place for place, case_id in enumerate(case_ids)}
        known = layer_of_cases(self.characteristics, places)
        yield _kept(CASES, b"", pack_members([known], case_ids))
        for name, rows in self.counted.items():
            if rows.sums:
                yield _kept(name, rows.totals(), pack_members(rows.layers(places)))

    @property
    def has_open(self) -> bool:
        """Whether a request of one of them is open: it moves, but not by itself."""
        return any(row[IS_OPEN] for row in self.characteristics)

    def _in_order(self) -> list[int]:
        """Whoever is in most rows comes first, so that the sets of few are short."""
        times = Counter({row["case_id"]: 0 for row in self.characteristics})
        for rows in self.counted.values():
            times.update(case_id for case_id, _, _ in rows.sums)
        return sorted(times, key=lambda case_id: (-times[case_id], case_id))


def count_month(
    session: Session, service: Service, month: str, now: datetime, left_out: Collection[int]
) -> CountedMonth:
    """Count a month without some of its cases."""
    population = _of_month(session, service, month, now)

    def without(rows: Iterable[CountedRow]) -> list[CountedRow]:
        return [row for row in rows if row["case_id"] not in left_out]

    return CountedMonth(
        {
            tally.name: by_case(tally, without(live(session, population)))
            for tally, live in _tallies(session)
        },
        without(live_characteristics(session, population)),
    )


def _kept(tally: str, totals: bytes, members: bytes) -> dict[str, Any]:
    return {"tally": tally, "totals": totals, "members": members}


def _of_month(session: Session, service: Service, month: str, now: datetime) -> Population:
    quarter = quarter_of(days_of(month)[0])
    population = find_population(session, service, quarter, now=now)
    return replace(population, kept={}, apart=NO_IDS, live_months=(month,), is_to_keep=True)


def _tallies(session: Session) -> Iterator[tuple[Tally, Live]]:
    asked = Asked(measured_instruments(session))
    star_areas, pairs = asked_once(star_tallies.live_areas), asked_once(changes.live_pairs)
    yield ladder_facts.FACTS, ladder_facts.live_facts
    yield RESPONSES, asked.responses
    for tally, live, _items in asked.tallies:
        yield tally, live
    yield outcomes.AREAS, outcomes.live_areas
    yield star_tallies.AREAS, star_areas
    for scores in star_tallies.SCORES.values():
        yield scores, star_areas
    yield star_tallies.CASES, star_tallies.live_cases
    yield changes.MOVES, pairs
    yield changes.MODES, pairs
    yield who_answered.WHO, who_answered.live_answered
    yield recording.RECORDED, recording.live_records
