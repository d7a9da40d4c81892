"""Who is there when a service texts people: managers, their cover, the owner of its alerts?"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from survey_app.domain.access import ALLOWED, Task
from survey_app.domain.cases import Role
from survey_app.reporting.workers import shown_name
from survey_app.store.gate import AlertCover
from survey_app.store.second_factors import SecondFactor
from survey_app.store.staff import Membership, StaffAccount

COVER = frozenset({Role.MANAGER, Role.CASEWORKER})
"""Who can stand in for a manager who is away."""
_HAS_FACTOR = exists().where(
    SecondFactor.account_id == StaffAccount.id, SecondFactor.confirmed_at.is_not(None)
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in a service, as lists of names call them."""

    account_id: int
    name: str


def managers_with_factor(session: Session, service_id: int) -> frozenset[int]:
    """Active managers who sign in with a second factor of ours."""
    return _ids(session, service_id, frozenset({Role.MANAGER}), _HAS_FACTOR)


def who_may_cover(session: Session, service_id: int, *, has_provider: bool) -> frozenset[int]:
    """Active managers and caseworkers who can sign in: with a password that they have set, or,
    where the installation has an identity provider, through that."""
    with_password = () if has_provider else (StaffAccount.password_hash.is_not(None),)
    return _ids(session, service_id, COVER, *with_password)


def may_own_alerts(session: Session, service_id: int) -> list[Colleague]:
    """Active colleagues who handle alerts, by name."""
    here = _works_here(service_id, frozenset(ALLOWED[Task.HANDLE_ALERTS]))
    rows = session.execute(
        select(StaffAccount.id, shown_name(StaffAccount))
        .where(StaffAccount.is_active, here)
        .order_by(shown_name(StaffAccount), StaffAccount.id)
    )
    return [Colleague(*row) for row in rows]


def find_alert_owner(session: Session, service_id: int) -> Colleague | None:
    """Who owns the alerts of a service, while they may still handle them."""
    owner_id = session.scalar(
        select(AlertCover.owner_id).where(AlertCover.service_id == service_id)
    )
    found = may_own_alerts(session, service_id) if owner_id is not None else []
    return next((each for each in found if each.account_id == owner_id), None)


def _ids(
    session: Session, service_id: int, roles: frozenset[Role], *more: ColumnElement[bool]
) -> frozenset[int]:
    query = select(StaffAccount.id).where(
        StaffAccount.is_active, _works_here(service_id, roles), *more
    )
    return frozenset(session.scalars(query))


def _works_here(service_id: int, roles: frozenset[Role]) -> ColumnElement[bool]:
    return StaffAccount.id.in_(
        select(Membership.account_id).where(
            Membership.service_id == service_id, Membership.role.in_(roles)
        )
    )
