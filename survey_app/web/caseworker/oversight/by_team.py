"""How do tables show each team with its workers below, and what are they called?"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.reporting.teams import Team, workers_by_team
from survey_app.reporting.workers import Worker, named

Counted = TypeVar("Counted")
Row = TypeVar("Row")


def rows_by_team(
    counted: Mapping[Worker, Counted],
    names: Mapping[Worker, str],
    teams: Mapping[int, str],
    sum_of: Callable[[Iterable[Counted]], Counted],
    row: Callable[[Counted, Team | Worker, str], Row],
) -> list[Row]:
    """A row of each team, those of its workers below it; workers alone where there is no team."""
    if not teams:
        return [row(counted[worker], worker, name) for worker, name in names.items()]
    rows = []
    for team, workers in workers_by_team(names, teams).items():
        rows.append(row(sum_of(counted[worker] for worker in workers), team, team_name(team)))
        rows += [row(counted[worker], worker, names[worker]) for worker in workers]
    return rows


def name_of(name: str | None) -> str:
    """A worker's name, or that there is none."""
    return name if name is not None else _("Nobody’s yet")


def team_name(team: Team) -> str:
    """A team's name, or that there is none."""
    return _("Team %(name)s", name=team.name) if team.name is not None else _("No team")


def name_of_holder(session: Session, held_by: Team | Worker | None) -> str | None:
    """What one worker or team is called; None: nobody in particular."""
    if isinstance(held_by, Team):
        return team_name(held_by)
    return None if held_by is None else name_of(named(session, [held_by])[held_by])


def place_of(held_by: Team | Worker | None) -> dict[str, str]:
    """As an address says it."""
    if held_by is None:
        return {}
    return {"team" if isinstance(held_by, Team) else "worker": held_by.key}


def read_holder(said: Mapping[str, str]) -> Team | Worker | None:
    """From an address: a worker goes before a team."""
    return Worker.read(said.get("worker")) or Team.read(said.get("team"))
