"""A reading was wrong: another takes its place, with a reason; what it said stays on record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.readings import REASON_LIMIT, Faulty, ReadingFault, ReadingGiven
from survey_app.store.audit import write_audit
from survey_app.store.cases import Case
from survey_app.store.readings import ReadingCorrection
from survey_app.store.responses import Response
from survey_app.usecases.readings.record import Faults, faults_of, keep_reading, lock_case
from survey_app.usecases.readings.star import Star
from survey_app.usecases.refresh_pairs import refresh_pairs


def correct_reading(
    session: Session,
    case: Case,
    former: Response,
    star: Star,
    given: ReadingGiven,
    *,
    reason: str,
    account_id: int,
    now: datetime,
) -> Response | Faults:
    """Let `given` stand for the reading `former`, or say why not; nothing is overwritten.

    `star` holds the former reading's own instrument version. Where somebody else corrected it
    meanwhile, nothing happens: theirs has to be looked at first.
    """
    lock_case(session, case)
    faults = faults_of(case, star, given, now)
    if not reason.strip():
        faults = (*faults, Faulty(ReadingFault.REASON_MISSING))
    elif len(reason) > REASON_LIMIT:
        faults = (*faults, Faulty(ReadingFault.TOO_LONG))
    if _is_superseded(session, former):
        faults = (Faulty(ReadingFault.CORRECTED_MEANWHILE),)
    if faults:
        return faults
    response = keep_reading(session, case, star.instrument, given, account_id=account_id, now=now)
    former.superseded_by_id = response.id
    session.add(
        ReadingCorrection(
            service_id=case.service_id,
            response_id=response.id,
            corrected_id=former.id,
            reason=reason.strip(),
            account_id=account_id,
            corrected_at=now,
        )
    )
    session.flush()
    _audit(session, former, response, reason, account_id, now)
    refresh_pairs(session, [case.id])
    return response


def _is_superseded(session: Session, former: Response) -> bool:
    """As it stands in the table now, not as it was read."""
    return (
        session.scalars(select(Response.superseded_by_id).where(Response.id == former.id)).one()
        is not None
    )


def _audit(
    session: Session,
    former: Response,
    response: Response,
    reason: str,
    account_id: int,
    now: datetime,
) -> None:
    write_audit(
        session,
        at=now,
        actor="staff",
        action="correct-reading",
        subject="response",
        subject_id=response.id,
        service_id=response.service_id,
        account_id=account_id,
        details={"case_id": response.case_id, "corrected_id": former.id, "reason": reason.strip()},
    )
