"""With which code may someone take their answers back later?

8 characters of the link's alphabet are 39 bits: enough because failed tries are limited for good
and bad codes alike. Only a keyed hash is kept; the code is shown once, to whoever answered.
"""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.alphabet import ALPHABET
from survey_app.store.base import Base
from survey_app.store.sealed import lookup_hash, lookup_key_id

LENGTH = 8
PURPOSE = "reference"


class ReferenceCode(Base):
    """The code of one request that somebody answered; at most one."""

    __tablename__ = "reference_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[str]
    created_at: Mapped[datetime]


def new_reference_code(session: Session, request_id: int, now: datetime) -> str:
    """Make the request's code anew, in clear; an earlier one no longer works."""
    clear = _unused(session)
    row = session.scalar(select(ReferenceCode).where(ReferenceCode.request_id == request_id))
    if row is None:
        row = ReferenceCode(request_id=request_id)
        session.add(row)
    row.code_hash, row.key_id, row.created_at = _hash(clear), lookup_key_id(), now
    session.flush()
    return clear


def find_request_of_code(session: Session, typed: str) -> int | None:
    """The request of a code, however it was typed: in capitals, with spaces or hyphens."""
    plain = "".join(char for char in typed.lower() if char not in " -‐–\u00a0\t")
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    return session.scalar(
        select(ReferenceCode.request_id).where(ReferenceCode.code_hash == _hash(plain))
    )


def _unused(session: Session) -> str:
    """A code that leads to no request yet: it must lead to one."""
    """Two of a million codes are alike once in two; a code must lead to one request."""
    while True:
        clear = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if find_request_of_code(session, clear) is None:
            return clear


def _hash(clear: str) -> str:
    return lookup_hash(clear, PURPOSE)
