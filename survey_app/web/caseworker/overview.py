"""How does the service run: alerts, texts, the files that came in, the figures so far?"""

from flask import Blueprint, render_template

from survey_app.domain.access import Task, may
from survey_app.domain.periods import london_day, quarter_of
from survey_app.reporting.alert_answers import alert_answers
from survey_app.reporting.alerts import list_alerts
from survey_app.reporting.desk import desk_counts, list_imports
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.runtime import runtime

FIRST_ALERTS = 5


@access(Audience.STAFF, Task.SEE_DESK)
def overview(slug: str) -> str:
    """The same for everyone who works there, whatever is theirs to do."""
    return overview_page()


def overview_page() -> str:
    """Counts, the alerts due first, quarters and imports."""
    service, now = this_service(), runtime().now()
    quarter = quarter_of(london_day(now))
    with reading() as session:
        counts = desk_counts(session, service.id, now)
        imports = list_imports(session, service.id)
        sees_alerts = may(service.roles, Task.SEE_ALERTS)
        alerts = (
            list_alerts(session, service.id, now=now, limit=FIRST_ALERTS) if sees_alerts else []
        )
        answers = alert_answers(session, [row.id for row in alerts])
    return render_template(
        "caseworker/overview.html",
        service=service,
        counts=counts,
        imports=imports,
        alerts=alerts,
        answers=answers,
        sees_alerts=sees_alerts,
        quarters=[quarter, quarter.previous],
        now=now,
    )


def overview_pages(pages: Blueprint) -> None:
    """Mount it."""
    pages.get("/services/<slug>/overview")(overview)
