"""Which instrument versions are in use, and which licences has each service recorded?"""

from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.definitions import Faults
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.store.definition_files import InstrumentId
from survey_app.store.services import InstrumentSnapshot, Service, programme_in_force


@dataclass(frozen=True)
class ServiceTerms:
    """The programme that a service runs and the licences it recorded.

    `programme` is None where the service has none yet, and Faults where what was stored as good can
    no longer be read as a programme.
    """

    slug: str
    programme: Programme | Faults | None
    licences: frozenset[str]


def has_tables(session: Session) -> bool:
    """Whether the database was upgraded; before that nothing is in use."""
    return inspect(session.connection()).has_table(InstrumentSnapshot.__tablename__)


def used_hashes(session: Session) -> dict[InstrumentId, str]:
    """Return the content hash of every instrument version as it was when first used."""
    rows = session.execute(
        select(InstrumentSnapshot.key, InstrumentSnapshot.version, InstrumentSnapshot.content_hash)
    )
    return {(key, version): content_hash for key, version, content_hash in rows}


def service_terms(session: Session) -> tuple[ServiceTerms, ...]:
    """Return the terms of every service, in the order of their slugs."""
    services = session.scalars(select(Service).order_by(Service.slug)).all()
    return tuple(_terms(session, service) for service in services)


def _terms(session: Session, service: Service) -> ServiceTerms:
    licences = frozenset(service.licences)
    stored = programme_in_force(session, service.id)
    programme = None if stored is None else parse_programme(stored.content)
    return ServiceTerms(service.slug, programme, licences)
