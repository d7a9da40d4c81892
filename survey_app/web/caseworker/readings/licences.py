"""For which instruments of somebody else's has this service a licence?"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.services import get_service
from survey_app.usecases.record_licence import NoSuchLicence, licensed_keys, record_licence
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

LONGEST_REFERENCE = 200


@access(Audience.STAFF, Task.RECORD_LICENCES)
def licences(slug: str) -> str:
    """The instruments that need one, and which are recorded."""
    return _page({})


@access(Audience.STAFF, Task.RECORD_LICENCES)
def save_licence(slug: str) -> Response | tuple[str, int]:
    """Record a licence with its reference, or take the record back."""
    key = request.form.get("instrument", "")
    reference = request.form.get("reference", "").strip()[:LONGEST_REFERENCE]
    is_held = request.form.get("is_held") == "yes"
    if is_held and not reference:
        return _page({key: _("Write the licence’s number, or where it is filed.")}), 400
    try:
        with writing() as session:
            record_licence(
                session,
                get_service(session, slug),
                key,
                is_held=is_held,
                reference=reference,
                account_id=staff().account.account_id,
                now=runtime().now(),
            )
    except NoSuchLicence:
        abort(400)
    flash(_("The licence is recorded.") if is_held else _("The record is taken back."), "success")
    return redirect(url_for("caseworker.licences", slug=slug))


def _page(errors: dict[str, str]) -> str:
    newest = newest_instruments()
    with reading() as session:
        held = set(get_service(session, this_service().slug).licences)
    return render_template(
        "caseworker/readings/licences.html",
        slug=this_service().slug,
        instruments=[(newest[key], key in held) for key in licensed_keys()],
        errors=errors,
    )


def licences_pages(pages: Blueprint) -> None:
    """Mount the page."""
    pages.get("/services/<slug>/licences")(licences)
    pages.post("/services/<slug>/licences")(save_licence)
