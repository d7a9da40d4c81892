"""Which alerts wait: mine, nobody's, all, or closed ones? Past due first, urgent before others."""

from datetime import datetime

from flask import Blueprint, render_template, request

from survey_app.domain.access import Task
from survey_app.reporting.alert_answers import alert_answers
from survey_app.reporting.alerts import PAGE, AlertKey, AlertRow, Inbox, count_inbox, list_alerts
from survey_app.reporting.gate_people import find_alert_owner
from survey_app.web.caseworker.alert_words import EMPTY, INBOXES, OUTCOMES
from survey_app.web.shared.access import Audience, access, reading, staff, this_service
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_ALERTS)
def alerts(slug: str) -> str:
    """One inbox; `show` says which. Pages by key."""
    said = request.args.get("show")
    inbox = Inbox(said) if said in set(Inbox) else Inbox.ALL
    service_id, account_id = this_service().id, staff().account.account_id
    now, after = runtime().now(), _after()
    with reading() as session:
        found = list_alerts(
            session,
            service_id,
            now=now,
            inbox=inbox,
            account_id=account_id,
            after=after,
            limit=PAGE + 1,
        )
        counts = count_inbox(session, service_id, account_id, now)
        shown = found[:PAGE]
        answers = alert_answers(session, [row.id for row in shown])
        owner = find_alert_owner(session, service_id)
    began = after.at if after else now
    return render_template(
        "caseworker/alerts.html",
        alerts=shown,
        answers=answers,
        owner=owner and owner.name,
        inbox=inbox,
        inboxes=INBOXES,
        empty=EMPTY[inbox],
        counts=counts,
        outcomes=OUTCOMES,
        older=_key(shown[-1], began) if len(found) > PAGE else None,
        slug=slug,
        now=now,
    )


def _key(row: AlertRow, began: datetime) -> str:
    return f"{began.isoformat()}~{row.rank}~{row.due_at.isoformat()}~{row.id}"


def _after() -> AlertKey | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    parts = request.args.get("after", "").split("~")
    try:
        at, rank, due_at, alert_id = parts
        key = AlertKey(
            datetime.fromisoformat(at), int(rank), datetime.fromisoformat(due_at), int(alert_id)
        )
    except ValueError:
        return None
    is_zoned = key.at.tzinfo is not None and key.due_at.tzinfo is not None
    return key if is_zoned and abs(key.id) < 2**63 and abs(key.rank) < 10 else None


def alert_inbox_pages(pages: Blueprint) -> None:
    """Mount the list."""
    pages.get("/services/<slug>/alerts")(alerts)
