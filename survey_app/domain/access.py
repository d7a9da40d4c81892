"""What may each role do? The one table that every staff page is checked against.

A role holds in one service (a membership), so every answer is per service. Adding a page means
naming its task here; adding a task means saying, here, who may do it.
"""

from collections.abc import Iterable
from enum import StrEnum

from survey_app.domain.cases import Role


class Task(StrEnum):
    """Something that staff do. Named for the work, not for the page."""

    SEE_SERVICES = "see-services"
    OPEN_SERVICE = "open-service"
    SEE_FIGURES = "see-figures"
    SEE_LIVE_FIGURES = "see-live-figures"
    SEE_DESK = "see-desk"
    SEE_CASES = "see-cases"
    WORK_ON_CASES = "work-on-cases"
    SEE_ALERTS = "see-alerts"
    HANDLE_ALERTS = "handle-alerts"
    SET_ALERT_COVER = "set-alert-cover"
    SEE_OVERSIGHT = "see-oversight"
    PUBLISH_FIGURES = "publish-figures"
    SEE_TEXTS = "see-texts"
    SEE_CONTACT = "see-contact"
    CHANGE_CONTACT = "change-contact"
    RESEND_TEXTS = "resend-texts"
    SEE_SENDING = "see-sending"
    GO_LIVE = "go-live"
    PAUSE_SENDING = "pause-sending"
    REVOKE_LINKS = "revoke-links"
    RUN_TRIALS = "run-trials"
    SEE_LANGUAGES = "see-languages"
    OFFER_LANGUAGES = "offer-languages"
    SEE_USERS = "see-users"
    MANAGE_USERS = "manage-users"
    KEEP_OWN_ACCOUNT = "keep-own-account"
    SEE_READINGS = "see-readings"
    RECORD_READINGS = "record-readings"
    HAND_OVER = "hand-over"
    USE_PAPER = "use-paper"
    RECORD_LICENCES = "record-licences"
    WITHDRAW_ANSWERS = "withdraw-answers"
    CHANGE_WHAT_PEOPLE_READ = "change-what-people-read"
    SEE_CALLS = "see-calls"
    MAKE_CALLS = "make-calls"


_EVERYONE = frozenset(Role)
_OWN_STAFF = frozenset({Role.CASEWORKER, Role.MANAGER, Role.ADMINISTRATOR})
_CASE_STAFF = frozenset({Role.CASEWORKER, Role.MANAGER})
_CALLERS = _CASE_STAFF | {Role.INTERVIEWER}

ALLOWED: dict[Task, frozenset[Role]] = {
    Task.SEE_SERVICES: _EVERYONE,
    Task.OPEN_SERVICE: _EVERYONE,
    Task.SEE_FIGURES: _OWN_STAFF | {Role.COMMISSIONER},
    Task.SEE_LIVE_FIGURES: _OWN_STAFF,
    Task.SEE_DESK: _OWN_STAFF,
    Task.SEE_CASES: _CASE_STAFF,
    Task.WORK_ON_CASES: _CASE_STAFF,
    # What people wrote is for those who support them: neither for the commissioner nor for the
    # administrator, who keeps the installation running (safety rule 7).
    Task.SEE_ALERTS: _CASE_STAFF,
    Task.HANDLE_ALERTS: _CASE_STAFF,
    Task.SET_ALERT_COVER: frozenset({Role.MANAGER}),
    # How colleagues' work stands, case by case.
    Task.SEE_OVERSIGHT: frozenset({Role.MANAGER}),
    Task.PUBLISH_FIGURES: frozenset({Role.MANAGER}),
    Task.SEE_TEXTS: _OWN_STAFF,
    # How someone may safely be reached, and the facts of a decision, are about one person.
    Task.SEE_CONTACT: _CASE_STAFF,
    Task.CHANGE_CONTACT: _CASE_STAFF,
    Task.RESEND_TEXTS: _CASE_STAFF,
    Task.SEE_SENDING: _OWN_STAFF,
    Task.GO_LIVE: frozenset({Role.MANAGER}),
    # Stopping is never dangerous: whoever sees that something is wrong may do it.
    Task.PAUSE_SENDING: _OWN_STAFF,
    Task.REVOKE_LINKS: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # Two of them: whoever drafts a trial does not approve it.
    Task.RUN_TRIALS: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Task.SEE_LANGUAGES: _OWN_STAFF,
    Task.OFFER_LANGUAGES: frozenset({Role.MANAGER}),
    Task.SEE_USERS: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Task.MANAGE_USERS: frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    Task.KEEP_OWN_ACCOUNT: _EVERYONE,
    # What one person said of their life, and being with them while they say it.
    Task.SEE_READINGS: _CASE_STAFF,
    Task.RECORD_READINGS: _CASE_STAFF,
    Task.HAND_OVER: _CASE_STAFF,
    Task.USE_PAPER: _CASE_STAFF,
    Task.RECORD_LICENCES: frozenset({Role.MANAGER}),
    # Only for the person, and only at their request: whoever supports them hears it.
    Task.WITHDRAW_ANSWERS: _CASE_STAFF,
    Task.CHANGE_WHAT_PEOPLE_READ: frozenset({Role.MANAGER}),
    # The one list that interviewers see; it says nothing else of a case.
    Task.SEE_CALLS: _CALLERS,
    Task.MAKE_CALLS: _CALLERS,
}

_LOOKED_AFTER: dict[Role, frozenset[Role]] = {
    Role.MANAGER: frozenset(Role) - {Role.ADMINISTRATOR},
    Role.ADMINISTRATOR: frozenset(Role),
}
"""Whose accounts each role looks after. A manager cannot make, lock out or take over an
administrator: a reset link is as good as the account that it opens."""


def may(roles: Iterable[Role], task: Task) -> bool:
    """Whether somebody with these roles in a service may do this there."""
    return not ALLOWED[task].isdisjoint(roles)


def roles_looked_after(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles that somebody with these roles in a service may give, change and take there."""
    return frozenset().union(*(_LOOKED_AFTER.get(role, frozenset()) for role in roles))
