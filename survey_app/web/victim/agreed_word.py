"""Is it the person who goes on? Where the service wants it, a link that was begun asks for a word.

Never on the first start, never of somebody with whom no word was agreed, and never of the phone
that is answering: only when a begun link is opened anew. See docs/decisions/a-word-to-go-on.md.
"""

from typing import cast

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.agreed_word import is_agreed_word
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.unreadable import is_unreadable
from survey_app.usecases.respond.links import Link
from survey_app.web.victim import visitor
from survey_app.web.victim.guesses import Guessed, Guesses

WORD_FIELD = "word"


def agreed_word_of(session: Session, link: Link) -> str | None:
    """The word that this phone has to say before it goes on; None where none is wanted."""
    if not link.asks_agreed_word or not link.is_started or visitor.has_begun(link):
        return None
    word = session.scalar(
        select(Person.check_word)
        .join(Case, Case.person_id == Person.id)
        .where(Case.id == link.case_id)
    )
    # One that cannot be read still stands between a stranger and the answers: no word is right.
    return "" if is_unreadable(word) else word


def refused_word(session: Session, link: Link) -> str | None:
    """Why the word that was sent does not do, in words; None where the link may go on."""
    agreed = agreed_word_of(session, link)
    if agreed is None:
        return None
    guesses, who = cast(Guesses, current_app.extensions["guesses"]), str(link.request_id)
    if not guesses.may_try(Guessed.WORD, who):
        return gettext("That was too many tries. Wait an hour, or ask the person who supports you.")
    typed = request.form.get(WORD_FIELD, "")
    if is_agreed_word(typed, agreed):
        return None
    if not typed.strip():
        return gettext("Write the word that you agreed with the person who supports you.")
    guesses.failed(Guessed.WORD, who)
    return gettext("That is not the word. Check it, and try again.")


def word_page(refusal: str) -> ResponseReturnValue:
    """The start page again, with what to do; what was typed is not repeated."""
    return render_template("victim/word.html", error=refusal), 400
