"""A manager says what the people they ask are told: privacy, help, ways out, words to watch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.help_lines import HelpLine
from survey_app.domain.privacy_words import with_words
from survey_app.store.audit import audit_service
from survey_app.store.services import Service


@dataclass(frozen=True)
class WhatPeopleRead:
    """All that the page asks; `words` are the privacy words of one language, by key."""

    language: str
    words: Mapping[str, str]
    help_lines: Sequence[HelpLine]
    quick_exit_url: str
    accessibility_contact: str
    asks_agreed_word: bool
    urgent_words: Sequence[str]


def change_what_people_read(
    session: Session, service: Service, said: WhatPeopleRead, *, account_id: int, now: datetime
) -> tuple[str, ...]:
    """Let this hold from the next page that somebody opens; which parts changed."""
    session.refresh(service, with_for_update=True)
    after = {
        "privacy": with_words(service.privacy, said.language, said.words),
        "help_lines": [line.as_stored() for line in said.help_lines],
        "quick_exit_url": said.quick_exit_url,
        "accessibility_contact": said.accessibility_contact,
        "asks_agreed_word": said.asks_agreed_word,
        "urgent_words": list(dict.fromkeys(said.urgent_words)),
    }
    changed = tuple(name for name, value in after.items() if getattr(service, name) != value)
    if not changed:
        return ()
    before = {name: getattr(service, name) for name in changed}
    for name in changed:
        setattr(service, name, after[name])
    details = {"language": said.language, "before": before, "changed": list(changed)}
    audit_service(session, service, "change-what-people-read", details, now, account_id)
    session.flush()
    return changed
