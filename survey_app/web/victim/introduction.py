"""Who asks, and what is said about it: the service by name only where the person agreed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Recorded
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.usecases.respond.links import Link


@dataclass(frozen=True)
class HelpLine:
    """Where someone finds help: a name, a number as it is said, an address, when it is open."""

    name: str
    number: str = ""
    url: str = ""
    hours: str = ""

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return self.number.replace(" ", "")


def find_service_name(session: Session, link: Link) -> str | None:
    """The service's name, where the person agreed that it may be named (safety rule 4)."""
    row = session.execute(
        select(Service.name, Person.name_service)
        .join(Case, Case.service_id == Service.id)
        .join(Person, Person.id == Case.person_id)
        .where(Case.id == link.case_id)
    ).one()
    return row.name if row.name_service == Recorded.YES else None


def service_of(session: Session, link: Link) -> Service:
    """The service that asks, for the pages behind a tap."""
    return session.get_one(Service, link.service_id)


def help_lines(service: Service) -> list[HelpLine]:
    """The service's help lines, in its order."""
    return [HelpLine(**_known(line)) for line in service.help_lines]


def _known(line: dict[str, Any]) -> dict[str, str]:
    return {name: str(line[name]) for name in ("name", "number", "url", "hours") if line.get(name)}
