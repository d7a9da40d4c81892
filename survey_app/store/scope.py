"""Whose rows may this session see? A forgotten scope sees nothing (DESIGN.md, "Scope")."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from survey_app.store.base import OfService

_KEY = "scope"


@dataclass(frozen=True)
class Scope:
    """The services that a session may see; `service_ids` None means all of them."""

    name: str
    service_ids: frozenset[int] | None

    @classmethod
    def staff(cls, service_ids: Iterable[int]) -> Self:
        """A signed-in person's services."""
        return cls("staff", frozenset(service_ids))

    @classmethod
    def victim(cls) -> Self:
        """The holder of a link: queries start from the hash of their token, in any service."""
        return cls("victim", None)

    @classmethod
    def worker(cls) -> Self:
        """The worker, webhooks and commands: every service."""
        return cls("worker", None)


NOTHING = Scope("nothing", frozenset())


def set_scope(session: Session, scope: Scope) -> None:
    """Let this session see the scope's services from now on."""
    session.info[_KEY] = scope


def scope_of(session: Session) -> Scope:
    """The session's scope; nothing at all when none was set."""
    scope = session.info.get(_KEY, NOTHING)
    assert isinstance(scope, Scope)
    return scope


@event.listens_for(Session, "do_orm_execute")
def _keep_to_scope(state: ORMExecuteState) -> None:
    if state.is_column_load or state.is_relationship_load:
        return
    service_ids = scope_of(state.session).service_ids
    if service_ids is None:
        return
    ids = sorted(service_ids)
    state.statement = state.statement.options(
        with_loader_criteria(
            OfService,
            lambda cls: cls.service_id.in_(ids),
            include_aliases=True,
        )
    )
