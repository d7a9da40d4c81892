"""What does the log say about a request? Which page, how it ended, how long it took; not whose.

The page is the template of its address (`/s/<token>`): never the path, the query, what a form held,
where somebody came from, their browser or their address (FORMATS.md, "Logs").
"""

import logging
from time import perf_counter

import structlog
from flask import Flask, current_app, g, request
from flask.signals import request_started
from werkzeug.wrappers import Response

from survey_app import RELEASE
from survey_app.domain.networks import find_network
from survey_app.logs.faults import log_fault, new_fault_id
from survey_app.store.sealed import lookup_hash
from survey_app.store.statement_times import StatementTimes, count_statements
from survey_app.web.shared.access import StaffRequest, declared_access

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD = "other"
"""A method is a word of the sender's own, too."""

log = structlog.get_logger()


def log_requests(app: Flask) -> None:
    """Write one line a request, whatever becomes of it. Call it ahead of every other hook, so that
    the status is the one that leaves."""
    request_started.connect(_begin, app)
    app.after_request(_note_status)
    app.teardown_request(_write_line)


def request_id() -> str:
    """What this request's lines and its error page bear."""
    if "request_id" not in g:
        g.request_id = new_fault_id()
    return str(g.request_id)


def log_request_fault(fault: BaseException) -> None:
    """The line `fault` of the request under way."""
    log_fault(fault, request_id())


def _begin(_app: Flask, **_ignored: object) -> None:
    g.began = perf_counter()
    g.statement_times = count_statements()


def _note_status(response: Response) -> Response:
    g.status = response.status_code
    return response


def _write_line(_fault: BaseException | None) -> None:
    if not log.is_enabled_for(logging.INFO):
        return
    now = perf_counter()
    times: StatementTimes = g.get("statement_times") or StatementTimes()
    service, account = _whose()
    log.info(
        "request",
        id=request_id(),
        method=request.method if request.method in METHODS else OTHER_METHOD,
        route=request.url_rule.rule if request.url_rule else None,
        # Without one the page was lost on its way out, and the server answers 500.
        status=g.get("status", 500),
        ms=_milliseconds(now - g.get("began", now)),
        db_ms=_milliseconds(times.seconds),
        queries=times.count,
        audience=_audience(),
        service=service,
        account=account,
        network=_network(),
        release=RELEASE,
    )


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _audience() -> str | None:
    view = current_app.view_functions.get(request.endpoint) if request.endpoint else None
    declared = declared_access(view) if view else None
    return declared.audience.value if declared else None


def _whose() -> tuple[str | None, int | None]:
    """The service and the account of a request of staff that was let in."""
    staff: StaffRequest | None = g.get("staff")
    if staff is None:
        return None, None
    return staff.service.slug if staff.service else None, staff.account.account_id


def _network() -> str | None:
    network = find_network(request.remote_addr)
    return lookup_hash(network, "network") if network else None
