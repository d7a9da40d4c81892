"""Who belongs to which team of a service?"""

from collections.abc import Sequence

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.base import Base, OfService


class TeamMember(OfService, Base):
    """The one team of a person in a service, whatever their roles there; it gives no rights.

    It outlives their roles: the cases of somebody who left stay their team's.
    """

    __tablename__ = "team_members"
    __table_args__ = (UniqueConstraint("account_id", "service_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    team: Mapped[str]


def find_team(session: Session, service_id: int, account_id: int) -> str | None:
    """The name of somebody's team in a service."""
    return session.scalar(
        select(TeamMember.team).where(
            TeamMember.service_id == service_id, TeamMember.account_id == account_id
        )
    )


def teams_by_account(session: Session, service_id: int) -> dict[int, str]:
    """The team of everybody who has one in a service."""
    rows = session.execute(
        select(TeamMember.account_id, TeamMember.team).where(TeamMember.service_id == service_id)
    )
    return {row.account_id: row.team for row in rows}


def team_names(session: Session, service_id: int) -> Sequence[str]:
    """The names in use in a service, in order."""
    return session.scalars(
        select(TeamMember.team)
        .where(TeamMember.service_id == service_id)
        .distinct()
        .order_by(TeamMember.team)
    ).all()


def put_in_team(session: Session, service_id: int, account_id: int, team: str | None) -> None:
    """Somebody's one team in a service from now on; None: no team."""
    member = session.scalar(
        select(TeamMember).where(
            TeamMember.service_id == service_id, TeamMember.account_id == account_id
        )
    )
    if member is not None and team is None:
        session.delete(member)
    elif member is not None:
        member.team = team
    elif team is not None:
        session.add(TeamMember(service_id=service_id, account_id=account_id, team=team))
    session.flush()
