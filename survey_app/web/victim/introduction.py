"""Who asks, and what is said about it: the service by name only where the person agreed."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Recorded
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.scope import select_in_scope
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


# Over tables and built once, as every page's queries are.
_cases, _people, _services = (inspect(mapped).local_table for mapped in (Case, Person, Service))
_NAMED = (
    select(_services.c.name, _people.c.name_service)
    .select_from(_cases)
    .join(_services, _services.c.id == _cases.c.service_id)
    .join(_people, _people.c.id == _cases.c.person_id)
    .where(_cases.c.id == bindparam("case_id"))
)


def find_service_name(session: Session, link: Link) -> str | None:
    """The service's name, where the person agreed that it may be named (safety rule 4)."""
    found = select_in_scope(session, _NAMED, _cases.c.service_id, {"case_id": link.case_id})
    row = found.one()
    return row.name if row.name_service == Recorded.YES else None


def service_of(session: Session, link: Link) -> Service:
    """The service that asks, for the pages behind a tap."""
    return session.get_one(Service, link.service_id)


def help_lines(service: Service) -> list[HelpLine]:
    """The service's help lines, in its order."""
    return [HelpLine(**_known(line)) for line in service.help_lines]


def _known(line: dict[str, Any]) -> dict[str, str]:
    return {name: str(line[name]) for name in ("name", "number", "url", "hours") if line.get(name)}
