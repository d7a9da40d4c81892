"""What stands beside a case: its deliveries, its requests, how its safety was checked last?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from survey_app.store.audit import AuditRow
from survey_app.store.deliveries import Delivery
from survey_app.store.requests import SurveyRequest
from survey_app.store.staff import StaffAccount


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as the table shows it."""

    id: int
    on: date
    kind: str
    count: int
    by: str | None


def list_deliveries(session: Session, case_id: int) -> list[DeliveryRow]:
    """The deliveries written down here that stand, newest first."""
    rows = session.execute(
        select(Delivery.id, Delivery.on, Delivery.kind, Delivery.count, name_of(StaffAccount))
        .join(StaffAccount, StaffAccount.id == Delivery.recorded_by_id)
        .where(Delivery.case_id == case_id, Delivery.taken_back_at.is_(None))
        .order_by(Delivery.on.desc(), Delivery.id.desc())
    )
    return [DeliveryRow(*row) for row in rows]


def case_requests(session: Session, case_id: int) -> list[SurveyRequest]:
    """The case's requests in the order they fall due."""
    return list(
        session.scalars(
            select(SurveyRequest)
            .where(SurveyRequest.case_id == case_id)
            .order_by(SurveyRequest.due_at, SurveyRequest.id)
        )
    )


def last_safety_check(session: Session, person_id: int) -> AuditRow | None:
    """The latest change of safety details by staff: it says how they were checked."""
    return session.scalar(
        select(AuditRow)
        .where(
            AuditRow.subject == "person",
            AuditRow.subject_id == person_id,
            AuditRow.action == "change-safety",
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    )


def colleague(session: Session, account_id: int | None) -> str | None:
    """A colleague's name, or their address where no name was given."""
    if account_id is None:
        return None
    return session.scalar(select(name_of(StaffAccount)).where(StaffAccount.id == account_id))


def name_of(account: type[StaffAccount]) -> ColumnElement[str]:
    return func.coalesce(func.nullif(account.name, ""), account.email)
