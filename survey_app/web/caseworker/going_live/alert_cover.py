"""Who owns a service's alerts, and within how long are they looked at?"""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.alerts import MOST_DUE_HOURS, MOST_LOW_SAFETY_DUE_HOURS, AlertHours
from survey_app.reporting.gate_people import find_alert_owner, may_own_alerts
from survey_app.store.services import Service
from survey_app.usecases.decider import Decider
from survey_app.usecases.set_alert_cover import CoverRefusal, set_alert_cover
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

_FIELDS = {
    CoverRefusal.OWNER_CANNOT: "owner",
    CoverRefusal.USUAL_HOURS: "hours",
    CoverRefusal.LOW_SAFETY_HOURS: "low_safety_hours",
}


@access(Audience.STAFF, Task.SEE_ALERTS)
def alert_cover(slug: str) -> str:
    """As it stands; a manager may change it."""
    return _page()


@access(Audience.STAFF, Task.SET_ALERT_COVER)
def change_alert_cover(slug: str) -> Response | tuple[str, int]:
    """Set owner and hours."""
    hours = AlertHours(_whole("hours"), _whole("low_safety_hours"))
    by = Decider(staff().account.account_id, None, runtime().now())
    with writing() as session:
        service = session.get_one(Service, this_service().id)
        refusal = set_alert_cover(session, service, _whole("owner"), hours, by)
    if refusal is not None:
        return _page(request.form, refusal), 400
    flash(_("Saved. Alerts that are open keep their due time."), "success")
    return redirect(url_for("caseworker.alert_cover", slug=slug))


def _whole(name: str) -> int:
    """A whole number as it was typed; 0, which nothing may be, for anything else."""
    typed = request.form.get(name, "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _page(typed: Mapping[str, str] | None = None, refusal: CoverRefusal | None = None) -> str:
    here = this_service()
    with reading() as session:
        service = session.get_one(Service, here.id)
        owner = find_alert_owner(session, here.id)
        able = may_own_alerts(session, here.id)
    stands = {
        "owner": "" if owner is None else str(owner.account_id),
        "hours": str(service.alert_due_hours),
        "low_safety_hours": str(service.low_safety_due_hours),
    }
    return render_template(
        "caseworker/going_live/alert_cover.html",
        owner=owner,
        hours=service.alert_hours,
        able=[(str(each.account_id), each.name) for each in able],
        typed=stands if typed is None else typed,
        errors=[] if refusal is None else [(_FIELDS[refusal], _refused(refusal))],
        slug=here.slug,
    )


def _refused(refusal: CoverRefusal) -> str:
    return {
        CoverRefusal.OWNER_CANNOT: _("Choose a manager or caseworker of this service."),
        CoverRefusal.USUAL_HOURS: _(
            "Give a whole number of hours from 1 to %(most)s.", most=MOST_DUE_HOURS
        ),
        CoverRefusal.LOW_SAFETY_HOURS: _(
            "Give a whole number of working hours from 1 to %(most)s.",
            most=MOST_LOW_SAFETY_DUE_HOURS,
        ),
    }[refusal]


def alert_cover_pages(pages: Blueprint) -> None:
    """Mount the page and its form."""
    address = "/services/<slug>/sending/alerts"
    pages.get(address)(alert_cover)
    pages.post(address)(change_alert_cover)
