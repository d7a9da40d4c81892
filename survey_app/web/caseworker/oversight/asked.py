"""Which cases does the address ask for: open ones or a quarter's, whose, from which file?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.domain.periods import PeriodRefusal, Quarter, london_day, parse, quarter_of
from survey_app.reporting.marked_cases import CaseGroup, MarkedCase, MarkedPage, latest_case_files
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker, named
from survey_app.store.imports import ImportRun
from survey_app.store.team_members import teams_by_account
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.caseworker.oversight.by_team import name_of, place_of, read_holder
from survey_app.web.shared.access import this_service
from survey_app.web.shared.formatting import instant
from survey_app.web.shared.runtime import runtime

OPEN = "open"
QUARTERS = 9


@dataclass(frozen=True)
class Asked:
    """What the address says, read; whatever it says wrongly falls back to all open cases."""

    group: CaseGroup
    files: Sequence[ImportRun]
    file: ImportRun | None

    @property
    def values(self) -> dict[str, str]:
        """The same for other addresses, without the worker or team."""
        found = {"cases": self.group.quarter.code if self.group.quarter else OPEN}
        return found | ({"file": str(self.file.id)} if self.file else {})

    @property
    def held_by(self) -> Team | Worker | None:
        """Whose cases, where one worker's or one team's are asked for."""
        return self.group.held_by

    @property
    def whose_and_which(self) -> dict[str, str]:
        """The same with the worker or team."""
        return self.values | place_of(self.held_by)


def read_asked(session: Session) -> Asked:
    """Read the address; a file is one of the service's latest."""
    service_id = this_service().id
    files = latest_case_files(session, service_id)
    said = request.args.get("file")
    file = next((run for run in files if str(run.id) == said), None)
    group = CaseGroup(
        service_id,
        quarter=_quarter(request.args.get("cases")),
        held_by=read_holder(request.args),
        arrived_at=file.started_at if file else None,
    )
    return Asked(group, files, file)


def _quarter(said: str | None) -> Quarter | None:
    found = parse(said or "")
    return None if isinstance(found, PeriodRefusal) else found


def case_choices(asked: Asked) -> list[tuple[str, str]]:
    """What the form offers: open cases, and the latest quarters; always the one asked for."""
    quarters = [quarter_of(london_day(runtime().now()))]
    while len(quarters) < QUARTERS:
        quarters.append(quarters[-1].previous)
    if asked.group.quarter and asked.group.quarter not in quarters:
        quarters.append(asked.group.quarter)
    return [(OPEN, _("Open now"))] + [
        (quarter.code, _("Closed in %(quarter)s", quarter=quarter.label)) for quarter in quarters
    ]


def file_choices(asked: Asked) -> list[tuple[str, str]]:
    """What the form offers: every way in, and the latest files of cases."""
    return [("", _("Every file, and by hand"))] + [
        (str(run.id), f"{run.file_name}, {instant(run.started_at)}") for run in asked.files
    ]


def names_of(session: Session, cases: list[MarkedCase]) -> dict[Worker, str]:
    """The workers of cases by name."""
    found = named(session, (case.worker for case in cases))
    return {worker: name_of(name) for worker, name in found.items()}


def teams_of(session: Session, asked: Asked) -> dict[int, str]:
    """Everybody's team, to show cases by; none where one worker's cases are asked for."""
    if isinstance(asked.held_by, Worker):
        return {}
    return teams_by_account(session, this_service().id)


def asked_after() -> tuple[date, int] | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    key = read_key(request.args.get("after"))
    try:
        return None if key is None else (date.fromisoformat(key[0]), key[1])
    except ValueError:
        return None


def next_key(page: MarkedPage) -> str | None:
    """The key of the next page, where there is one."""
    if not page.has_more:
        return None
    last = page.rows[-1]
    return write_key((last.referred_on.isoformat(), last.id))
