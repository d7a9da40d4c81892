"""A manager says what the people they ask are told: privacy, help, ways out, words to watch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.domain.help_lines import HelpLine, read_help_line, with_line_words
from survey_app.domain.languages import ENGLISH
from survey_app.domain.privacy_words import with_words
from survey_app.store.audit import audit_service
from survey_app.store.services import Service


@dataclass(frozen=True)
class WhatPeopleRead:
    """All that the page asks. `words` are the privacy words of one language, by key; whom
    people tell that a page is hard to use is in that language, too."""

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
    before_lines = [read_help_line(stored) for stored in service.help_lines]
    lines = with_line_words(said.help_lines, before_lines, said.language)
    after = {
        "privacy": with_words(service.privacy, said.language, said.words),
        "help_lines": [line.as_stored() for line in lines],
        "quick_exit_url": said.quick_exit_url,
        **_accessibility_contact(service, said),
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


def _accessibility_contact(service: Service, said: WhatPeopleRead) -> dict[str, object]:
    """Where the contact is kept that was written in this language; a blank one goes."""
    if said.language == ENGLISH.tag:
        return {"accessibility_contact": said.accessibility_contact}
    kept = {**service.accessibility_contacts, said.language: said.accessibility_contact}
    return {"accessibility_contacts": {tag: words for tag, words in kept.items() if words}}
