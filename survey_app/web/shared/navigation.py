"""What stands around every staff page: who is signed in, where they may go, what just happened?

`MENU` is the one declaration of where a service's pages stand: a page belongs to the place whose
section its address begins with, so that a new page is found under the right entry by itself.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, get_flashed_messages, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from survey_app.domain.access import Task, may
from survey_app.domain.cases import Role
from survey_app.reporting.alerts import count_open_alerts
from survey_app.web.shared import formatting
from survey_app.web.shared.access import StaffRequest
from survey_app.web.shared.identity import ServiceRoles, SignedIn
from survey_app.web.shared.runtime import runtime

OF_SERVICE = "/services/<slug>"


@dataclass(frozen=True)
class Place:
    """A page that the menu leads to, for whom, and the sections of addresses that lie below it."""

    task: Task
    text: LazyString
    endpoint: str
    sections: tuple[str, ...]

    def holds(self, rule: str) -> bool:
        """Whether a page with this route belongs here."""
        return any(
            rule == OF_SERVICE + section or (section and rule.startswith(f"{OF_SERVICE}{section}/"))
            for section in self.sections
        )


@dataclass(frozen=True)
class Section:
    """An entry of the menu: with several places they stand in a row of their own below it."""

    text: LazyString
    places: tuple[Place, ...]


def _alone(task: Task, text: LazyString, endpoint: str, *sections: str) -> Section:
    return Section(text, (Place(task, text, endpoint, sections),))


MENU = (
    _alone(Task.SEE_DESK, _l("Today"), "caseworker.service_home", "", "/overview"),
    Section(
        _l("Cases"),
        (
            Place(
                Task.SEE_CASES,
                _l("Cases"),
                "caseworker.cases",
                ("/cases", "/open-case", "/case-filters", "/paper"),
            ),
            Place(Task.SEE_CONTACT, _l("Held"), "caseworker.held", ("/held",)),
        ),
    ),
    _alone(Task.SEE_ALERTS, _l("Alerts"), "caseworker.alerts", "/alerts"),
    _alone(Task.SEE_CALLS, _l("Calls"), "interviewer.calls", "/calls"),
    Section(
        _l("Oversight"),
        (
            Place(
                Task.SEE_OVERSIGHT,
                _l("Coverage"),
                "caseworker.coverage",
                ("/oversight/coverage",),
            ),
            Place(
                Task.SEE_OVERSIGHT,
                _l("Due and overdue"),
                "caseworker.overdue",
                ("/oversight/overdue",),
            ),
            Place(
                Task.SEE_OVERSIGHT,
                _l("Data quality"),
                "caseworker.data_quality",
                ("/oversight/data-quality",),
            ),
        ),
    ),
    Section(
        _l("Texts"),
        (
            Place(Task.SEE_TEXTS, _l("Texts"), "caseworker.messages", ("/messages",)),
            Place(Task.SEE_SENDING, _l("Sending"), "caseworker.sending", ("/sending",)),
            Place(Task.RUN_TRIALS, _l("Trials"), "caseworker.trials", ("/trials",)),
        ),
    ),
    Section(
        _l("Figures"),
        (
            Place(Task.SEE_FIGURES, _l("Quarters"), "commissioner.quarters", ("/figures",)),
            Place(Task.PUBLISH_FIGURES, _l("Publish"), "commissioner.publications", ("/publish",)),
        ),
    ),
    Section(
        _l("Settings"),
        (
            Place(Task.SEE_USERS, _l("Users and teams"), "admin.users", ("/users",)),
            Place(
                Task.CHANGE_WHAT_PEOPLE_READ,
                _l("What people read"),
                "caseworker.what_people_read",
                ("/what-people-read",),
            ),
            Place(Task.OFFER_LANGUAGES, _l("Languages"), "caseworker.languages", ("/languages",)),
            Place(Task.RECORD_LICENCES, _l("Star licences"), "caseworker.licences", ("/licences",)),
        ),
    ),
)
"""Everything in a service, at most two clicks away; each is shown to those who may open it."""

WITH_RATES = ("/figures", "/publish", "/oversight")
"""Sections whose pages show percentages."""


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
    # Who is signed in stands in the database.
    if g.get("is_database_away", False) or not current_user.is_authenticated:
        return found
    admitted = g.get("staff")
    service = admitted.service if isinstance(admitted, StaffRequest) else None
    return found | {
        "account": _account(current_user, service),
        "service_name": service.name if service else None,
        **_menu(current_user, service),
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


def _menu(person: SignedIn, service: ServiceRoles | None) -> dict[str, Any]:
    """`nav`: the entries of the person's roles; `subnav`: the places below the current one.

    Only what the roles allow; the guard asks again.
    """
    entries, below = [], None
    for section in MENU if service is not None else ():
        allowed = [place for place in section.places if may(service.roles, place.task)]
        if not allowed:
            continue
        entry = _entry(section, allowed, service)
        entries.append(entry)
        if entry["active"] and len(allowed) > 1:
            places = [_shown(place, place.text, service.slug) for place in allowed]
            below = {"title": section.text, "places": places}
    if service is not None:
        _count_alerts(entries, service)
    if len(person.services) > 1:
        here, href = request.endpoint == "admin.services", url_for("admin.services")
        entries.append({"text": _("Services"), "href": href, "active": here, "is_page": here})
    shows_rates = _rule().startswith(tuple(OF_SERVICE + place for place in WITH_RATES))
    return {"nav": entries, "subnav": below, "shows_rates": shows_rates}


def _entry(section: Section, allowed: list[Place], service: ServiceRoles) -> dict[str, Any]:
    """The entry leads to the first place; it is current on every page of its section."""
    first = allowed[0]
    is_home = first.endpoint == "caseworker.service_home"
    text = section.text if not is_home or may(service.roles, Task.SEE_CASES) else _("Overview")
    entry = _shown(first, text, service.slug)
    return entry | {"active": any(place.holds(_rule()) for place in section.places)}


def _shown(place: Place, text: LazyString | str, slug: str) -> dict[str, Any]:
    return {
        "text": text,
        "href": url_for(place.endpoint, slug=slug),
        "endpoint": place.endpoint,
        "active": place.holds(_rule()),
        "is_page": request.endpoint == place.endpoint,
    }


def _rule() -> str:
    return request.url_rule.rule if request.url_rule is not None else ""


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
