"""The end: thanks, help lines and what may still be said; or finishing before the last question."""

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.domain.requests import EndReason, RequestState
from survey_app.store.scope import Scope
from survey_app.usecases.describe_self import questions_about
from survey_app.usecases.respond.finish import finish
from survey_app.usecases.respond.links import Link
from survey_app.usecases.say_safe_times import (
    NOTE_LIMIT,
    ContactWish,
    find_contact_wish,
    say_safe_times,
)
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import start_address
from survey_app.web.victim.blueprint import blueprint
from survey_app.web.victim.introduction import help_if_unsafe, help_lines
from survey_app.web.victim.kept_pages import show
from survey_app.web.victim.opening import (
    elsewhere,
    find_here,
    next_address,
    sheet_of,
)
from survey_app.web.victim.references import code_address, give_reference, spoken_reference
from survey_app.web.victim.visitor import Note


def has_answered_here(link: Link) -> bool:
    """Whether the link's questions were answered to an end, in this session."""
    return link.state is RequestState.COMPLETED and visitor.has_begun(link)


def thanks(session: Session, link: Link) -> Response:
    """The last page, for the phone that answered and in its session only."""
    has_answered = has_answered_here(link)
    wish = find_contact_wish(session, link.request_id) if has_answered else None
    return show(
        "victim/thanks.html",
        reference=spoken_reference(link) if has_answered else None,
        code_address=code_address(),
        help_lines=help_lines(session, link),
        asks_times=wish is ContactWish.WITHOUT_TIMES,
        is_wished=wish is not None,
        note_limit=NOTE_LIMIT,
        may_describe=has_answered and bool(questions_about(session, link.case_id)),
        is_young=link.young_under is not None,
        note=visitor.hear(),
    )


@blueprint.get("/s/<token>/finish")
@access(Audience.LINK_HOLDER)
def finish_early(token: str) -> ResponseReturnValue:
    """Ask once more before ending: it cannot be taken back. Writes nothing."""
    with runtime().database.read(Scope.victim()) as session:
        link = find_here(session, token)
        if link is None or not link.is_open or not visitor.has_begun(link):
            return elsewhere(token, link)
        sheet = sheet_of(session, link)
        help_now = help_if_unsafe(session, link)
    return render_template(
        "victim/finish.html",
        answered=sheet.answered,
        remaining=len(sheet.steps) - sheet.reached,
        next_url=next_address(token, sheet),
        is_young=sheet.questionnaire.is_for_young_people,
        help_now=help_now,
        note=visitor.hear(),
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
        give_reference(session, link)
    return redirect(start_address(token), code=303)


@blueprint.post("/s/<token>/when")
@access(Audience.LINK_HOLDER)
def say_when(token: str) -> ResponseReturnValue:
    """Keep when and how someone may be contacted who asked for it; nothing chosen is fine too."""
    form = request.form
    with runtime().database.write(Scope.victim()) as session:
        link = find_here(session, token, lock=True)
        if link is None or not has_answered_here(link):
            return elsewhere(token, link)
        is_kept = say_safe_times(
            session,
            link.request_id,
            days=form.getlist("days"),
            times=form.getlist("times"),
            ways=form.getlist("ways"),
            note=form.get("note", ""),
            now=runtime().now(),
        )
    if is_kept:
        visitor.say(Note.TIMES_KEPT)
    return redirect(start_address(token), code=303)
