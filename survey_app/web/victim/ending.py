"""The end: thanks and help lines, or finishing before the last question."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason
from survey_app.store.scope import Scope
from survey_app.usecases.respond.finish import finish
from survey_app.usecases.respond.links import Link
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.introduction import help_lines, service_of
from survey_app.web.victim.opening import elsewhere, find_here, next_address, sheet_of


def thanks(session: Session, link: Link) -> str:
    """The last page, for the phone that answered and in its session only."""
    lines = help_lines(service_of(session, link))
    return render_template("victim/thanks.html", help_lines=lines, note=visitor.hear())


@blueprint.get("/s/<token>/finish")
@access(Audience.LINK_HOLDER)
def finish_early(token: str) -> ResponseReturnValue:
    """Ask once more before ending: it cannot be taken back. Writes nothing."""
    with runtime().database.read(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not link.is_open or not visitor.has_begun(link):
            return elsewhere(token, link)
        sheet = sheet_of(session, link)
    return render_template(
        "victim/finish.html",
        answered=sheet.answered,
        remaining=len(sheet.steps) - sheet.reached,
        next_url=next_address(token, sheet),
    )


@blueprint.post("/s/<token>/finish")
@access(Audience.LINK_HOLDER)
def finish_now(token: str) -> ResponseReturnValue:
    """End the request with the answers so far."""
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not link.is_open or not visitor.has_begun(link):
            return elsewhere(token, link)
        finish(session, link, EndReason.FINISHED_EARLY, now=runtime().now())
    return redirect(url_for("victim.start", token=token), code=303)
