"""What is a thing to do, whose is it, and how do lists of them page?"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_
from sqlalchemy.orm import Session

from survey_app.domain.programmes import Programme
from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import NOBODY, Worker
from survey_app.store.cases import Case


class DueKind(StrEnum):
    """Kinds of work, in the order shown."""

    ALERTS = "alerts"
    HELD = "held"
    BASELINE = "baseline"
    REVIEW = "review"
    CLOSURE = "closure"
    SAFE_CONTACT = "safe-contact"
    REFUSED = "refused"
    CALLS = "calls"


@dataclass(frozen=True)
class DueRow:
    """One thing to do. `since`: the London day it has been due from, or None: it never was done.

    `reason` is a refusal of the contact rule or the kind of an alert.
    """

    kind: DueKind
    case_ref: str
    since: date | None
    is_overdue: bool
    key: tuple[str, int]
    """What the list pages by."""
    worker: Worker = NOBODY
    """Whose case it is."""
    reason: str | None = None
    wave: str | None = None
    alert_id: int | None = None
    due_at: datetime | None = None
    """Of an alert: its instant, for a day is too coarse there."""
    request_id: int | None = None


@dataclass(frozen=True)
class DueList:
    """The first rows of one kind, of how many."""

    rows: tuple[DueRow, ...]
    total: int


@dataclass(frozen=True)
class Desk:
    """Whose work in which service at which moment. `caseworker_id` None: everybody's."""

    session: Session
    service_id: int
    programme: Programme
    now: datetime
    caseworker_id: int | None = None
    held_by: Worker | Team | None = None
    """Whose work is looked at instead: a team's, or anybody's whom a case names, or nobody's."""

    @property
    def today(self) -> date:
        """The London day."""
        return self.now.astimezone(LONDON).date()

    @property
    def mine(self) -> tuple[ColumnElement[bool], ...]:
        """Narrows cases to one caseworker's, or one team's."""
        if self.held_by is not None:
            return self.held_by.is_on_case
        if self.caseworker_id is None:
            return ()
        return (Case.caseworker_id == self.caseworker_id,)


def one_page(
    desk: Desk,
    query: Select[Any],
    order: Any,
    row_id: Any,
    limit: int | None,
    after: tuple[Any, int] | None,
) -> tuple[list[Any], int]:
    """One page in the order of (order, id), and how many there are from there on. Without a limit
    it is all of them. Rows tell whose case it is."""
    if after is not None:
        at, last = after
        query = query.where(or_(order > at, and_(order == at, row_id > last)))
    query = query.add_columns(
        func.count().over().label("total"), Case.caseworker_id, Case.caseworker_text
    )
    rows = desk.session.execute(query.order_by(order, row_id).limit(limit)).all()
    return list(rows), rows[0].total if rows else 0


def worker_of(row: Any) -> Worker:
    """Whose case a row is about."""
    return Worker.of(row.caseworker_id, row.caseworker_text)


def instant_key(after: tuple[str, int] | None) -> tuple[datetime, int] | None:
    return None if after is None else (datetime.fromisoformat(after[0]), after[1])
