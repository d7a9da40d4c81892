"""The pages on the phone: start, one question at a time, thanks; and the ways out of each.

Promises: FORMATS.md, "Victim pages"; safety: DOMAIN.md, rules 4 to 7.
"""

from survey_app.web.victim import (
    about_you,
    ending,
    leaving,
    questions,
    reading,
    start,
    taking_back,
)
from survey_app.web.victim.blueprint import blueprint

__all__ = [
    "about_you",
    "blueprint",
    "ending",
    "leaving",
    "questions",
    "reading",
    "start",
    "taking_back",
]
