"""Whose fact rows must be made anew before this transaction commits?

Whatever changes a mapped case, person, request or response marks its case by itself, so that no way
of changing one can forget it; a statement that goes past the mapped classes says so with
`mark_stale`. The rows are made anew once, just before the commit, or when a figure is asked for in
the same transaction (`refresh_stale`).
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from survey_app.store.case_facts import batches, refresh_case_facts
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response

_CASES = "stale cases"
_PEOPLE = "stale people"


def mark_stale(session: Session, case_ids: Iterable[int]) -> None:
    """Something that figures ask of these cases was changed in this transaction."""
    _marked(session, _CASES).update(case_ids)


def refresh_stale(session: Session) -> None:
    """Make the fact rows of all marked cases anew, in this transaction."""
    session.flush()
    cases, people = _marked(session, _CASES), _marked(session, _PEOPLE)
    wanted = cases | _cases_of(session, people)
    if wanted:
        refresh_case_facts(session, wanted)
    if not session.in_nested_transaction():
        cases.clear()
        people.clear()


def _marked(session: Session, kind: str) -> set[int]:
    marked: set[int] = session.info.setdefault(kind, set())
    return marked


def _cases_of(session: Session, person_ids: Collection[int]) -> set[int]:
    """Who changed a person changed all their cases."""
    found: set[int] = set()
    for batch in batches(person_ids):
        query = select(Case.id).where(Case.person_id.in_(batch))
        found |= set(session.connection().scalars(query))
    return found


@event.listens_for(Session, "after_flush")
def _mark_changed(session: Session, _context: Any) -> None:
    modified = (one for one in session.dirty if session.is_modified(one))
    for changed in (*session.new, *modified, *session.deleted):
        match changed:
            case Case():
                _marked(session, _CASES).add(changed.id)
            case SurveyRequest() | Response():
                _marked(session, _CASES).add(changed.case_id)
            case Person():
                _marked(session, _PEOPLE).add(changed.id)


@event.listens_for(Session, "before_commit")
def _refresh_before_commit(session: Session) -> None:
    # Asked at the end of a savepoint too, which may yet come to nothing.
    if not session.in_nested_transaction():
        refresh_stale(session)
