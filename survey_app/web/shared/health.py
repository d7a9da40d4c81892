"""Is this process alive, and is it ready to serve?"""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from survey_app.reporting.worker_health import worker_health
from survey_app.store.migrations import is_current
from survey_app.store.scope import Scope
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@access(Audience.ANYONE)
def alive() -> ResponseReturnValue:
    """Answer as long as the process can."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access(Audience.ANYONE)
def ready() -> ResponseReturnValue:
    """Answer 200 once the database can be reached, holds today's tables and was made with our keys,
    else 503 and why.

    With `?worker` also once a worker works and keeps up.
    """
    database = runtime().database
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
        if not is_current(database):
            return jsonify(status="waiting", reason="run `flask --app wsgi db upgrade`"), 503
        if reason := _what_keeps_pages_back():
            return jsonify(status="waiting", reason=reason), 503
    except SQLAlchemyError:
        return jsonify(status="waiting", reason="the database does not answer"), 503
    return _worker_ready() if "worker" in request.args else jsonify(status="ok")


def _what_keeps_pages_back() -> str | None:
    """Whether the keys are the database's, and its tables as the models say."""
    if runtime().keys.faults():
        return "keys"
    if runtime().tables.faults():
        return "the tables differ: run `flask --app wsgi db upgrade`, it says where"
    return None


def _worker_ready() -> ResponseReturnValue:
    """503 once no worker has reported for two minutes, or a due text has waited for a quarter of an
    hour within its service's hours."""
    with runtime().database.read(Scope.worker()) as session:
        health = worker_health(session, runtime().database_now(session))
    said = {
        "heartbeat_seconds": None if health.silence is None else health.silence.total_seconds(),
        "oldest_due_seconds": health.wait.total_seconds(),
    }
    if health.is_well:
        return jsonify(status="ok", **said)
    return jsonify(status="waiting", reason="worker", **said), 503
