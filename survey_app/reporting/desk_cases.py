"""Which cases are there: mine, my team's or all, open or closed, by reference? Newest first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import SupportLevel
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker, shown_name
from survey_app.store.cases import Case
from survey_app.store.saved_filters import SavedFilter
from survey_app.store.staff import StaffAccount
from survey_app.store.team_members import find_team

PAGE = 25


class Whose(StrEnum):
    """Whose cases."""

    MINE = "mine"
    MY_TEAM = "my-team"
    """Of somebody without a team: their own."""
    SERVICE = "service"
    NOBODY = "nobody"

    @classmethod
    def read(cls, said: str | None) -> Self | None:
        """From an address or a saved filter, where `team` once was the word for all."""
        word = cls.SERVICE.value if said == "team" else said
        return cls(word) if word in set(cls) else None


class CaseState(StrEnum):
    """Open or closed."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Narrowing:
    """How the list is narrowed; what is not known in a stored or typed one falls back."""

    whose: Whose = Whose.MINE
    state: CaseState = CaseState.OPEN
    level: SupportLevel | None = None
    starts_with: str = ""

    @classmethod
    def read(cls, said: Mapping[str, str], *, default: Whose) -> Self:
        """From an address or a saved filter."""
        state, level = said.get("state"), said.get("level")
        starts_with = (said.get("q") or "").strip()[:100]
        usual = CaseState.ALL if starts_with else CaseState.OPEN
        return cls(
            whose=Whose.read(said.get("whose")) or default,
            state=CaseState(state) if state in set(CaseState) else usual,
            level=SupportLevel(level) if level in set(SupportLevel) else None,
            starts_with=starts_with,
        )

    def as_words(self) -> dict[str, str]:
        """What a saved filter keeps: no reference, for that is one person's."""
        words = {"whose": self.whose.value, "state": self.state.value}
        return words | ({"level": self.level.value} if self.level else {})


@dataclass(frozen=True)
class CaseRow:
    """One case as the list shows it."""

    id: int
    case_ref: str
    referred_on: date
    closed_on: date | None
    support_level: str
    caseworker: str | None


def find_exactly(session: Session, service_id: int, typed: str) -> str | None:
    """The reference that was typed, in whatever case; as typed goes before another case of it."""
    found = session.scalars(
        select(Case.case_ref)
        .where(Case.service_id == service_id, func.lower(Case.case_ref) == typed.lower())
        .order_by(Case.id)
        .limit(10)
    ).all()
    return typed if typed in found else next(iter(found), None)


def list_cases(
    session: Session,
    service_id: int,
    narrowing: Narrowing,
    account_id: int,
    *,
    after: tuple[date, int] | None = None,
    limit: int = PAGE,
) -> list[CaseRow]:
    """One page of cases, newest referral first; `after` is the key of the last one seen."""
    query = (
        _newest_first()
        .where(
            Case.service_id == service_id,
            *_held_by(session, service_id, narrowing.whose, account_id),
            *_conditions(narrowing),
        )
        .limit(limit)
    )
    if after is not None:
        day, case_id = after
        query = query.where(
            or_(Case.referred_on < day, and_(Case.referred_on == day, Case.id < case_id))
        )
    return [CaseRow(*row) for row in session.execute(query)]


def rows_of_cases(session: Session, case_ids: Collection[int]) -> list[CaseRow]:
    """These cases, newest referral first: a page of them, not more."""
    query = _newest_first().where(Case.id.in_(case_ids))
    return [CaseRow(*row) for row in session.execute(query)]


def saved_filters(session: Session, service_id: int, account_id: int) -> list[SavedFilter]:
    """Somebody's own filters in a service, by name."""
    return list(
        session.scalars(
            select(SavedFilter)
            .where(SavedFilter.service_id == service_id, SavedFilter.account_id == account_id)
            .order_by(SavedFilter.name)
        )
    )


def _newest_first() -> Select[Any]:
    return (
        select(
            Case.id,
            Case.case_ref,
            Case.referred_on,
            Case.closed_on,
            Case.support_level,
            func.coalesce(shown_name(StaffAccount), Case.caseworker_text),
        )
        .outerjoin(StaffAccount, StaffAccount.id == Case.caseworker_id)
        .order_by(Case.referred_on.desc(), Case.id.desc())
    )


def _held_by(
    session: Session, service_id: int, whose: Whose, account_id: int
) -> tuple[ColumnElement[bool], ...]:
    match whose:
        case Whose.MINE:
            return Worker(account_id).is_on_case
        case Whose.MY_TEAM:
            return my_team(session, service_id, account_id).is_on_case
        case Whose.NOBODY:
            return Case.caseworker_id.is_(None), Case.caseworker_text.is_(None)
        case Whose.SERVICE:
            return ()


def my_team(session: Session, service_id: int, account_id: int) -> Team | Worker:
    """With whom the cases of somebody's team are; without a team, with them alone."""
    team = find_team(session, service_id, account_id)
    return Worker(account_id) if team is None else Team(team)


def _conditions(narrowing: Narrowing) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowing.state is CaseState.OPEN:
        found.append(Case.closed_on.is_(None))
    elif narrowing.state is CaseState.CLOSED:
        found.append(Case.closed_on.is_not(None))
    if narrowing.level is not None:
        found.append(Case.support_level == narrowing.level)
    if narrowing.starts_with:
        lowered = narrowing.starts_with.lower()
        found.append(func.lower(Case.case_ref).startswith(lowered, autoescape=True))
    return found
