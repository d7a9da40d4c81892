"""Hand the tablet to the person: their questions come up, and the staff area is locked."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, may
from survey_app.domain.safe_contact import Refusal
from survey_app.usecases.hand_over import HandedOver, NotHandedOver, hand_over, next_to_ask
from survey_app.usecases.hand_over_pin import PinRefusal, has_pin, set_pin, start_tries
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.caseworker.with_person.words import pin_words
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.contact_words import REASONS, WAVES
from survey_app.web.shared.handed_over import HandOver, put_away
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.HAND_OVER)
def hand_over_page(slug: str, case_ref: str) -> str:
    """What will be asked, and the PIN that takes the tablet back."""
    return _page(case_ref)


@access(Audience.STAFF, Task.HAND_OVER)
def start_hand_over(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Ask the contact rule, open the person's questions, and put the worker's session away.

    A typed PIN becomes the worker's PIN; without one, the one they have is kept.
    """
    account_id, now = staff().account.account_id, runtime().now()
    typed = request.form.get("pin", "")
    with writing() as session:
        case = this_case(session, case_ref)
        if typed or not has_pin(session, account_id):
            pin_refusal = set_pin(session, account_id, typed, now)
            if pin_refusal is not None:
                return _page(case_ref, pin_refusal=pin_refusal), 400
        start_tries(session, account_id)
        outcome = hand_over(session, case, account_id=account_id, now=now)
    if isinstance(outcome, NotHandedOver):
        return _page(case_ref, refused=outcome), 409
    return _to_the_person(slug, case_ref, outcome)


def _to_the_person(slug: str, case_ref: str, handed: HandedOver) -> Response:
    back = url_for("caseworker.hand_over_page", slug=slug, case_ref=case_ref)
    account_id = staff().account.account_id
    put_away(HandOver(account_id, handed.request_id, handed.token_id, back))
    return redirect(url_for("victim.start", token=handed.token), code=303)


def _page(
    case_ref: str,
    pin_refusal: PinRefusal | None = None,
    refused: NotHandedOver | None = None,
) -> str:
    account_id = staff().account.account_id
    with reading() as session:
        case = this_case(session, case_ref)
        wave = next_to_ask(session, case, runtime().now())
        has_one, is_open = has_pin(session, account_id), case.closed_on is None
    errors = [("pin", pin_words(pin_refusal))] if pin_refusal else []
    if refused is not None:
        errors.append(("", _refused(refused.refusal)))
    return render_template(
        "caseworker/with_person/hand_over.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        wave=None if wave is None else WAVES[wave],
        has_pin=has_one,
        may_close=is_open and may(this_service().roles, Task.WORK_ON_CASES),
        errors=errors,
    )


def _refused(refusal: Refusal | None) -> str:
    if refusal is None:
        return _("Everything that this case can be asked has been asked.")
    return _("Do not ask the person now. %(why)s", why=str(REASONS[refusal]))


def handing_over_pages(pages: Blueprint) -> None:
    """Mount the page."""
    address = "/services/<slug>/cases/<ref:case_ref>/hand-over"
    pages.get(address)(hand_over_page)
    pages.post(address)(start_hand_over)
