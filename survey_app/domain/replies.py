"""What does somebody mean who texts back?

Stopping is easy to say and read generously: a text that begins with a stop word stops texts, and
what else it says still reaches staff. Starting again has to be said alone: it lifts an opt-out.
The words are those that UK and US carriers know, and their like in the languages that we text in.
"""

import unicodedata
from enum import StrEnum


class Meaning(StrEnum):
    """What a reply asks for."""

    STOP = "stop"
    START = "start"
    OTHER = "other"


STOP_WORDS = frozenset(
    {
        "stop",
        "stopall",
        "unsubscribe",
        "optout",
        "stopio",
        "stopiwch",
        "توقف",
        "بند",
        "روکو",
        "روکیں",
    }
)
"""Mean stop even when more words follow."""

STOP_ALONE = frozenset({"cancel", "end", "quit", "revoke", "koniec", "قف"})
"""Mean stop when nothing else is said: they also begin other sentences."""

START_ALONE = frozenset({"start", "unstop"})
"""Not `yes`: people answer our question with it."""


def meaning_of(body: str) -> Meaning:
    """What a reply means, however it is punctuated or capitalised."""
    words = _words(body)
    alone = "".join(words)
    if alone in STOP_WORDS | STOP_ALONE or (words and words[0] in STOP_WORDS):
        return Meaning.STOP
    if words[:2] == ["opt", "out"]:
        return Meaning.STOP
    return Meaning.START if alone in START_ALONE else Meaning.OTHER


def says_more_than_stop(body: str) -> bool:
    """Whether a reply that means stop also says something that a person should read."""
    alone = "".join(_words(body))
    has_strange_signs = any(unicodedata.category(c) in {"So", "Sk"} for c in body)
    return has_strange_signs or alone not in STOP_WORDS | STOP_ALONE


def _words(body: str) -> list[str]:
    """The words in plain lower-case letters and digits, without accents' looks or punctuation."""
    plain = unicodedata.normalize("NFKC", body).casefold()
    return "".join(c if c.isalnum() else " " for c in plain).split()
