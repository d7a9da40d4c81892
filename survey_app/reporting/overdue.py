"""What is due and overdue with each worker? The same lists as Today's, of the whole team."""

from collections import Counter
from dataclasses import dataclass, field

from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_today
from survey_app.reporting.workers import Worker


@dataclass
class Load:
    """How many things of each kind are due, and how many of them are overdue."""

    due: Counter[DueKind] = field(default_factory=Counter)
    overdue: Counter[DueKind] = field(default_factory=Counter)


def due_by_worker(desk: Desk) -> tuple[Load, dict[Worker, Load]]:
    """The team's load and each worker's; as many queries as Today takes."""
    team, found = Load(), dict[Worker, Load]()
    for kind, due in due_today(desk, limit=None).items():
        for row in due.rows:
            for load in (team, found.setdefault(row.worker, Load())):
                load.due[kind] += 1
                load.overdue[kind] += row.is_overdue
    return team, found
