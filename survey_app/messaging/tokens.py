"""How is a link made that is short, easy to read out, and cannot be guessed?

12 characters of a 31-letter alphabet are 59 bits. Only a keyed hash is stored, so the database
alone opens no link. A request may have several: each reminder carries a fresh one, the old ones
still work.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from survey_app.store.alphabet import ALPHABET
from survey_app.store.requests import LinkToken
from survey_app.store.sealed import lookup_hash, lookup_key_id

LENGTH = 12


def new_token(session: Session, request_id: int, now: datetime) -> tuple[LinkToken, str]:
    """A fresh link for this request: its stored row (flushed), and the token in clear."""
    return new_tokens(session, [request_id], now)[0]


def new_tokens(
    session: Session, request_ids: Sequence[int], now: datetime
) -> list[tuple[LinkToken, str]]:
    """A fresh link for each request, in the order given, by few statements."""
    made = []
    for request_id in request_ids:
        clear = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        token = LinkToken(
            request_id=request_id,
            token_hash=lookup_hash(clear, "token"),
            key_id=lookup_key_id(),
            created_at=now,
        )
        made.append((token, clear))
    session.add_all([token for token, _ in made])
    session.flush()
    return made


def find_token_hash(clear: str) -> str | None:
    """The hash that a token would be stored under, in whatever case it was typed; None when what
    was typed cannot be a token."""
    typed = clear.strip().lower()
    if len(typed) != LENGTH or not set(typed) <= set(ALPHABET):
        return None
    return lookup_hash(typed, "token")


def find_by_token(session: Session, clear: str) -> LinkToken | None:
    """The link with this token, in whatever case it was typed; None when unknown or revoked."""
    token_hash = find_token_hash(clear)
    if token_hash is None:
        return None
    return session.scalar(
        select(LinkToken).where(LinkToken.token_hash == token_hash, LinkToken.revoked_at.is_(None))
    )


def revoke_tokens(session: Session, request_ids: Collection[int], now: datetime) -> int:
    """Make every link to these requests lead nowhere; how many were open."""
    result = session.execute(
        update(LinkToken)
        .where(LinkToken.request_id.in_(request_ids), LinkToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return cast("CursorResult[tuple[()]]", result).rowcount
