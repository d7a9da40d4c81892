"""What do all pages on the phone share: their headers, their way out, a lost cookie?"""

from flask import Blueprint, Flask, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from survey_app.usecases.respond.questionnaire import Shelf
from survey_app.web.shared.assets import script_source
from survey_app.web.shared.compression import compress
from survey_app.web.shared.security import be_stricter
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import addresses, give_back_address
from survey_app.web.victim.guesses import Guesses
from survey_app.web.victim.kept_pages import KeptPages
from survey_app.web.victim.visitor import Note

blueprint = Blueprint("victim", __name__, template_folder="templates")

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; script-src "
)
"""Nothing from anyone else. The script stands in the page and is let in by its hash
(docs/decisions/one-script-inside-the-phone-page.md); the icon is an empty `data:` address."""


@blueprint.record_once
def _on_mounting(state: object) -> None:
    app: Flask = state.app  # type: ignore[attr-defined]
    app.extensions["csrf"].exempt(blueprint)  # For the lighter check below.
    open_shelf(app)
    # No trace for the next site, no search engine.
    stricter = {
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
        # No script but our own runs here, and nothing is framed: it would only weigh on each page.
        "Permissions-Policy": None,
        "Content-Security-Policy": POLICY + script_source("victim.js"),
    }
    be_stricter(app, blueprint.name, stricter)


def open_shelf(app: Flask) -> None:
    """Let this process begin with nothing kept: no questionnaire, no page, no failed guess."""
    app.extensions["questionnaires"] = Shelf()
    app.extensions["kept_pages"] = KeptPages()
    app.extensions["guesses"] = Guesses(app.extensions["runtime"].settings.redis_url)


@blueprint.before_request
def _believe_only_our_own_forms() -> None:
    is_checked = request.method == "POST" and current_app.config["WTF_CSRF_ENABLED"]
    if is_checked and not visitor.sent_form_token(request.form.get("csrf_token", "")):
        raise CSRFError


@blueprint.after_request
def _make_small(response: Response) -> Response:
    return compress(response, request)


@blueprint.context_processor
def _of_every_page() -> dict[str, object]:
    """Every page has a way to leave; every page under a link has a way to stop the texts."""
    token = (request.view_args or {}).get("token")
    return {
        **addresses(token),
        "give_back_url": give_back_address(),
        "csrf_token": visitor.form_token,
    }


@blueprint.errorhandler(CSRFError)
def _without_session(_error: CSRFError) -> ResponseReturnValue:
    """The cookie is gone, so the form cannot be trusted: back to the start, which costs one tap."""
    token = (request.view_args or {}).get("token")
    if token is None:
        return redirect(url_for("victim.ask_code"), code=303)
    visitor.say(Note.LOST)
    back = "victim.stop" if request.endpoint == "victim.stop_now" else "victim.start"
    return redirect(url_for(back, token=token), code=303)
