"""Which request does this link lead to, and may it still be answered?"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Text, bindparam, cast, inspect, select
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.cases import Recorded
from survey_app.domain.requests import RequestState
from survey_app.messaging.tokens import find_token_hash
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.prepared import Prepared
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.services import Service

_tokens, _requests, _services, _cases, _people = (
    inspect(mapped).local_table for mapped in (LinkToken, SurveyRequest, Service, Case, Person)
)
_FOUND = (
    select(
        _requests.c.id,
        _requests.c.case_id,
        _requests.c.service_id,
        # As they are written: the same few stand in every link, and are read once.
        cast(_requests.c.instruments, Text).label("instruments"),
        _requests.c.state,
        _requests.c.expires_at,
        _requests.c.language,
        _requests.c.programme_version_id,
        _cases.c.is_young_person,
        _tokens.c.revoked_at,
        _services.c.alert_due_hours,
        _services.c.low_safety_due_hours,
        _services.c.quick_exit_url,
        cast(_services.c.draft_languages, Text).label("draft_languages"),
        _services.c.asks_agreed_word,
        _services.c.name,
        _people.c.name_service,
        _people.c.language.label("recorded_language"),
    )
    .select_from(_tokens)
    .join(_requests, _requests.c.id == _tokens.c.request_id)
    .join(_services, _services.c.id == _requests.c.service_id)
    .join(_cases, _cases.c.id == _requests.c.case_id)
    .join(_people, _people.c.id == _cases.c.person_id)
    .where(_tokens.c.token_hash == bindparam("token_hash"))
)
_BY_TOKEN = Prepared(_FOUND, _requests.c.service_id)
_LOCKING = Prepared(_FOUND.with_for_update(of=_requests), _requests.c.service_id)


@dataclass(frozen=True)
class Link:
    """What a page needs of the request behind a token; no name, no number, no answer."""

    request_id: int
    case_id: int
    service_id: int
    instruments: tuple[tuple[str, str], ...]
    """Key and version, in the order asked."""
    state: RequestState
    is_open: bool
    """Whether it may be begun or answered now."""
    alert_hours: AlertHours
    quick_exit_url: str
    language: str | None
    """The tag that the person chose when they began; None before."""
    draft_languages: tuple[str, ...]
    """What the service offers though no speaker has reviewed it."""
    recorded_language: str | None = None
    """The tag that is recorded with the person; asked where they have not chosen."""
    young_under: int | None = None
    """The programme version that says how a young person is asked; None for an adult."""
    asks_agreed_word: bool = False
    """Whether the service wants the agreed word before a begun link goes on."""
    service_name: str | None = None
    """Only where the person agreed that it may be named (safety rule 4)."""

    @property
    def is_started(self) -> bool:
        """Whether the start button was pressed, on this phone or another."""
        return self.state is RequestState.STARTED


def find_link(session: Session, token: str, now: datetime, *, lock: bool = False) -> Link | None:
    """The link of this token as an address holds it, or None where there is no such token.

    A request whose time has passed is closed from that instant, swept or not. With `lock`, whoever
    else answers the same request waits for this transaction (SQLite: for any), so that two taps or
    two phones make one response.
    """
    token_hash = find_token_hash(token)
    if token_hash is None:
        return None
    query = _LOCKING if lock else _BY_TOKEN
    rows = query.rows(session, {"token_hash": token_hash})
    if not rows:
        return None
    (row,) = rows
    state = RequestState(row.state)
    return Link(
        request_id=row.id,
        case_id=row.case_id,
        service_id=row.service_id,
        instruments=_versions(row.instruments),
        state=state,
        is_open=state.is_open and row.revoked_at is None and now < row.expires_at,
        alert_hours=AlertHours(row.alert_due_hours, row.low_safety_due_hours),
        quick_exit_url=row.quick_exit_url,
        language=row.language,
        draft_languages=_tags(row.draft_languages),
        recorded_language=row.recorded_language,
        young_under=row.programme_version_id if row.is_young_person else None,
        asks_agreed_word=row.asks_agreed_word,
        service_name=row.name if row.name_service == Recorded.YES else None,
    )


@lru_cache(256)
def _versions(written: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, version) for key, version in json.loads(written))


@lru_cache(256)
def _tags(written: str) -> tuple[str, ...]:
    return tuple(json.loads(written))
