"""The pages on the phone: start, one question at a time, thanks; and the ways out of each.

Promises: FORMATS.md, "Victim pages"; safety: DOMAIN.md, rules 4 to 7.
"""

from survey_app.web.victim import ending, leaving, questions, start
from survey_app.web.victim.blueprint import blueprint

__all__ = ["blueprint", "ending", "leaving", "questions", "start"]
