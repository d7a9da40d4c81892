"""Which programme does a service run, and which did its older requests run under?"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.programmes import Programme
from survey_app.store.definition_files import SHIPPED, load_instruments, load_programmes
from survey_app.store.services import ProgrammeVersion


class ProgrammeMissing(Exception):
    """A service has no programme, so that nobody knows what to ask, nor when it may."""


@cache
def shipped_programmes() -> Mapping[str, Programme]:
    """The programme templates that come with this release by key, read once a process."""
    return load_programmes(SHIPPED / "programmes", load_instruments(SHIPPED))


@dataclass(frozen=True)
class Programmes:
    """Every programme version of a service; the newest is in force."""

    by_id: Mapping[int, Programme]
    in_force_id: int

    @classmethod
    def of(cls, session: Session, service_id: int) -> "Programmes":
        """Read a service's programmes, in one query. Raises ProgrammeMissing."""
        rows = session.execute(
            select(ProgrammeVersion.id, ProgrammeVersion.content)
            .where(ProgrammeVersion.service_id == service_id)
            .order_by(ProgrammeVersion.number)
        ).all()
        if not rows:
            raise ProgrammeMissing(service_id)
        by_id = {row.id: Programme.model_validate(row.content) for row in rows}
        return cls(by_id, rows[-1].id)

    @property
    def in_force(self) -> Programme:
        """The newest."""
        return self.by_id[self.in_force_id]
