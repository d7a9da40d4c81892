"""What waits in a service, what went out lately, what landed? For the staff's first page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import MessageState
from survey_app.reporting.staff_texts import IS_POSTPONED
from survey_app.reporting.workers import shown_name
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun
from survey_app.store.messages import OutboxMessage
from survey_app.store.publications import Publication
from survey_app.store.staff import StaffAccount

SENT_LATELY = timedelta(days=7)

_WAITING = (MessageState.PENDING, MessageState.SENDING)
_SENT = (MessageState.ACCEPTED, MessageState.DELIVERED)


@dataclass(frozen=True)
class DeskCounts:
    """Counts of one service at one instant."""

    cases: int
    open_alerts: int
    overdue_alerts: int
    texts_waiting: int
    """What the list "Waiting" of the page of texts shows: due, or leaving now."""
    texts_deferred: int
    """What its list "Deferred" shows: not before a safe time."""
    texts_sent: int
    """In the last seven days."""
    texts_failed: int
    """In the last seven days."""
    texts_unknown: int
    """Nobody knows whether they went out, whenever that was."""


@dataclass(frozen=True)
class PublicationRow:
    """One publication, without its tables."""

    id: int
    period: str
    published_at: datetime
    published_by: str | None


def desk_counts(session: Session, service_id: int, now: datetime) -> DeskCounts:
    """Four counting queries, whatever the number of cases."""
    alerts = session.execute(
        select(func.count(), func.count().filter(Alert.due_at < now))
        .select_from(Alert)
        .where(Alert.service_id == service_id, Alert.closed_at.is_(None))
    ).one()
    found = session.execute(
        select(OutboxMessage.state, func.count(), func.count().filter(IS_POSTPONED))
        .where(OutboxMessage.service_id == service_id)
        .where(
            or_(
                OutboxMessage.state.in_((*_WAITING, MessageState.UNKNOWN)),
                OutboxMessage.sent_at >= now - SENT_LATELY,
                OutboxMessage.claimed_at >= now - SENT_LATELY,
            )
        )
        .group_by(OutboxMessage.state)
    )
    rows = found.all()
    states = {row.state: row[1] for row in rows}
    deferred = sum(row[2] for row in rows if row.state == MessageState.PENDING)
    cases = session.scalar(select(func.count(Case.id)).where(Case.service_id == service_id))
    return DeskCounts(
        cases=cases or 0,
        open_alerts=alerts[0],
        overdue_alerts=alerts[1],
        texts_waiting=sum(states.get(s, 0) for s in _WAITING) - deferred,
        texts_deferred=deferred,
        texts_sent=sum(states.get(s, 0) for s in _SENT),
        texts_failed=states.get(MessageState.FAILED, 0),
        texts_unknown=states.get(MessageState.UNKNOWN, 0),
    )


def list_publications(session: Session, service_id: int) -> list[PublicationRow]:
    """Every publication, newest first: a quarter may stand there more than once."""
    rows = session.execute(
        select(
            Publication.id, Publication.period, Publication.published_at, shown_name(StaffAccount)
        )
        .outerjoin(StaffAccount, StaffAccount.id == Publication.published_by_id)
        .where(Publication.service_id == service_id)
        .order_by(Publication.id.desc())
    )
    return [PublicationRow(*row) for row in rows]


def first_closing(session: Session, service_id: int) -> date | None:
    """The earliest day on which a case of the service closed."""
    return session.scalar(select(func.min(Case.closed_on)).where(Case.service_id == service_id))


def list_imports(session: Session, service_id: int, limit: int = 5) -> list[ImportRun]:
    """The latest import runs, newest first."""
    return list(
        session.scalars(
            select(ImportRun)
            .where(ImportRun.service_id == service_id)
            .order_by(ImportRun.id.desc())
            .limit(limit)
        )
    )
