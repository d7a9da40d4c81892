"""Which star is scored in this case, and may the service use it?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument, InstrumentKind, may_use
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import Wave
from survey_app.reporting.snapshots import stored_instruments
from survey_app.store.cases import Case
from survey_app.store.instrument_snapshots import newest_instruments, snapshot_instruments
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot, Service, programme_in_force

ADULT, YOUNG_PERSON = "adult-star", "young-person-star"


@dataclass(frozen=True)
class Star:
    """The instrument of a reading; `is_licensed`: the service may use it."""

    instrument: Instrument
    is_licensed: bool


def star_of(session: Session, case: Case) -> Star:
    """The star that is scored in this case.

    What it was last scored on, version included: only equal versions compare. Else what the
    programme names for the case's age, and without one our own.
    """
    service = session.get_one(Service, case.service_id)
    instrument = _last_scored(session, case.id) or newest_instruments()[_named(session, case)]
    return Star(instrument, may_use(instrument, service.licences))


def star_snapshot(session: Session, case: Case, instrument: Instrument, now: datetime) -> int:
    """The id of the instrument's snapshot, kept from now on where this is its first use."""
    service = session.get_one(Service, case.service_id)
    version = (instrument.key, instrument.version)
    snapshot_instruments(session, service, [version], now)
    session.flush()
    return session.scalars(
        select(InstrumentSnapshot.id).where(
            InstrumentSnapshot.key == instrument.key,
            InstrumentSnapshot.version == instrument.version,
        )
    ).one()


def _last_scored(session: Session, case_id: int) -> Instrument | None:
    found = session.scalar(
        select(Response.instrument_id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(
            Response.case_id == case_id,
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind == InstrumentKind.STAR,
        )
        .order_by(Response.counts_on.desc(), Response.id.desc())
        .limit(1)
    )
    return None if found is None else stored_instruments(session, [InstrumentKind.STAR])[found]


def _named(session: Session, case: Case) -> str:
    version = programme_in_force(session, case.service_id)
    own = YOUNG_PERSON if case.is_young_person else ADULT
    if version is None:
        return own
    programme = Programme.model_validate(version.content)
    level_first = sorted(
        programme.asks, key=lambda place: place[0] != f"{Wave.BASELINE}.{case.support_level}"
    )
    named = (ask.reading_for(is_young_person=case.is_young_person) for _, ask in level_first)
    return next((key for key in named if key is not None), own)
