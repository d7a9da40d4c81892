"""Which words make a comment urgent: those shipped, and those that the service added?"""

from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.definition_files import SHIPPED, read_word_lists
from survey_app.store.services import Service

URGENT_WORDS = SHIPPED / "words" / "urgent.yaml"


@cache
def shipped_urgent_words() -> frozenset[str]:
    """The shipped words of every language: people write in several, whatever they chose."""
    return frozenset(word for words in read_word_lists(URGENT_WORDS).values() for word in words)


def urgent_words(session: Session, service_id: int) -> frozenset[str]:
    """The shipped words and the service's own."""
    own = session.scalar(select(Service.urgent_words).where(Service.id == service_id))
    return shipped_urgent_words() | frozenset(own or ())
