"""What was filled in of a reading so far? Kept sealed, per person on the staff, case and wave."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Wave
from survey_app.store.cases import Case
from survey_app.store.readings import ReadingDraft


def keep_draft(
    session: Session,
    case: Case,
    wave: Wave,
    content: Mapping[str, str],
    *,
    account_id: int,
    now: datetime,
) -> None:
    """Keep the form's fields as they stand; a later draft takes the place of an earlier one."""
    draft = find_draft(session, case.id, wave, account_id=account_id)
    if draft is None:
        draft = ReadingDraft(
            service_id=case.service_id, account_id=account_id, case_id=case.id, wave=wave
        )
        session.add(draft)
    draft.content = dict(content)
    draft.changed_at = now
    session.flush()


def find_draft(
    session: Session, case_id: int, wave: Wave, *, account_id: int
) -> ReadingDraft | None:
    """The draft of this person for this case and wave."""
    return session.scalar(
        select(ReadingDraft).where(
            ReadingDraft.account_id == account_id,
            ReadingDraft.case_id == case_id,
            ReadingDraft.wave == wave,
        )
    )


def erase_draft(session: Session, case_id: int, wave: Wave, *, account_id: int) -> None:
    """Forget the draft, if there is one."""
    session.execute(
        delete(ReadingDraft).where(
            ReadingDraft.account_id == account_id,
            ReadingDraft.case_id == case_id,
            ReadingDraft.wave == wave,
        )
    )
