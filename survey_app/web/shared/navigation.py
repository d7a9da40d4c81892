"""What stands around every staff page: who is signed in, where they may go, what just happened?"""

from collections.abc import Iterator
from typing import Any

from flask import Flask, current_app, g, get_flashed_messages, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from survey_app.domain.access import Task, may
from survey_app.domain.cases import Role
from survey_app.reporting.alerts import count_open_alerts
from survey_app.web.shared import formatting
from survey_app.web.shared.access import StaffRequest
from survey_app.web.shared.identity import ServiceRoles, SignedIn
from survey_app.web.shared.runtime import runtime


def role_name(role: Role) -> str:
    """A role as people say it."""
    return {
        Role.CASEWORKER: _("caseworker"),
        Role.MANAGER: _("manager"),
        Role.INTERVIEWER: _("interviewer"),
        Role.COMMISSIONER: _("commissioner"),
        Role.ADMINISTRATOR: _("administrator"),
    }[role]


def surround_staff_pages(app: Flask) -> None:
    """Give the staff layout its variables, and templates the words for days and figures."""
    app.jinja_env.filters.update(
        day=formatting.day,
        instant=formatting.instant,
        quarter=formatting.quarter_label,
        count=formatting.count,
        share=formatting.share,
        interval=formatting.interval,
        due=formatting.due,
    )
    app.context_processor(_surroundings)


def _surroundings() -> dict[str, Any]:
    """Link holders' pages get nothing of it: no look at a session, no notices."""
    if request.path.startswith("/s/"):
        return {}
    found: dict[str, Any] = {
        "notices": get_flashed_messages(with_categories=True),
        "demonstration": not runtime().settings.is_production,
    }
    if not current_user.is_authenticated:
        return found
    admitted = g.get("staff")
    service = admitted.service if isinstance(admitted, StaffRequest) else None
    return found | {
        "account": _account(current_user, service),
        "service_name": service.name if service else None,
        "nav": _entries(current_user, service),
        "may": lambda task: service is not None and may(service.roles, Task(task)),
    }


def _account(person: SignedIn, service: ServiceRoles | None) -> dict[str, str]:
    roles = sorted(service.roles) if service else []
    return {
        "name": person.name or person.email,
        "role": ", ".join(role_name(role) for role in roles),
        "url": url_for("account.own_account"),
        "sign_out_url": url_for("account.sign_out_here"),
    }


def _entries(person: SignedIn, service: ServiceRoles | None) -> list[dict[str, Any]]:
    """Only what the roles allow; the guard asks again."""
    entries = []
    if service is not None:
        places = (
            *_home(service),
            (Task.SEE_CASES, _("Cases"), "caseworker.cases"),
            (Task.SEE_CALLS, _("Calls"), "interviewer.calls"),
            (Task.SEE_ALERTS, _("Alerts"), "caseworker.alerts"),
            (Task.SEE_OVERSIGHT, _("Oversight"), "caseworker.coverage"),
            (Task.SEE_TEXTS, _("Texts"), "caseworker.messages"),
            (Task.OFFER_LANGUAGES, _("Languages"), "caseworker.languages"),
            (Task.SEE_FIGURES, _("Figures"), "commissioner.quarters"),
            (Task.PUBLISH_FIGURES, _("Publish"), "commissioner.publications"),
            (Task.SEE_USERS, _("Users"), "admin.users"),
            (
                Task.CHANGE_WHAT_PEOPLE_READ,
                _("What people read"),
                "caseworker.what_people_read",
            ),
        )
        entries = [
            _entry(text, endpoint, slug=service.slug)
            for task, text, endpoint in places
            if may(service.roles, task)
        ]
        _count_alerts(entries, service)
    if len(person.services) > 1:
        entries.append(_entry(_("Services"), "admin.services"))
    return entries


