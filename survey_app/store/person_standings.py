"""What is known of people that decides whether they may be in a trial? Gathered in bulk."""

from collections import defaultdict
from collections.abc import Collection, Mapping

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


def person_standings(session: Session, person_ids: Collection[int]) -> dict[int, PersonStanding]:
    """Standings by person id, for those that the session's scope shows; two queries.

    A category counts as its flag by the service's own map, and by the usual one even where the
    service took it out of its map: whoever is in doubt is in no trial.
    """
    cases = session.execute(
        select(Case.person_id, Case.flags, Case.crime_category, Case.is_young_person, Service)
        .join(Service, Service.id == Case.service_id)
        .where(Case.person_id.in_(person_ids))
    )
    flags: defaultdict[int, frozenset[Flag]] = defaultdict(frozenset)
    unrecorded: set[int] = set()
    young: set[int] = set()
    for person_id, stored, crime, is_young, service in cases:
        recorded = flags_of(stored)
        if recorded is None:
            unrecorded.add(person_id)
        if is_young:
            young.add(person_id)
        for crimes in _maps(service):
            flags[person_id] |= flags_meant(recorded or frozenset(), crime, crimes)
    people = session.execute(
        select(Person.id, Person.date_of_birth, Person.created_at).where(Person.id.in_(person_ids))
    )
    return {
        row.id: PersonStanding(
            flags=flags[row.id],
            are_flags_recorded=row.id in flags and row.id not in unrecorded,
            is_young_person=row.id in young,
            born_on=row.date_of_birth,
            known_since=row.created_at,
        )
        for row in people
    }


def _maps(service: Service) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return service.sensitive_crimes, USUAL_SENSITIVE_CRIMES
