"""Keep what the months' figures were counted as, so that a page need not count them again.

Like `run_due` it opens its own transactions: a month is counted in one snapshot, without holding
anybody up, and stored in another that takes away the marks of that snapshot and no others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from survey_app.reporting.kept_tallies import count_month, kept_as, waiting_of_month
from survey_app.store.month_looks import (
    MonthCounted,
    MonthSeen,
    forget_months,
    months_to_look_at,
    see_month,
    settle_month,
)
from survey_app.store.move_marks import marks_differ
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service, services_named


@dataclass
class Kept:
    """What one pass did: months kept anew, how many of their cases were left out since time alone
    may move them, and months that somebody else was looking at."""

    kept: int = 0
    left_out: int = 0
    left: int = 0
    is_marked: bool = True
    """Whether the triggers that mark moves are there; without them nothing is kept, and nothing
    that was kept is trusted."""


def keep_months(
    runtime: Runtime,
    now: datetime | None = None,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    slugs: Sequence[str] | None = None,
    is_again: bool = False,
    is_patient: bool = False,
) -> Kept:
    """Look at every month that has moved or is not kept, the newest first.

    `should_stop` is asked between months. `is_again`: look at all others too. `is_patient`: not
    yet at months in which little has moved since they were looked at a moment ago.
    """
    now = now or runtime.now()
    with runtime.database.read(Scope.worker()) as session:
        done = Kept(is_marked=not marks_differ(session.connection()))
    if is_again or not done.is_marked:
        with runtime.database.write(Scope.worker()) as session:
            forget_months(session)
    if not done.is_marked:
        return done
    for service_id, month in _places(runtime, now, slugs, is_patient=is_patient):
        if should_stop():
            break
        counted = _counted(runtime, service_id, month, now)
        with runtime.database.write(Scope.worker()) as session:
            is_ours = settle_month(session, *counted)
        done.left += not is_ours
        done.kept += is_ours
        done.left_out += len(counted[1].left_out) if is_ours else 0
    return done


def _places(
    runtime: Runtime, now: datetime, slugs: Sequence[str] | None, *, is_patient: bool
) -> list[tuple[int, str]]:
    with runtime.database.snapshot(Scope.worker()) as session:
        services = session.scalars(services_named(slugs)).all()
        ways = {service.id: kept_as(session, service, now) for service in services}
        return months_to_look_at(session, ways, now, is_patient=is_patient)


def _counted(
    runtime: Runtime, service_id: int, month: str, now: datetime
) -> tuple[MonthSeen, MonthCounted]:
    """A month as one snapshot shows it, and what is to be kept of it."""
    with runtime.database.snapshot(Scope.worker()) as session:
        service = session.get_one(Service, service_id)
        seen = see_month(session, service_id, month)
        waiting = waiting_of_month(session, service, month, now)
        counted = count_month(session, service, month, now, waiting.case_ids)
        return seen, MonthCounted(
            kept_as=kept_as(session, service, now),
            kept_at=now,
            left_out=tuple(sorted(waiting.case_ids)),
            has_open=counted.has_open,
            look_again_at=waiting.until,
            tallies=tuple(counted.kept()),
        )
