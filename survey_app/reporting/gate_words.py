"""What does somebody read of a condition that is not met, and what do they do about it?

Commands and pages say the same; they are for staff, and in English.
"""

from collections.abc import Callable
from dataclasses import dataclass

from survey_app.domain.gate import SHADOW_DECISIONS, ConditionId, Lack, Unmet
from survey_app.domain.languages import get_language


@dataclass(frozen=True)
class GateWords:
    """What is missing, and what to do."""

    says: str
    do: str


def gate_words(unmet: Unmet, slug: str) -> GateWords:
    """One condition in words, for the service of this slug."""
    words = _WORDS[unmet.id](unmet)
    return GateWords(words.says, words.do.format(slug=slug))


def _languages(unmet: Unmet) -> str:
    return ", ".join(get_language(tag).english_name for tag in unmet.lacks)


def _privacy_words(unmet: Unmet) -> GateWords:
    return GateWords(
        "Not all nine parts of what people are told about their data are written in: "
        f"{_languages(unmet)}.",
        "Write every part on the page What people read, in each language that the service offers.",
    )


def _provider_check(unmet: Unmet) -> GateWords:
    says = {
        Lack.NEVER_CHECKED: "It was never checked that texts leave with this provider and sender.",
        Lack.CHECK_FAILED: "The last check of this provider and sender failed.",
        Lack.CHECK_TOO_OLD: "The last check of this provider and sender is over 7 days old.",
    }
    return GateWords(
        says[Lack(unmet.lacks[0])],
        "Run: flask --app wsgi messages check-provider --service {slug}",
    )


def _shadow_looked_at(unmet: Unmet) -> GateWords:
    if Lack.SHADOW_TOO_SHORT in unmet.lacks:
        return GateWords(
            f"The service has been in shadow for less than 7 days, with fewer than "
            f"{SHADOW_DECISIONS} decisions.",
            "Wait until the shadow has shown more; then a manager confirms who would have been "
            "texted.",
        )
    return GateWords(
        "No manager has confirmed who would have been texted.",
        "A manager opens Sending, Who would have been texted, looks at the list, and confirms it.",
    )


def _expected_text(unmet: Unmet) -> GateWords:
    return GateWords(
        f"No manager has confirmed the text as it is now in: {_languages(unmet)}.",
        "A manager opens Sending, The exact texts, reads each, and confirms them.",
    )


def _manager_signs_in(unmet: Unmet) -> GateWords:
    if Lack.MANAGER in unmet.lacks:
        return GateWords(
            "No manager of this service signs in with a second factor.",
            "A manager signs in and sets up an authenticator app on the page Your account.",
        )
    return GateWords(
        "Nobody can cover for the manager.",
        "Invite another manager or a caseworker, and have them set their password.",
    )


def _alert_cover(unmet: Unmet) -> GateWords:
    names = {
        Lack.ALERT_OWNER: "who owns the alerts",
        Lack.DUE_HOURS: "within how many hours they are looked at",
        Lack.HELP_LINES: "which help lines people are shown",
    }
    pages = []
    if {Lack.ALERT_OWNER, Lack.DUE_HOURS} & set(unmet.lacks):
        pages.append("A manager opens Sending, Alert cover, and says it.")
    if Lack.HELP_LINES in unmet.lacks:
        pages.append("A manager writes the help lines on the page What people read.")
    says = ", ".join(names[Lack(lack)] for lack in unmet.lacks)
    return GateWords(f"It is not said {says}.", " ".join(pages))


_WORDS: dict[ConditionId, Callable[[Unmet], GateWords]] = {
    ConditionId.PRIVACY_WORDS: _privacy_words,
    ConditionId.PROVIDER_CHECK: _provider_check,
    ConditionId.SHADOW_LOOKED_AT: _shadow_looked_at,
    ConditionId.EXPECTED_TEXT: _expected_text,
    ConditionId.MANAGER_SIGNS_IN: _manager_signs_in,
    ConditionId.ALERT_COVER: _alert_cover,
}
