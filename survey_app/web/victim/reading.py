"""What someone may read before or beside the questions: who asks, and how the pages are made."""

from flask import render_template
from flask.typing import ResponseReturnValue

from survey_app.store.scope import Scope
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.privacy import privacy_facts
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.introduction import accessibility_contact, help_lines, service_of
from survey_app.web.victim.opening import find_here, nothing_here


@blueprint.get("/s/<token>/about")
@access(Audience.LINK_HOLDER)
def about(token: str) -> ResponseReturnValue:
    """Say who asks, why, and what becomes of the answers (UK GDPR, Article 13)."""
    with runtime().database.read(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not (link.is_open or visitor.has_begun(link)):
            return nothing_here()
        service = service_of(session, link)
        lines = help_lines(session, link)
    return render_template(
        "victim/about.html",
        facts=privacy_facts(service.name, service.privacy),
        help_lines=lines,
        is_young=link.young_under is not None,
    )


@blueprint.get("/accessibility", defaults={"token": None})
@blueprint.get("/s/<token>/accessibility")
@access(Audience.LINK_HOLDER)
def accessibility(token: str | None) -> ResponseReturnValue:
    """Say who can use the pages, what may be hard, and whom to tell.

    Whom to tell is the service's own word, said to the holder of an open link alone.
    """
    contact = ""
    if token is not None:
        with runtime().database.read(Scope.victim()) as session:
            link = find_here(session, token)
            if link is not None and (link.is_open or visitor.has_begun(link)):
                contact = accessibility_contact(service_of(session, link))
    return render_template("victim/accessibility.html", contact=contact)
