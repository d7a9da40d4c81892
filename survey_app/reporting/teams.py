"""Which team is a case with? Its caseworker's; nobody's, where nobody or no team has it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from sqlalchemy import ColumnElement, exists

from survey_app.reporting.workers import Worker
from survey_app.store.cases import Case
from survey_app.store.team_members import TeamMember

_NONE, _NAME = "-", "~"


class Team(NamedTuple):
    """A team of a service, or, without a name, whoever belongs to none."""

    name: str | None = None

    @classmethod
    def of(cls, worker: Worker, teams: Mapping[int, str]) -> Self:
        """A worker's, by the teams of all accounts."""
        return cls(None if worker.account_id is None else teams.get(worker.account_id))

    @classmethod
    def read(cls, said: str | None) -> Self | None:
        """From an address, or None where it names no team in particular."""
        if said == _NONE:
            return cls()
        named = said is not None and said.startswith(_NAME) and len(said) > 1
        return cls(said.removeprefix(_NAME)) if named and said is not None else None

    @property
    def key(self) -> str:
        """As an address carries it."""
        return _NONE if self.name is None else f"{_NAME}{self.name}"

    @property
    def is_on_case(self) -> tuple[ColumnElement[bool], ...]:
        """Narrows cases to its members'."""
        member = exists().where(
            TeamMember.account_id == Case.caseworker_id, TeamMember.service_id == Case.service_id
        )
        return (~member if self.name is None else member.where(TeamMember.team == self.name),)


def workers_by_team(
    workers: Iterable[Worker], teams: Mapping[int, str]
) -> dict[Team, list[Worker]]:
    """Workers in the order given under their teams; teams by name, those without one last."""
    found: dict[Team, list[Worker]] = {}
    for worker in workers:
        found.setdefault(Team.of(worker, teams), []).append(worker)
    order = sorted(found, key=lambda team: (team.name is None, (team.name or "").casefold()))
    return {team: found[team] for team in order}
