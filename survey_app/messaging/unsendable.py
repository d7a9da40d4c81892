"""Why can a text not be sent as its rows stand, whatever the contact rule says?

Two things stop a text by itself: something sealed that it needs does not open, or a number opens
and is not its person's, because a value was copied from another row (FORMATS-TRUST, section 3).
Such a text is set aside for a person; every other one goes.
"""

from survey_app.domain.requests import NUMBER_UNREADABLE, UNREADABLE
from survey_app.messaging.numbers import classify, number_hash
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.unreadable import is_unreadable


def why_not_written(person: Person) -> str | None:
    """Why no text can be written to this person; None where one can."""
    if is_unreadable(person.mobile, person.date_of_birth, person.check_word):
        return UNREADABLE
    return None if _is_theirs(_e164(person), person) else NUMBER_UNREADABLE


def why_not_sent(message: OutboxMessage, person: Person) -> str | None:
    """Why this text, which the contact rule allows, cannot leave to this person; None where it can.
    The rule has refused whoever cannot be read. The hashes of both numbers, the person's and the
    one that the text is addressed to, are worked out again."""
    if is_unreadable(message.to, message.body) or message.to is None or message.body is None:
        return UNREADABLE
    is_theirs = _is_theirs(message.to, person) and _is_theirs(_e164(person), person)
    return None if is_theirs else NUMBER_UNREADABLE


def _e164(person: Person) -> str | None:
    # Only its hash is compared: whether a number of that kind may be texted was asked before.
    return classify(person.mobile, drama_allowed=True).e164


def _is_theirs(e164: str | None, person: Person) -> bool:
    return e164 is not None and number_hash(e164) == person.number_hash
