"""A delivery is written down on the desk, or taken back: the total and the tier follow."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.deliveries import DeliveryKind, DeliveryRefusal, find_delivery_refusal
from survey_app.store.cases import Case
from survey_app.store.deliveries import Delivery
from survey_app.store.services import Service
from survey_app.usecases.case_work import Worker, audit_case, hold_case, keep_by_hand, plan_anew


@dataclass(frozen=True)
class Done:
    """What was done: so many of a kind on a day."""

    on: date
    kind: DeliveryKind
    count: int


class DeliveryNotFound(Exception):
    """No delivery of this case has this id, or it was taken back already."""


def record_deliveries(
    session: Session, service: Service, case_ref: str, done: Done, worker: Worker
) -> DeliveryRefusal | None:
    """Write a delivery down and count it at once, or say what is wrong. Raises CaseNotFound."""
    case = hold_case(session, service.id, case_ref)
    refusal = find_delivery_refusal(
        done.on,
        done.count,
        referred_on=case.referred_on,
        closed_on=case.closed_on,
        today=worker.today,
    )
    if refusal is not None:
        return refusal
    row = Delivery(
        service_id=service.id,
        case_id=case.id,
        on=done.on,
        kind=done.kind,
        count=done.count,
        recorded_at=worker.now,
        recorded_by_id=worker.account_id,
    )
    session.add(row)
    _count(session, service, case, done.count, worker)
    said = {"on": done.on.isoformat(), "kind": done.kind, "count": done.count}
    audit_case(session, case, "record-deliveries", said, worker)
    return None


def take_back_delivery(
    session: Session, service: Service, case_ref: str, delivery_id: int, worker: Worker
) -> None:
    """Count a delivery no longer that was written down by mistake. Raises DeliveryNotFound."""
    case = hold_case(session, service.id, case_ref)
    row = session.scalar(
        select(Delivery).where(
            Delivery.id == delivery_id,
            Delivery.case_id == case.id,
            Delivery.taken_back_at.is_(None),
        )
    )
    if row is None:
        raise DeliveryNotFound(delivery_id)
    row.taken_back_at, row.taken_back_by_id = worker.now, worker.account_id
    _count(session, service, case, -row.count, worker)
    said = {"on": row.on.isoformat(), "kind": row.kind, "count": row.count}
    audit_case(session, case, "take-back-delivery", said, worker)


def _count(session: Session, service: Service, case: Case, change: int, worker: Worker) -> None:
    facts = {
        "deliveries": max(case.deliveries + change, 0),
        "deliveries_here": case.deliveries_here + change,
    }
    keep_by_hand(case, facts, worker, holding=["deliveries"])
    plan_anew(session, service, case, worker)
