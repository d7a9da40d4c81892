"""A few questions about the person, after the end: only what nobody has recorded yet."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.equality import OPTIONS
from survey_app.store.scope import Scope
from survey_app.usecases.describe_self import describe_self, questions_about
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.ending import has_answered_here
from survey_app.web.victim.equality_words import equality_question
from survey_app.web.victim.opening import elsewhere, find_here
from survey_app.web.victim.visitor import Note


@blueprint.get("/s/<token>/about-you")
@access(Audience.LINK_HOLDER)
def about_you(token: str) -> ResponseReturnValue:
    """Show what may be asked; where nothing is left, the thanks."""
    with runtime().database.read(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not has_answered_here(link):
            return elsewhere(token, link)
        asked = questions_about(session, link.case_id)
    if not asked:
        return redirect(url_for("victim.start", token=token), code=303)
    return render_template(
        "victim/about_you.html",
        questions=[equality_question(each) for each in asked],
        is_young=link.young_under is not None,
    )


@blueprint.post("/s/<token>/about-you")
@access(Audience.LINK_HOLDER)
def tell_about_you(token: str) -> ResponseReturnValue:
    """Keep what was said, and go back to the thanks."""
    said = {each.value: request.form.get(each.value, "") for each in OPTIONS}
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not has_answered_here(link):
            return elsewhere(token, link)
        kept = describe_self(session, link.case_id, said, runtime().now())
    if kept:
        visitor.say(Note.DESCRIBED)
    return redirect(url_for("victim.start", token=token), code=303)
