"""The tablet comes back: the worker's PIN, or signing in, opens the staff area again."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from survey_app.store.scope import Scope
from survey_app.usecases.hand_over import give_back as end_link
from survey_app.usecases.hand_over_pin import PinRefusal, tries_left, try_pin
from survey_app.web.caseworker.with_person.words import pin_words
from survey_app.web.shared.access import Audience, access
from survey_app.web.shared.handed_over import HandOver, find_hand_over, take_back
from survey_app.web.shared.runtime import runtime


@access(Audience.ANYONE)
def give_back() -> Response | str:
    """Thank the person, and ask the worker for the PIN. Says nothing of the case."""
    found = find_hand_over()
    if found is None:
        return redirect(url_for("account.front_door"))
    return render_template("caseworker/with_person/give_back.html", error=None)


@access(Audience.ANYONE)
def unlock() -> Response | tuple[str, int]:
    """Judge the PIN. After too many wrong ones only signing in is left."""
    found = find_hand_over()
    if found is None:
        return redirect(url_for("account.front_door"))
    refusal, left = _judge(found)
    if refusal is None:
        take_back(runtime().now())
        return redirect(found.back)
    if refusal is PinRefusal.LOCKED:
        session.clear()
        flash(pin_words(refusal), "important")
        return redirect(url_for("account.sign_in", next=found.back))
    error = pin_words(refusal, left)
    return render_template("caseworker/with_person/give_back.html", error=error), 400


def _judge(found: HandOver) -> tuple[PinRefusal | None, int]:
    now = runtime().now()
    with runtime().database.write(Scope.worker()) as db:
        refusal = try_pin(db, found.account_id, request.form.get("pin", ""), now)
        if refusal is not PinRefusal.WRONG:
            end_link(db, found.token_id, now)
        return refusal, tries_left(db, found.account_id)


def giving_back_pages(pages: Blueprint) -> None:
    """Mount the page; its address names no service and no case."""
    pages.get("/give-back")(give_back)
    pages.post("/give-back")(unlock)
