"""Who may reach an endpoint? Each view declares it, once, here; `guard` holds every request to it.

It fails closed: a view that declares nothing is reached by nobody. A service in which somebody has
no role does not exist for them (404); one in which their role may not do this refuses them (403).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, may
from survey_app.settings import LOOPBACK_HOSTS
from survey_app.store.scope import Scope
from survey_app.web.shared.handed_over import find_hand_over
from survey_app.web.shared.identity import ServiceRoles, SignedIn, signed_in
from survey_app.web.shared.kept_forms import ask_to_sign_in
from survey_app.web.shared.runtime import queue, runtime

View = TypeVar("View", bound=Callable[..., Any])

_LEADING_TO_STAFF = frozenset({"account.front_door"})
"""Anyone's pages that are no use on a tablet that was handed over."""


class Audience(StrEnum):
    """For whom a page is."""

    ANYONE = "anyone"
    LINK_HOLDER = "link-holder"
    STAFF = "staff"
    PROVIDER = "provider"
    DEVELOPMENT = "development"


@dataclass(frozen=True)
class Declared:
    """What a view said of itself."""

    audience: Audience
    task: Task | None


@dataclass(frozen=True)
class StaffRequest:
    """A staff request that passed the guard: who asks, and in which services they may do this."""

    account: SignedIn
    service: ServiceRoles | None
    scope: Scope


def access(audience: Audience, task: Task | None = None) -> Callable[[View], View]:
    """Declare for whom a view is; staff views name the task of `domain.access` that they serve."""
    if (audience is Audience.STAFF) != (task is not None):
        raise TypeError("staff views name their task, others have none")

    def declare(view: View) -> View:
        view.access = Declared(audience, task)  # type: ignore[attr-defined]
        return view

    return declare


def declared_access(view: Callable[..., Any]) -> Declared | None:
    """What a view declared, if anything."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Declared) else None


def guard() -> Response | None:
    """Before every request: let it pass, send it to the sign-in page, or refuse it."""
    if request.endpoint is None:
        return None  # No such address: the 404 page answers.
    declared = declared_access(current_app.view_functions[request.endpoint])
    if declared is None:
        abort(403)
    if declared.audience is Audience.DEVELOPMENT:
        _require_development()
    is_of_staff = declared.task is not None or request.endpoint in _LEADING_TO_STAFF
    if is_of_staff and find_hand_over() is not None:
        return redirect(url_for("caseworker.give_back"))
    if declared.task is None:
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    g.staff = _admit(signed_in(), declared.task)
    return None


def staff() -> StaffRequest:
    """The staff request under way; only views of staff have one."""
    found = g.staff
    assert isinstance(found, StaffRequest)
    return found


def this_service() -> ServiceRoles:
    """The service that the address names, in which the person may do what the view is for."""
    service = staff().service
    if service is None:
        raise LookupError("this address names no service")
    return service


@contextmanager
def reading() -> Iterator[Session]:
    """A reading session that sees what this staff request may see."""
    with runtime().database.read(staff().scope) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A writing session that sees what this staff request may see; commits at its end, and has a
    worker look at once whether a text is now due."""
    with runtime().database.write(staff().scope) as session:
        yield session
    queue().nudge()


def is_on_this_machine() -> bool:
    """Whether the request came from this machine: not through a proxy that says so, and not under a
    borrowed host name."""
    host = request.host.rsplit(":", 1)[0].strip("[]")
    try:
        is_local = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        is_local = False
    return is_local and host in LOOPBACK_HOSTS and "X-Forwarded-For" not in request.headers


def guard_every_request(app: Flask) -> None:
    """Install the guard ahead of everything else that a request meets."""
    app.before_request(guard)


def _require_development() -> None:
    """Pages that show what was sent are not there in production; they look further themselves."""
    if runtime().settings.is_production:
        abort(404)


def _admit(account: SignedIn, task: Task) -> StaffRequest:
    slug = (request.view_args or {}).get("slug")
    if slug is None:
        return _admit_anywhere(account, task)
    service = account.in_service(slug)
    if service is None:
        abort(404)
    if not may(service.roles, task):
        abort(403)
    return StaffRequest(account, service, Scope.staff([service.id]))


def _admit_anywhere(account: SignedIn, task: Task) -> StaffRequest:
    ids = [service.id for service in account.services if may(service.roles, task)]
    if not ids:
        abort(403)
    return StaffRequest(account, None, Scope.staff(ids))
