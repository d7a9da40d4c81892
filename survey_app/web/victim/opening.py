"""Does this address lead to questions for whoever asks, to their thanks, or nowhere?"""

from typing import cast

from flask import current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from survey_app.usecases.respond.links import Link, find_link
from survey_app.usecases.respond.questionnaire import Questionnaire, Shelf
from survey_app.usecases.respond.sheet import Sheet, read_sheet
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor
from survey_app.web.victim.addresses import question_address, start_address
from survey_app.web.victim.guesses import Guesses
from survey_app.web.victim.languages import settle_language
from survey_app.web.victim.visitor import Note


def find_here(session: Session, token: str, *, lock: bool = False) -> Link | None:
    """The link behind this address, at the present instant; the page is in its language then."""
    link = find_link(session, token, runtime().now(), lock=lock)
    if link is not None:
        settle_language(link, lambda: questionnaire_of(session, link))
    return link


def questionnaire_of(session: Session, link: Link) -> Questionnaire:
    """What the link asks; read once by this process."""
    shelf = cast(Shelf, current_app.extensions["questionnaires"])
    return shelf.get(session, link.instruments, link.young_under)


def sheet_of(session: Session, link: Link) -> Sheet:
    """The link's questions with the answers so far; a link that nobody had begun has none."""
    questionnaire = questionnaire_of(session, link)
    if not link.is_started:
        return Sheet(link, questionnaire, answers={}, response_ids={})
    return read_sheet(session, link, questionnaire)


def nothing_here() -> ResponseReturnValue:
    """The one page for every link that is unknown, finished, expired or withdrawn.

    All of them count as failures and look alike, so that a stranger learns nothing from it. It
    says the same when there were too many.
    """
    guesses = cast(Guesses, current_app.extensions["guesses"])
    status = 429 if guesses.is_too_many(request.remote_addr or "") else 404
    return render_template("victim/nothing_here.html"), status


def elsewhere(token: str, link: Link | None) -> ResponseReturnValue:
    """Where to go when this phone cannot do this here and now.

    To the start where the link is open but this phone has no session for it, or where it has ended
    in this session (the start shows the thanks then). Nowhere for anyone else.
    """
    if link is None or not (link.is_open or visitor.has_begun(link)):
        return nothing_here()
    if request.method == "POST" and link.is_open:
        visitor.say(Note.LOST)
    return redirect(start_address(token), code=303)


def next_address(token: str, sheet: Sheet) -> str:
    """The address of the first question without an answer, else of the last page."""
    step = sheet.next_step
    if step is None:
        return start_address(token)
    return question_address(token, sheet.questionnaire.number_of(step))
