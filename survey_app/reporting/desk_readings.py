"""Which star readings are owed in a service? The judgement is `domain.readings_due`'s.

Two queries, however many cases: those whose level or closing may want a reading, and what was
scored of them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import SupportLevel
from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.programmes import Programme
from survey_app.domain.readings_due import WantedReading, wanted_readings
from survey_app.domain.requests import Wave
from survey_app.domain.safe_hours import LONDON
from survey_app.store.cases import Case
from survey_app.store.request_plans import case_facts
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot

CASES_AT_ONCE = 400
"""Keeps a statement below SQLite's limit on parameters."""


@dataclass(frozen=True)
class OwedReading:
    """A reading that somebody should score, and of which case."""

    case: Case
    reading: WantedReading


def owed_readings(
    session: Session, service_id: int, programme: Programme, today: date, *mine: ColumnElement[bool]
) -> list[OwedReading]:
    """Every reading owed today, longest first; `mine` narrows the cases."""
    may_want = _may_want(programme, today)
    if may_want is None:
        return []
    cases = session.scalars(
        select(Case).where(Case.service_id == service_id, may_want, *mine).order_by(Case.id)
    ).all()
    scored = scored_waves(session, [case.id for case in cases])
    owed = [
        OwedReading(case, reading)
        for case in cases
        for reading in _wanted(case, programme, today, scored.get(case.id, {}))
        if reading.is_owed
    ]
    return sorted(owed, key=lambda each: (each.reading.due_on, each.case.id))


def readings_of_case(
    session: Session, case: Case, programme: Programme, today: date
) -> tuple[WantedReading, ...]:
    """Every reading that the programme wants of one case, with where it stands."""
    scored = scored_waves(session, [case.id])
    return _wanted(case, programme, today, scored.get(case.id, {}))


def scored_waves(session: Session, case_ids: Collection[int]) -> dict[int, dict[Wave, date]]:
    """By case and wave: the day of the first star reading that stands."""
    found: defaultdict[int, dict[Wave, date]] = defaultdict(dict)
    ids = sorted(case_ids)
    for start in range(0, len(ids), CASES_AT_ONCE):
        rows = session.execute(
            select(
                Response.case_id,
                Response.wave,
                func.min(func.coalesce(Response.completed_at, Response.started_at)),
            )
            .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
            .where(
                Response.case_id.in_(ids[start : start + CASES_AT_ONCE]),
                Response.superseded_by_id.is_(None),
                Response.counts_on.is_not(None),
                InstrumentSnapshot.kind == InstrumentKind.STAR,
            )
            .group_by(Response.case_id, Response.wave)
        )
        for case_id, wave, at in rows:
            found[case_id][Wave(wave)] = at.astimezone(LONDON).date()
    return dict(found)


def _wanted(
    case: Case, programme: Programme, today: date, scored: Mapping[Wave, date]
) -> tuple[WantedReading, ...]:
    return wanted_readings(
        case_facts(case), programme, today, known_on=case.arrived_on, scored=scored
    )


def _may_want(programme: Programme, today: date) -> ColumnElement[bool] | None:
    """A wide net in SQL, so that no case is judged that cannot owe one."""
    nets: list[ColumnElement[bool]] = []
    asks = (*programme.baseline.items(), *programme.review.items())
    if levels := _levels(level for level, ask in asks if ask.readings):
        nets.append(and_(Case.closed_on.is_(None), Case.support_level.in_(levels)))
    closing = {tier: ask for tier, ask in programme.closure.items() if ask.readings}
    if closing:
        rules = (rule for rule in programme.tiers if rule.tier in closing)
        levels = _levels(level for rule in rules for level in rule.support_levels)
        longest = max(ask.after_days + ask.expires_after_days for ask in closing.values())
        since = today - timedelta(days=longest)
        nets.append(and_(Case.closed_on > since, Case.support_level.in_(levels)))
    return or_(*nets) if nets else None


def _levels(levels: Iterable[SupportLevel]) -> list[str]:
    return sorted({level.value for level in levels})
