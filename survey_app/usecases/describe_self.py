"""Someone says something about themself: equality questions after the end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.equality import Characteristic, accepted, open_questions
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.people import CHARACTERISTICS, TOLD_BY_SELF, Person
from survey_app.store.prepared import Prepared

_cases, _people = (inspect(mapped).local_table for mapped in (Case, Person))
_RECORDED = Prepared(
    select(_cases.c.is_young_person, *(_people.c[name] for name in CHARACTERISTICS))
    .select_from(_cases)
    .join(_people, _people.c.id == _cases.c.person_id)
    .where(_cases.c.id == bindparam("case_id")),
    _cases.c.service_id,
)


def questions_about(session: Session, case_id: int) -> tuple[Characteristic, ...]:
    """Of what nothing is recorded for the person of this case."""
    (row,) = _RECORDED.rows(session, {"case_id": case_id})
    return _open(row, row)


def describe_self(
    session: Session, case_id: int, said: Mapping[str, str], now: datetime
) -> tuple[Characteristic, ...]:
    """Keep what the person said of themself where nothing was recorded; what was kept.

    Anything that is not one of the options, and what was recorded in the meantime, is left aside.
    """
    case = session.get_one(Case, case_id)
    person = session.scalars(
        select(Person).where(Person.id == case.person_id).with_for_update()
    ).one()
    kept = {
        each: value
        for each in _open(case, person)
        if (value := accepted(each, said.get(each, ""))) is not None
    }
    if not kept:
        return ()
    for name, value in kept.items():
        setattr(person, name, value)
    person.told_by = {**person.told_by, **dict.fromkeys(kept, TOLD_BY_SELF)}
    person.changed_at = now
    write_audit(
        session,
        at=now,
        actor="person",
        action="describe-self",
        subject="person",
        subject_id=person.id,
        service_id=person.service_id,
        details={"fields": sorted(kept)},
    )
    return tuple(kept)


def _open(case: Any, person: Any) -> tuple[Characteristic, ...]:
    recorded = {name: getattr(person, name) for name in CHARACTERISTICS}
    return open_questions(recorded, is_young_person=case.is_young_person)
