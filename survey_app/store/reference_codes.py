"""With which code may someone take their answers back later?

8 characters of the link's alphabet are 39 bits: enough because failed tries are limited for good
and bad codes alike. Only a keyed hash is kept; the code is shown once, to whoever answered.
"""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, bindparam, delete, inspect, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey_app.store.alphabet import ALPHABET
from survey_app.store.base import Base
from survey_app.store.prepared import Prepared
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


_codes = inspect(ReferenceCode).local_table
# Found by hash or request across all services: a code must lead to one request.
_FIND = Prepared(select(_codes.c.request_id).where(_codes.c.code_hash == bindparam("sought")), None)
_INSERT = Prepared.insert(_codes)
_DROP = Prepared(delete(_codes).where(_codes.c.request_id == bindparam("of_request")), None)


def new_reference_code(session: Session, request_id: int, now: datetime) -> str:
    """Make the request's code anew, in clear; an earlier one no longer works."""
    clear = _unused(session)
    code, key = _hash(clear), lookup_key_id()
    _DROP.put(session, {"of_request": request_id})
    row = {"request_id": request_id, "code_hash": code, "key_id": key, "created_at": now}
    _INSERT.put(session, row)
    return clear


def find_request_of_code(session: Session, typed: str) -> int | None:
    """The request of a code, however it was typed: in capitals, with spaces or hyphens."""
    plain = "".join(char for char in typed.lower() if char not in " -‐–\u00a0\t")
    if len(plain) != LENGTH or not set(plain) <= set(ALPHABET):
        return None
    found = _FIND.rows(session, {"sought": _hash(plain)})
    return found[0].request_id if found else None


def _unused(session: Session) -> str:
    """Two of a million codes are alike once in two; a code must lead to one request."""
    while True:
        clear = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if find_request_of_code(session, clear) is None:
            return clear


def _hash(clear: str) -> str:
    return lookup_hash(clear, PURPOSE)
