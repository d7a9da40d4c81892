"""What does somebody see first in a service? The desk for its staff, its quarters for others."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from survey_app.domain.access import Task, may
from survey_app.domain.periods import london_day, quarter_of
from survey_app.reporting.desk import desk_counts, list_alerts, list_imports
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.runtime import runtime

FIRST_ALERTS = 5


@access(Audience.STAFF, Task.OPEN_SERVICE)
def service_home(slug: str) -> Response | str:
    """The desk; whoever has no desk goes on to the published quarters, or is told what is here."""
    roles = this_service().roles
    if not may(roles, Task.SEE_DESK):
        if may(roles, Task.SEE_FIGURES):
            return redirect(url_for("commissioner.quarters", slug=slug))
        return render_template("caseworker/no_desk.html")
    return _desk()


def _desk() -> str:
    service, now = this_service(), runtime().now()
    quarter = quarter_of(london_day(now))
    with reading() as session:
        counts = desk_counts(session, service.id, now)
        imports = list_imports(session, service.id)
        sees_alerts = may(service.roles, Task.SEE_ALERTS)
        alerts = list_alerts(session, service.id, limit=FIRST_ALERTS) if sees_alerts else []
    return render_template(
        "caseworker/home.html",
        service=service,
        counts=counts,
        imports=imports,
        alerts=alerts,
        sees_alerts=sees_alerts,
        quarters=[quarter, quarter.previous],
        now=now,
    )


def home_pages(pages: Blueprint) -> None:
    """Mount the first page of a service."""
    pages.get("/services/<slug>")(service_home)
