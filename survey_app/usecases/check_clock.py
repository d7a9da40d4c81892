"""May a round be done at the time that the clocks show?"""

from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.clock_faults import ClockFault, find_clock_fault
from survey_app.store.audit import write_audit
from survey_app.store.clock import find_last_seen, mark_seen
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope

CONFIRM_CLOCK = "confirm-clock"
"""What is written into the audit."""


def check_clock(host: Runtime, database_time: Runtime) -> ClockFault | None:
    """What stands against a round; where nothing does, its instant is the last that was seen.

    A clock that was set for one pass (`--now`) is compared with nothing, and leaves no trace.
    """
    if host.has_set_clock:
        return None
    asked_at = host.now()
    now = database_time.now()
    answered_at = host.now()
    with host.database.write(Scope.worker()) as session:
        fault = find_clock_fault(asked_at, now, answered_at, find_last_seen(session))
        if fault is None:
            mark_seen(session, now)
    return fault


def confirm_clock(session: Session, account_id: int, now: datetime) -> datetime | None:
    """Somebody says that the database's clock is right: rounds go on from `now`, the database's
    instant. The instant of the last round before; None when there was none."""
    before = find_last_seen(session)
    mark_seen(session, now)
    write_audit(
        session,
        at=now,
        actor="command",
        action=CONFIRM_CLOCK,
        subject="clock",
        account_id=account_id,
        details={
            "last_seen": None if before is None else before.isoformat(),
            "confirmed": now.isoformat(),
        },
    )
    return before
