"""What is due and overdue with each worker? The same lists as Today's, of everybody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from survey_app.reporting.desk_due import Desk, DueKind
from survey_app.reporting.desk_today import due_today
from survey_app.reporting.workers import Worker


@dataclass
class Load:
    """How many things of each kind are due, and how many of them are overdue."""

    due: Counter[DueKind] = field(default_factory=Counter)
    overdue: Counter[DueKind] = field(default_factory=Counter)

    @classmethod
    def sum_of(cls, parts: Iterable["Load"]) -> Self:
        """Several together."""
        found = cls()
        for part in parts:
            found.due.update(part.due)
            found.overdue.update(part.overdue)
        return found


def due_by_worker(desk: Desk) -> tuple[Load, dict[Worker, Load]]:
    """The load of all and each worker's; as many queries as Today takes."""
    everybody, found = Load(), dict[Worker, Load]()
    for kind, due in due_today(desk, limit=None).items():
        for row in due.rows:
            for load in (everybody, found.setdefault(row.worker, Load())):
                load.due[kind] += 1
                load.overdue[kind] += row.is_overdue
    return everybody, found
