"""Who uses this service, as the list of its users shows them, and what was done to them?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.second_factors import SecondFactor
from survey_app.store.staff import Membership, StaffAccount, roles_in
from survey_app.store.team_members import find_team, teams_by_account


@dataclass(frozen=True)
class User:
    """One user of a service, as the list of users shows them."""

    account: StaffAccount
    roles: frozenset[Role]
    has_second_factor: bool
    team: str | None


_HAS_FACTOR = exists().where(
    SecondFactor.account_id == StaffAccount.id, SecondFactor.confirmed_at.is_not(None)
)


def users_of(session: Session, service_id: int) -> list[User]:
    """Everybody with a role in a service: those who may sign in first, then by address."""
    here = select(Membership.account_id).where(Membership.service_id == service_id)
    rows = session.execute(
        select(StaffAccount, _HAS_FACTOR)
        .where(StaffAccount.id.in_(here))
        .order_by(StaffAccount.is_active.desc(), StaffAccount.email)
    )
    teams = teams_by_account(session, service_id)
    return [
        User(account, roles_in(account, service_id), has, teams.get(account.id))
        for account, has in rows
    ]


def find_user(session: Session, service_id: int, account_id: int) -> User | None:
    """One user of a service; None for anybody who has no role there."""
    row = session.execute(
        select(StaffAccount, _HAS_FACTOR).where(StaffAccount.id == account_id)
    ).first()
    if row is None or not roles_in(row[0], service_id):
        return None
    team = find_team(session, service_id, account_id)
    return User(row[0], roles_in(row[0], service_id), row[1], team)


@dataclass(frozen=True)
class UserChange:
    """One thing that was done to a user of a service."""

    at: datetime
    action: str
    whose: str
    by: str | None
    """None: on the command line."""
    details: dict[str, object]


def user_changes(session: Session, service_id: int, limit: int) -> list[UserChange]:
    """The newest changes to the users of a service, newest first."""
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.service_id == service_id, AuditRow.subject == "staff-account")
        .order_by(AuditRow.id.desc())
        .limit(limit)
    ).all()
    ids = {row.subject_id for row in rows} | {row.account_id for row in rows}
    people = session.scalars(select(StaffAccount).where(StaffAccount.id.in_(ids - {None})))
    names = {person.id: person.name or person.email for person in people}
    return [
        UserChange(
            row.at,
            row.action,
            names.get(row.subject_id or 0, ""),
            names.get(row.account_id) if row.account_id else None,
            row.details,
        )
        for row in rows
    ]
