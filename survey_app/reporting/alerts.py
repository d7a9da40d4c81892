"""Which alerts are there: whose, past due first, then urgent ones? Never with what somebody wrote.

Lists page by key. A key keeps the instant at which the walk began, so that an alert that falls due
meanwhile neither comes twice nor goes missing.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from survey_app.reporting.workers import shown_name
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.staff import StaffAccount

PAGE = 50


class Inbox(StrEnum):
    """Which alerts of a service."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    CLOSED = "closed"


class AlertKey(NamedTuple):
    """A place in the list: as it stood at `at`, after the alert with this rank, due and id."""

    at: datetime
    rank: int
    due_at: datetime
    id: int


@dataclass(frozen=True)
class AlertRow:
    """An alert as the list shows it."""

    id: int
    case_ref: str
    kind: str
    item: str
    raised_at: datetime
    due_at: datetime
    claimed_by_id: int | None
    claimed_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    outcome: str | None
    note: str | None
    is_urgent: bool
    rank: int
    """0 past due and urgent, 1 past due, 2 urgent, 3 the others; 4 closed."""


@dataclass(frozen=True)
class InboxCounts:
    """How many alerts wait, and for whom."""

    all: int
    mine: int
    unclaimed: int
    past_due: int


def list_alerts(
    session: Session,
    service_id: int,
    *,
    now: datetime,
    inbox: Inbox = Inbox.ALL,
    account_id: int | None = None,
    after: AlertKey | None = None,
    limit: int = PAGE,
) -> list[AlertRow]:
    """Alerts of an inbox: past due first, urgent ones before others, soonest due first."""
    rank = _rank(now if after is None else after.at)
    query = (
        _alerts(rank)
        .where(Alert.service_id == service_id, *_in_inbox(inbox, account_id))
        .order_by(rank, Alert.due_at, Alert.id)
        .limit(limit)
    )
    if after is not None:
        later = or_(
            Alert.due_at > after.due_at,
            and_(Alert.due_at == after.due_at, Alert.id > after.id),
        )
        query = query.where(or_(rank > after.rank, and_(rank == after.rank, later)))
    return [AlertRow(*row) for row in session.execute(query)]


def find_alert_row(
    session: Session, service_id: int, alert_id: int, now: datetime
) -> AlertRow | None:
    """One alert as the list shows it, with its outcome and note once closed."""
    row = session.execute(
        _alerts(_rank(now)).where(Alert.service_id == service_id, Alert.id == alert_id)
    ).one_or_none()
    return None if row is None else AlertRow(*row)


def count_inbox(session: Session, service_id: int, account_id: int, now: datetime) -> InboxCounts:
    """The open alerts of each inbox: one query."""
    found = session.execute(
        select(
            func.count(),
            func.count().filter(Alert.claimed_by_id == account_id),
            func.count().filter(Alert.claimed_by_id.is_(None)),
            func.count().filter(Alert.due_at < now),
        )
        .select_from(Alert)
        .where(Alert.service_id == service_id, Alert.closed_at.is_(None))
    ).one()
    return InboxCounts(*found)


def count_open_alerts(session: Session, service_id: int) -> int:
    """How many alerts of a service wait, whoever has them."""
    query = select(func.count(Alert.id)).where(
        Alert.service_id == service_id, Alert.closed_at.is_(None)
    )
    return session.scalar(query) or 0


def _in_inbox(inbox: Inbox, account_id: int | None) -> tuple[ColumnElement[bool], ...]:
    if inbox is Inbox.CLOSED:
        return (Alert.closed_at.is_not(None),)
    is_open = Alert.closed_at.is_(None)
    if inbox is Inbox.MINE:
        return is_open, Alert.claimed_by_id == account_id
    if inbox is Inbox.UNCLAIMED:
        return is_open, Alert.claimed_by_id.is_(None)
    return (is_open,)


def _rank(now: datetime) -> ColumnElement[int]:
    is_urgent, is_past_due = Alert.is_urgent, Alert.due_at < now
    return case(
        (Alert.closed_at.is_not(None), 4),
        (and_(is_past_due, is_urgent), 0),
        (is_past_due, 1),
        (is_urgent, 2),
        else_=3,
    )


def _alerts(rank: ColumnElement[int]) -> Select[Any]:
    claimer, closer = aliased(StaffAccount), aliased(StaffAccount)
    return (
        select(
            Alert.id,
            Case.case_ref,
            Alert.kind,
            Alert.item,
            Alert.raised_at,
            Alert.due_at,
            Alert.claimed_by_id,
            shown_name(claimer),
            Alert.closed_at,
            shown_name(closer),
            Alert.outcome,
            Alert.note,
            Alert.is_urgent,
            rank,
        )
        .join(Case, Case.id == Alert.case_id)
        .outerjoin(claimer, claimer.id == Alert.claimed_by_id)
        .outerjoin(closer, closer.id == Alert.closed_by_id)
    )
