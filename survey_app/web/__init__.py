"""Pages, one folder per audience."""

from flask import Flask

from survey_app.web import (
    account,
    admin,
    caseworker,
    commissioner,
    dev,
    interviewer,
    victim,
    webhooks,
)
from survey_app.web.shared import health, metrics
from survey_app.web.shared.access import guard_every_request
from survey_app.web.shared.case_addresses import read_case_references
from survey_app.web.shared.errors import show_errors
from survey_app.web.shared.identity import keep_sessions
from survey_app.web.shared.kept_forms import fill_in_kept_forms
from survey_app.web.shared.navigation import surround_staff_pages
from survey_app.web.shared.security import protect_every_response


def register_audiences(app: Flask) -> None:
    """Mount every audience's pages, on the ground that they share."""
    read_case_references(app)
    keep_sessions(app)
    guard_every_request(app)
    protect_every_response(app, app.extensions["runtime"].settings)
    show_errors(app)
    surround_staff_pages(app)
    fill_in_kept_forms(app)
    rooms = (
        health,
        metrics,
        victim,
        account,
        admin,
        caseworker,
        interviewer,
        commissioner,
        dev,
        webhooks,
    )
    for room in rooms:
        app.register_blueprint(room.blueprint)
