"""What is known of people that decides whether they may be in a trial? Gathered in bulk."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Flag
from survey_app.domain.contact_facts import flags_meant
from survey_app.domain.sensitive_crimes import USUAL_SENSITIVE_CRIMES
from survey_app.domain.trials import PersonStanding
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.safety_details import flags_of
from survey_app.store.services import Service
from survey_app.store.unreadable import is_unreadable, readable_or_none


def person_standings(session: Session, person_ids: Collection[int]) -> dict[int, PersonStanding]:
    """Standings by person id, for those that the session's scope shows; two queries.

    A category counts as its flag by the service's own map, and by the usual one even where the
    service took it out of its map: whoever is in doubt is in no trial.
    """
    known = _known_by_cases(session, person_ids)
    people = session.execute(
        select(Person.id, Person.date_of_birth, Person.created_at).where(Person.id.in_(person_ids))
    )
    return {
        row.id: PersonStanding(
            flags=known[row.id].flags,
            are_flags_recorded=known[row.id].has_case and not known[row.id].has_unrecorded,
            is_young_person=known[row.id].is_young or is_unreadable(row.date_of_birth),
            born_on=readable_or_none(row.date_of_birth),
            known_since=row.created_at,
        )
        for row in people
    }


@dataclass
class _KnownByCases:
    """What the cases of one person say together."""

    flags: frozenset[Flag] = frozenset()
    has_case: bool = False
    has_unrecorded: bool = False
    is_young: bool = False


def _known_by_cases(
    session: Session, person_ids: Collection[int]
) -> defaultdict[int, _KnownByCases]:
    cases = session.execute(
        select(Case.person_id, Case.flags, Case.crime_category, Case.is_young_person, Service)
        .join(Service, Service.id == Case.service_id)
        .where(Case.person_id.in_(person_ids))
    )
    found: defaultdict[int, _KnownByCases] = defaultdict(_KnownByCases)
    for person_id, stored, crime, is_young, service in cases:
        recorded, known = flags_of(stored), found[person_id]
        known.has_case = True
        known.has_unrecorded |= recorded is None
        known.is_young |= is_young
        for crimes in _maps(service):
            known.flags |= flags_meant(recorded or frozenset(), crime, crimes)
    return found


def _maps(service: Service) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return service.sensitive_crimes, USUAL_SENSITIVE_CRIMES
