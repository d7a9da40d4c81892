"""A reading was wrong: correct it with a reason; nothing is edited in silence."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.instruments import may_use
from survey_app.domain.readings import Faulty, ReadingFault
from survey_app.store.cases import Case
from survey_app.store.responses import Response as StoredResponse
from survey_app.store.services import Service
from survey_app.usecases.readings.correct import correct_reading as correct
from survey_app.usecases.readings.history import Reading, get_reading, list_readings
from survey_app.usecases.readings.star import Star
from survey_app.web.caseworker.readings.form_page import form_page
from survey_app.web.caseworker.readings.sheet import fields_of, fields_sent, given_by
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, staff, writing
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.RECORD_READINGS)
def correct_reading(slug: str, case_ref: str, response_id: int) -> Response | str:
    """The form as it was recorded, and a reason to give."""
    with reading() as session:
        case = this_case(session, case_ref)
        former = get_reading(session, case.id, response_id)
        if former.superseded_by_id is not None:
            flash(_("This reading was corrected already. Here is how it stands."), "important")
            return _to_list(slug, case_ref)
        return _page(session, case, former, fields_of(former))


@access(Audience.STAFF, Task.RECORD_READINGS)
def save_correction(slug: str, case_ref: str, response_id: int) -> Response | tuple[str, int]:
    """Put what was sent in the former one's place."""
    with writing() as session:
        case = this_case(session, case_ref)
        former = get_reading(session, case.id, response_id)
        fields = fields_sent(former.instrument, request.form)
        service = session.get_one(Service, case.service_id)
        outcome = correct(
            session,
            case,
            session.get_one(StoredResponse, former.id),
            Star(former.instrument, may_use(former.instrument, service.licences)),
            given_by(former.instrument, fields, former.wave),
            reason=fields.get("reason", ""),
            account_id=staff().account.account_id,
            now=runtime().now(),
        )
        if isinstance(outcome, tuple):
            page = _page(session, case, former, fields, outcome)
            met = {found.fault for found in outcome}
            return page, 409 if ReadingFault.CORRECTED_MEANWHILE in met else 400
    flash(_("Corrected. What it said before stays in the history."), "success")
    return _to_list(slug, case_ref)


def _page(
    session: Session,
    case: Case,
    former: Reading,
    fields: dict[str, str],
    faults: tuple[Faulty, ...] = (),
) -> str:
    return form_page(
        case,
        former.instrument,
        former.wave,
        fields,
        faults=faults,
        readings=list_readings(session, case.id),
        corrects=former,
        is_licensed=True,
    )


def _to_list(slug: str, case_ref: str) -> Response:
    return redirect(url_for("caseworker.readings", slug=slug, case_ref=case_ref))


def correcting_pages(pages: Blueprint) -> None:
    """Mount the correction."""
    address = "/services/<slug>/cases/<ref:case_ref>/readings/<int:response_id>/correct"
    pages.get(address)(correct_reading)
    pages.post(address)(save_correction)
