"""In which words does someone say when, and how, it is safe to contact them?"""

from enum import StrEnum


class Daytime(StrEnum):
    """Parts of a day inside a service's hours."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Way(StrEnum):
    """How they would like to be contacted."""

    CALL = "call"
    TEXT = "text"
