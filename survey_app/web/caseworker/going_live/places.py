"""On which page is each condition of the gate met?"""

from dataclasses import dataclass

from flask import url_for

from survey_app.domain.access import Task
from survey_app.domain.gate import ConditionId, Lack, Unmet
from survey_app.reporting.gate_words import GateWords, gate_words


@dataclass(frozen=True)
class MissingCondition:
    """What is missing, in words. `href` is None where a command does it."""

    id: str
    words: GateWords
    href: str | None
    task: Task | None
    """What one must be allowed to do to open that page."""


def missing_conditions(unmet: tuple[Unmet, ...], slug: str) -> list[MissingCondition]:
    """As the page lists them."""
    return [_missing(each, slug) for each in unmet]


def _missing(unmet: Unmet, slug: str) -> MissingCondition:
    endpoint, task, more = _place(unmet)
    href = None if endpoint is None else url_for(endpoint, slug=slug, **more)
    return MissingCondition(unmet.id, gate_words(unmet, slug), href, task)


def _place(unmet: Unmet) -> tuple[str | None, Task | None, dict[str, str]]:
    match unmet.id:
        case ConditionId.PRIVACY_WORDS:
            place = "caseworker.what_people_read"
            return place, Task.CHANGE_WHAT_PEOPLE_READ, {"language": unmet.lacks[0]}
        case ConditionId.PROVIDER_CHECK:
            return None, None, {}
        case ConditionId.SHADOW_LOOKED_AT:
            return "caseworker.sending_shadow", Task.SEE_SENDING, {}
        case ConditionId.EXPECTED_TEXT:
            return "caseworker.sending_texts", Task.SEE_SENDING, {}
        case ConditionId.MANAGER_SIGNS_IN:
            return "admin.users", Task.SEE_USERS, {}
        case ConditionId.ALERT_COVER:
            if unmet.lacks == (Lack.HELP_LINES,):
                return "caseworker.what_people_read", Task.CHANGE_WHAT_PEOPLE_READ, {}
            return "caseworker.alert_cover", Task.SEE_ALERTS, {}
