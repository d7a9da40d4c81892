"""What do all pages on the phone share: their headers, their way out, a lost cookie?"""

from flask import Blueprint, Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.web.shared.assets import script_source
from survey_app.web.shared.compression import compress
from survey_app.web.shared.handed_over import find_hand_over
from survey_app.web.victim import visitor
from survey_app.web.victim.guesses import Guesses
from survey_app.web.victim.visitor import Note

blueprint = Blueprint("victim", __name__, template_folder="templates")

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; script-src "
)
"""Nothing from anyone else. The script stands in the page and is let in by its hash
(docs/decisions/one-script-inside-the-phone-page.md); the icon is an empty `data:` address."""


@blueprint.record_once
def _open_shelf(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.extensions["questionnaires"] = Shelf()
    app.extensions["guesses"] = Guesses(app.extensions["runtime"].settings.redis_url)


@blueprint.after_request
def _keep_private(response: Response) -> Response:
    """No trace for the next site, no search engine. What all pages share: `shared.security`."""
    headers = response.headers
    headers["Referrer-Policy"] = "no-referrer"
    headers["X-Robots-Tag"] = "noindex"
    headers["Content-Security-Policy"] = POLICY + script_source("victim.js")
    return compress(response, request)


@blueprint.context_processor
def _ways_out() -> dict[str, str | None]:
    """Every page has a way to leave; every page under a link has a way to stop the texts."""
    token = (request.view_args or {}).get("token")
    return {
        "leave_url": url_for("victim.leave"),
        "stop_url": url_for("victim.stop", token=token) if token else None,
        "about_url": url_for("victim.about", token=token) if token else None,
        "start_url": url_for("victim.start", token=token) if token else None,
        "token": token,
        "give_back_url": url_for("caseworker.give_back") if find_hand_over() else None,
    }


@blueprint.errorhandler(CSRFError)
def _without_session(_error: CSRFError) -> ResponseReturnValue:
    """The cookie is gone, so the form cannot be trusted: back to the start, which costs one tap."""
    visitor.say(Note.LOST)
    token = (request.view_args or {}).get("token", "")
    back = "victim.stop" if request.endpoint == "victim.stop_now" else "victim.start"
    return redirect(url_for(back, token=token), code=303)
