"""The ways out: leave at once, or no more texts."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from survey_app.store.cases import Case
from survey_app.store.scope import Scope
from survey_app.usecases.opt_out import OptOutSource, opt_out
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.opening import find_here

NEUTRAL_SITE = "https://www.bbc.co.uk/weather"
"""Where "Leave this page" goes before a link has said otherwise; a service chooses its own."""

CLEARED = '"cookies", "storage"'
"""What a browser that understands it drops as well. Its cache holds no page: all are `no-store`."""


@blueprint.get("/leave")
@access(Audience.ANYONE)
def leave() -> ResponseReturnValue:
    """End the session on our side, then go. Needs no database: it works even when that is down.

    A preview that follows this link has no cookie to lose, so a GET is safe here.
    """
    target = visitor.way_out() or NEUTRAL_SITE
    visitor.forget()
    response = redirect(target, code=303)
    response.headers["Clear-Site-Data"] = CLEARED
    return response


@blueprint.get("/s/<token>/stop")
@access(Audience.LINK_HOLDER)
def stop(token: str) -> ResponseReturnValue:
    """Ask for a press; looks the same for every address, with or without a link behind it."""
    return render_template("victim/stop.html", note=visitor.hear())


@blueprint.post("/s/<token>/stop")
@access(Audience.LINK_HOLDER)
def stop_now(token: str) -> ResponseReturnValue:
    """Stop all texts to the phone that the link was sent to, also when the link has ended."""
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token)
        if link is not None:
            person_id = session.scalars(select(Case.person_id).where(Case.id == link.case_id)).one()
            opt_out(session, person_id, OptOutSource.PAGE, runtime().now())
    return render_template("victim/stopped.html", may_go_on=link is not None and link.is_open)
