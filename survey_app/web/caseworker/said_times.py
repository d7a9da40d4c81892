"""How do staff read when, and how, somebody said it is safe to contact them?"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.contact_times import Daytime, Way
from survey_app.web.shared.contact_words import day_names


def said_times(said: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Heading and words for each part that was said; nothing where nobody asked or answered."""
    if said is None:
        return []
    not_said = _("not said")
    rows = [
        (_("Days"), _words(said.get("days", ()), dict(day_names()))),
        (_("Time of day"), _words(said.get("times", ()), _daytimes())),
        (_("How"), _words(said.get("ways", ()), _ways())),
        (_("What to know"), str(said.get("note") or "")),
    ]
    return [(heading, words or not_said) for heading, words in rows]


def _words(codes: Iterable[str], words: Mapping[str, Any]) -> str:
    return ", ".join(str(words[code]) for code in codes if code in words)


def _daytimes() -> dict[str, str]:
    return {
        Daytime.MORNING: _("morning"),
        Daytime.AFTERNOON: _("afternoon"),
        Daytime.EVENING: _("evening, until 8 pm"),
    }


def _ways() -> dict[str, str]:
    return {Way.CALL: _("call"), Way.TEXT: _("text")}
