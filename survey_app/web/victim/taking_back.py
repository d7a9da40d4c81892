"""Someone changed their mind: with the code from the end they delete what they said."""

from typing import cast

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from survey_app.domain.languages import Language
from survey_app.store.reference_codes import find_request_of_code
from survey_app.store.scope import Scope
from survey_app.usecases.withdraw_answers import withdraw_by_code
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.guesses import Guessed, Guesses
from survey_app.web.victim.languages import settle_without_link

CODE_FIELD = "code"


@blueprint.get("/w")
@access(Audience.ANYONE)
def ask_code() -> str:
    """Ask for the code; the same for everyone, and neutral."""
    return _page(_languages())


@blueprint.post("/w")
@access(Audience.ANYONE)
def take_back() -> ResponseReturnValue:
    """Delete the answers of this code. Wrong codes are limited, and then right ones too."""
    guesses, who = cast(Guesses, current_app.extensions["guesses"]), request.remote_addr or ""
    offered, typed = _languages(), request.form.get(CODE_FIELD, "")
    if not typed.strip():
        return _page(offered, gettext("Write the code that you were shown at the end.")), 400
    if not guesses.may_try(Guessed.CODE, who):
        refusal = gettext("That was too many tries. Wait ten minutes, then try again.")
        return _page(offered, refusal), 429
    with runtime().database.write(Scope.victim()) as session:
        request_id = find_request_of_code(session, typed)
        if request_id is not None:
            withdraw_by_code(session, request_id, runtime().now())
    if request_id is None:
        guesses.failed(Guessed.CODE, who)
        return _page(offered, gettext("We do not know this code. Check it, and try again.")), 400
    visitor.drop_reference(request_id)
    return render_template("victim/taken_back.html")


def _languages() -> list[Language]:
    with runtime().database.look(Scope.victim()) as session:
        return settle_without_link(session)


def _page(offered: list[Language], error: str | None = None) -> str:
    return render_template("victim/take_back.html", error=error, offered_languages=offered)