def _count_alerts(entries: list[dict[str, Any]], service: ServiceRoles) -> None:
    """Say beside "Alerts" how many wait. A page must never fail for it: the count is left out."""
    entry = next((each for each in entries if each["endpoint"] == "caseworker.alerts"), None)
    admitted = g.get("staff")
    if entry is None or not isinstance(admitted, StaffRequest):
        return
    try:
        with runtime().database.read(admitted.scope) as session:
            entry["count"] = count_open_alerts(session, service.id)
    except SQLAlchemyError:
        current_app.logger.warning("alerts could not be counted", exc_info=True)


def _home(service: ServiceRoles) -> Iterator[tuple[Task, str, str]]:
    """Whoever only calls has the list of calls for a first page, and no other entry for it."""
    if may(service.roles, Task.SEE_DESK) or not may(service.roles, Task.SEE_CALLS):
        yield Task.OPEN_SERVICE, _home_name(service), "caseworker.service_home"


def _home_name(service: ServiceRoles) -> str:
    return _("Today") if may(service.roles, Task.SEE_CASES) else _("Overview")


# A page belongs under the entry whose endpoint it extends: `alert` under `alerts`.
_UNDER = {
    "caseworker.overview": "caseworker.service_home",
    "caseworker.case": "caseworker.cases",
    "caseworker.keep_filter": "caseworker.cases",
    "caseworker.open_case_page": "caseworker.cases",
    "caseworker.open_new_case": "caseworker.cases",
    "caseworker.edit_case_page": "caseworker.cases",
    "caseworker.save_case": "caseworker.cases",
    "caseworker.deliveries": "caseworker.cases",
    "caseworker.add_delivery": "caseworker.cases",
    "caseworker.close_case_page": "caseworker.cases",
    "caseworker.close_this_case": "caseworker.cases",
    "caseworker.reopen_case_page": "caseworker.cases",
    "caseworker.reopen_this_case": "caseworker.cases",
    "caseworker.coverage_cases": "caseworker.coverage",
    "caseworker.overdue": "caseworker.coverage",
    "caseworker.overdue_list": "caseworker.coverage",
    "caseworker.data_quality": "caseworker.coverage",
    "caseworker.data_quality_cases": "caseworker.coverage",
    "caseworker.alert": "caseworker.alerts",
    "caseworker.note_alert": "caseworker.alerts",
    "caseworker.close": "caseworker.alerts",
    "caseworker.show_alert_text": "caseworker.alerts",
    "caseworker.message": "caseworker.messages",
    "caseworker.resend": "caseworker.messages",
    "caseworker.give_up": "caseworker.messages",
    "caseworker.safe_contact": "caseworker.messages",
    "caseworker.change_safe_contact": "caseworker.messages",
    "caseworker.expected_text": "caseworker.messages",
    "caseworker.choose_check_word": "caseworker.messages",
    "caseworker.change_what_people_read": "caseworker.what_people_read",
    "caseworker.sending": "caseworker.messages",
    "caseworker.go_live": "caseworker.messages",
    "caseworker.pause": "caseworker.messages",
    "caseworker.revoke": "caseworker.messages",
    "caseworker.trials": "caseworker.messages",
    "caseworker.new_trial": "caseworker.messages",
    "caseworker.draft_trial": "caseworker.messages",
    "caseworker.trial": "caseworker.messages",
    "caseworker.approve_trial": "caseworker.messages",
    "caseworker.start_trial": "caseworker.messages",
    "caseworker.end_trial": "caseworker.messages",
    "interviewer.call": "interviewer.calls",
    "interviewer.end_call": "interviewer.calls",
    "interviewer.save_answers": "interviewer.calls",
    "commissioner.figures": "commissioner.quarters",
    "commissioner.figures_page": "commissioner.quarters",
    "commissioner.choose": "commissioner.quarters",
    "commissioner.publish": "commissioner.publications",
    "admin.invite": "admin.users",
    "admin.user": "admin.users",
    "admin.change_user": "admin.users",
}


def _entry(text: str, endpoint: str, **values: str) -> dict[str, Any]:
    here = _UNDER.get(request.endpoint or "", request.endpoint)
    href = url_for(endpoint, **values)
    return {"text": text, "href": href, "active": here == endpoint, "endpoint": endpoint}
