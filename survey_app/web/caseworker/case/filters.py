"""Keep a way to narrow the list under a name of one's own, or let it go."""

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.reporting.desk_cases import Narrowing, Whose, list_cases
from survey_app.usecases.save_filter import (
    LONGEST_NAME,
    MOST,
    FilterRefusal,
    drop_filter,
    save_filter,
)
from survey_app.web.caseworker.case.list import cases_page, ways_to_look
from survey_app.web.caseworker.case.this_case import the_worker
from survey_app.web.shared.access import Audience, access, this_service, writing


@access(Audience.STAFF, Task.SEE_CASES)
def keep_filter(slug: str) -> Response | tuple[str, int]:
    """Keep the filter in sight under a name."""
    narrowing = Narrowing.read(request.form, default=Whose.SERVICE)
    name, worker = request.form.get("name", ""), the_worker()
    with writing() as session:
        service_id = this_service().id
        refusal = save_filter(session, service_id, name, narrowing.as_words(), worker)
        if refusal is not None:
            shown = list_cases(session, service_id, narrowing, worker.account_id)
            ways = ways_to_look(session, service_id, worker.account_id)
            words = _words(refusal)
            page = cases_page(slug, narrowing, shown, ways, more=False, error=words, name=name)
            return page, 400
    flash(_("Kept. It stands above the list from now on."), "success")
    return redirect(url_for("caseworker.cases", slug=slug, **narrowing.as_words()))


@access(Audience.STAFF, Task.SEE_CASES)
def let_filter_go(slug: str, filter_id: int) -> Response:
    """Let one of one's own filters go."""
    with writing() as session:
        drop_filter(session, this_service().id, filter_id, the_worker().account_id)
    flash(_("The filter is gone. No case changed."), "success")
    return redirect(url_for("caseworker.cases", slug=slug))


def _words(refusal: FilterRefusal) -> str:
    return {
        FilterRefusal.NO_NAME: _("Write a name for this filter."),
        FilterRefusal.NAME_TOO_LONG: _("Write at most %(n)s characters.", n=LONGEST_NAME),
        FilterRefusal.TOO_MANY: _("You have %(n)s filters. Let one go first.", n=MOST),
    }[refusal]


def filters_pages(pages: Blueprint) -> None:
    """Mount the two forms."""
    pages.post("/services/<slug>/case-filters")(keep_filter)
    pages.post("/services/<slug>/case-filters/<int:filter_id>/let-go")(let_filter_go)
