"""Hold people of whom facts contradict each other, until a person decides.

FORMATS-INTAKE.md, section 3, points 6 and 8. A release is of one cause and one set of values: these
never hold again, others do.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from survey_app.domain.holds import Contradiction, HoldCause, HoldEnd
from survey_app.messaging.outbox import cancel_queued
from survey_app.store.holds import Hold
from survey_app.store.sealed import lookup_hash
from survey_app.usecases.decide_contact import decide_again

FACTS_CONTRADICT = "facts-contradict"
"""Why queued texts were taken back."""


@dataclass(frozen=True)
class Found:
    """A contradiction about a person; `case_id` where one case is to blame."""

    person_id: int
    contradiction: Contradiction
    case_id: int | None = None


def hold_people(
    session: Session, service_id: int, found: Collection[Found], *, file: str, now: datetime
) -> set[int]:
    """Open a hold for each contradiction that is neither open nor released; who is newly held.

    Their queued texts are still to be taken back, and their requests to be decided on anew
    (`hold_and_decide` does both).
    """
    if not found:
        return set()
    known = _known(session, {each.person_id for each in found})
    newly: set[int] = set()
    for each in found:
        digest = evidence_hash(each.contradiction)
        if (each.person_id, digest) in known:
            continue
        known.add((each.person_id, digest))
        newly.add(each.person_id)
        session.add(_hold(service_id, each, digest, file, now))
    session.flush()
    return newly


def hold_and_decide(
    session: Session, service_id: int, found: Collection[Found], *, file: str, now: datetime
) -> int:
    """The same with all that follows from it; how many texts were taken back."""
    held = hold_people(session, service_id, found, file=file, now=now)
    if not held:
        return 0
    cancelled = cancel_queued(session, person_ids=held, reason=FACTS_CONTRADICT, now=now)
    decide_again(session, held, now)
    return cancelled


def end_by_file(
    session: Session, person_ids: Collection[int], cause: HoldCause, now: datetime
) -> None:
    """End the holds of this cause that were open before a sound row with a newer check came."""
    holds = session.scalars(
        select(Hold).where(
            Hold.person_id.in_(person_ids),
            Hold.cause == cause,
            Hold.ended_at.is_(None),
            Hold.since < now,
        )
    )
    for hold in holds:
        hold.ended_at, hold.ended_how = now, HoldEnd.FILE
    session.flush()


def evidence_hash(contradiction: Contradiction) -> str:
    """The keyed hash by which a hold, or its release, is found again."""
    said = [contradiction.cause, contradiction.column, sorted(contradiction.values)]
    return lookup_hash(json.dumps(said), "hold")


def contradiction_of(hold: Hold) -> Contradiction:
    """What somebody is held for, as it was found."""
    said = hold.readable_evidence
    return Contradiction(
        HoldCause(hold.cause),
        said["column"],
        tuple(said["values"]),
        tuple(said["lines"]),
        hold.stands_in_person,
    )


def _known(session: Session, person_ids: Collection[int]) -> set[tuple[int, str]]:
    rows = session.execute(
        select(Hold.person_id, Hold.evidence_hash).where(
            Hold.person_id.in_(person_ids),
            or_(Hold.ended_at.is_(None), Hold.ended_how == HoldEnd.RELEASED),
        )
    )
    return {(row.person_id, row.evidence_hash) for row in rows}


def _hold(service_id: int, found: Found, digest: str, file: str, now: datetime) -> Hold:
    why = found.contradiction
    return Hold(
        service_id=service_id,
        person_id=found.person_id,
        case_id=found.case_id,
        cause=why.cause,
        stands_in_person=why.stands_in_person,
        evidence={
            "column": why.column,
            "values": list(why.values),
            "lines": list(why.lines),
            "file": file,
        },
        evidence_hash=digest,
        since=now,
    )
