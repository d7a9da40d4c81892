"""Somebody keeps a way to narrow the list of cases under a name of their own, or lets it go."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from survey_app.store.saved_filters import SavedFilter
from survey_app.usecases.case_work import Worker

MOST = 12
LONGEST_NAME = 40
"""Characters."""


class FilterRefusal(StrEnum):
    """Why a filter was not kept."""

    NO_NAME = "no-name"
    NAME_TOO_LONG = "name-too-long"
    TOO_MANY = "too-many"


def save_filter(
    session: Session, service_id: int, name: str, narrowing: Mapping[str, str], worker: Worker
) -> FilterRefusal | None:
    """Keep it; the same name again replaces what was kept under it."""
    name = name.strip()
    if not name:
        return FilterRefusal.NO_NAME
    if len(name) > LONGEST_NAME:
        return FilterRefusal.NAME_TOO_LONG
    theirs = (SavedFilter.account_id == worker.account_id, SavedFilter.service_id == service_id)
    known = session.scalar(select(SavedFilter).where(*theirs, SavedFilter.name == name))
    if known is not None:
        known.narrowing = dict(narrowing)
        return None
    if (session.scalar(select(func.count(SavedFilter.id)).where(*theirs)) or 0) >= MOST:
        return FilterRefusal.TOO_MANY
    session.add(
        SavedFilter(
            service_id=service_id,
            account_id=worker.account_id,
            name=name,
            narrowing=dict(narrowing),
            created_at=worker.now,
        )
    )
    return None


def drop_filter(session: Session, service_id: int, filter_id: int, account_id: int) -> None:
    """Let one of one's own filters go; one that is not there is gone already."""
    session.execute(
        delete(SavedFilter).where(
            SavedFilter.id == filter_id,
            SavedFilter.service_id == service_id,
            SavedFilter.account_id == account_id,
        )
    )
