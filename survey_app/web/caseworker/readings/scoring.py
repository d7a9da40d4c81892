"""Score a star with the person beside you: proposed, drafted as you go, recorded once."""

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.periods import LONDON
from survey_app.domain.readings import proposed_wave
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.store.cases import Case
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.readings.drafts import erase_draft, find_draft, keep_draft
from survey_app.usecases.readings.history import list_readings
from survey_app.usecases.readings.record import record_reading as record
from survey_app.usecases.readings.star import star_of
from survey_app.web.caseworker.readings.form_page import form_page
from survey_app.web.caseworker.readings.sheet import fields_sent, given_by, wave_of
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, staff, writing
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.RECORD_READINGS)
def record_reading(slug: str, case_ref: str) -> str:
    """The star of a wave: that of the address, else the one that is missing; with the draft."""
    with reading() as session:
        case = this_case(session, case_ref)
        readings = list_readings(session, case.id)
        recorded = {found.wave for found in readings if found.superseded_by_id is None}
        wave = wave_of(request.args.get("wave")) or proposed_wave(
            recorded, is_closed=case.closed_on is not None
        )
        return _page(session, case, wave)


@access(Audience.STAFF, Task.RECORD_READINGS)
def save_reading(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Record it, keep it as a draft, or forget the draft: the button says which."""
    wave = wave_of(request.form.get("wave")) or Wave.REVIEW
    action = request.form.get("action", "record")
    if action == "draft":
        _keep(case_ref, wave)
        flash(_("Saved as a draft. Nobody else sees it, and it counts nowhere yet."), "success")
        return _back(slug, case_ref, wave)
    if action == "discard":
        with writing() as session:
            case = this_case(session, case_ref)
            erase_draft(session, case.id, wave, account_id=staff().account.account_id)
        return _back(slug, case_ref, wave)
    return _record(slug, case_ref, wave)


@access(Audience.STAFF, Task.RECORD_READINGS)
def save_draft(slug: str, case_ref: str) -> Response | tuple[Response, int]:
    """The script's way to keep a draft while somebody scores: says when it was kept."""
    wave = wave_of(request.form.get("wave"))
    if wave is None:
        return jsonify(error="wave"), 400
    _keep(case_ref, wave)
    at = f"{runtime().now().astimezone(LONDON):%H:%M}"
    return jsonify(saved=_("Draft saved at %(at)s.", at=at))


def _keep(case_ref: str, wave: Wave) -> None:
    with writing() as session:
        case = this_case(session, case_ref)
        fields = fields_sent(star_of(session, case).instrument, request.form)
        keep_draft(
            session,
            case,
            wave,
            fields,
            account_id=staff().account.account_id,
            now=runtime().now(),
        )


def _record(slug: str, case_ref: str, wave: Wave) -> Response | tuple[str, int]:
    with writing() as session:
        case = this_case(session, case_ref)
        star = star_of(session, case)
        fields = fields_sent(star.instrument, request.form)
        given = given_by(star.instrument, fields, wave)
        outcome = record(
            session,
            case,
            star,
            given,
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
        if isinstance(outcome, tuple):
            found = list_readings(session, case.id)
            page = form_page(case, star.instrument, wave, fields, readings=found, faults=outcome)
            return page, 400
    if given.scored_by is ScoredBy.TOGETHER:
        flash(_("The reading is recorded."), "success")
    else:
        flash(_("The reading is recorded. Add the other’s view if you have it."), "success")
    return redirect(url_for("caseworker.readings", slug=slug, case_ref=case_ref))


def _page(session: Session, case: Case, wave: Wave) -> str:
    star = star_of(session, case)
    draft = find_draft(session, case.id, wave, account_id=staff().account.account_id)
    kept = None if draft is None else readable_or_none(draft.content)
    fields = _prefilled() if kept is None else dict(kept)
    return form_page(
        case,
        star.instrument,
        wave,
        fields,
        readings=list_readings(session, case.id),
        draft_at=None if draft is None or kept is None else draft.changed_at,
        is_licensed=star.is_licensed,
    )


def _prefilled() -> dict[str, str]:
    """What the address says of the occasion: the other's view of a day just recorded."""
    wanted = {name: request.args.get(name, "") for name in ("on", "scored_by")}
    return {name: value for name, value in wanted.items() if value}


def _back(slug: str, case_ref: str, wave: Wave) -> Response:
    return redirect(url_for("caseworker.record_reading", slug=slug, case_ref=case_ref, wave=wave))


def scoring_pages(pages: Blueprint) -> None:
    """Mount the star."""
    address = "/services/<slug>/cases/<ref:case_ref>/readings/new"
    pages.get(address)(record_reading)
    pages.post(address)(save_reading)
    pages.post(f"{address}/draft")(save_draft)
