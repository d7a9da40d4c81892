"""What happens to an alert: somebody reads what it is about, takes it, notes, closes it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertOutcome
from survey_app.store.alert_notes import AlertNote
from survey_app.store.alerts import Alert, get_alert, lock_alert
from survey_app.store.audit import write_audit
from survey_app.store.received_texts import ReceivedText
from survey_app.store.responses import Answer, Response


class AlertRefusal(StrEnum):
    """Why an alert stayed as it was."""

    ALREADY_CLOSED = "already-closed"
    TAKEN_BY_ANOTHER = "taken-by-another"


def read_alert(
    session: Session, *, alert_id: int, account_id: int, now: datetime
) -> tuple[Answer, ...] | tuple[ReceivedText]:
    """The answers or the reply that the alert is about, with their text; the reading is audited.

    Starts from the alert, which the session's scope holds; answers have no scope of their own.
    """
    alert = get_alert(session, alert_id)
    if alert.received_text_id is not None:
        _audit(session, alert, "read-alert", account_id, now)
        return (session.get_one(ReceivedText, alert.received_text_id),)
    answers = session.scalars(
        select(Answer)
        .join(Response, Answer.response_id == Response.id)
        .where(Response.id == alert.response_id, Answer.item == alert.item)
        .order_by(Answer.id)
    )
    _audit(session, alert, "read-alert", account_id, now)
    return tuple(answers)


def claim_alert(
    session: Session, *, alert_id: int, account_id: int, now: datetime
) -> AlertRefusal | None:
    """Take it, so that colleagues see that somebody does; taking it again changes nothing."""
    alert = lock_alert(session, alert_id)
    if alert.closed_at is not None:
        return AlertRefusal.ALREADY_CLOSED
    if alert.claimed_by_id == account_id:
        return None
    if alert.claimed_by_id is not None:
        return AlertRefusal.TAKEN_BY_ANOTHER
    alert.claimed_by_id, alert.claimed_at = account_id, now
    _audit(session, alert, "claim-alert", account_id, now)
    return None


def note_on_alert(
    session: Session, *, alert_id: int, text: str, account_id: int, now: datetime
) -> AlertRefusal | None:
    """Add a note to an open alert; what was noted before stays as it is."""
    alert = lock_alert(session, alert_id)
    if alert.closed_at is not None:
        return AlertRefusal.ALREADY_CLOSED
    session.add(
        AlertNote(
            service_id=alert.service_id,
            alert_id=alert.id,
            account_id=account_id,
            at=now,
            text=text,
        )
    )
    _audit(session, alert, "note-alert", account_id, now)
    return None


def close_alert(
    session: Session,
    *,
    alert_id: int,
    outcome: AlertOutcome,
    note: str,
    account_id: int,
    now: datetime,
) -> AlertRefusal | None:
    """Close it with what came of it. Whoever closes an alert of a colleague does so knowingly."""
    alert = lock_alert(session, alert_id)
    if alert.closed_at is not None:
        return AlertRefusal.ALREADY_CLOSED
    alert.closed_by_id, alert.closed_at = account_id, now
    alert.outcome, alert.note = outcome, note
    _audit(session, alert, "close-alert", account_id, now)
    return None


def _audit(session: Session, alert: Alert, action: str, account_id: int, now: datetime) -> None:
    write_audit(
        session,
        at=now,
        actor="staff",
        action=action,
        subject="alert",
        subject_id=alert.id,
        service_id=alert.service_id,
        account_id=account_id,
        details={"item": alert.item},
    )
