"""The fact rows of figures, all made anew: after a migration, and where somebody asks for it."""

from collections.abc import Callable, Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.answer_facts import refresh_answer_facts
from survey_app.store.case_facts import batches, refresh_case_facts
from survey_app.store.cases import Case

Done = Callable[[int, int], object]
"""Hears how many of how many cases are behind it."""


def _nobody_listens(_behind: int, _of: int) -> None:
    """No progress is shown."""


def rebuild_facts(
    session: Session, service_ids: Collection[int] | None = None, done: Done = _nobody_listens
) -> int:
    """Make the facts of every case of these services, or of all, anew; how many cases there are."""
    query = select(Case.id).order_by(Case.id)
    if service_ids is not None:
        query = query.where(Case.service_id.in_(service_ids))
    case_ids = session.scalars(query).all()
    behind = 0
    for batch in batches(case_ids):
        refresh_case_facts(session, batch)
        refresh_answer_facts(session, batch)
        behind += len(batch)
        done(behind, len(case_ids))
    return len(case_ids)
