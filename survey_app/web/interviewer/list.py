"""Who is to be rung, now and later?"""

from flask import Blueprint, render_template

from survey_app.domain.access import Task
from survey_app.usecases.call_list import call_list
from survey_app.web.interviewer.words import told
from survey_app.web.shared.access import Audience, access, reading, staff, this_service
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_CALLS)
def calls(slug: str) -> str:
    """The list: those who may be rung now, then the others by when they may be."""
    now = runtime().now()
    with reading() as session:
        found = call_list(session, this_service().id, staff().account.account_id, now)
    return render_template(
        "interviewer/list.html",
        slug=slug,
        ready=[told(row, now) for row in found.rows if row.from_when is None],
        later=[told(row, now) for row in found.rows if row.from_when is not None],
        has_more=found.has_more,
    )


def list_pages(pages: Blueprint) -> None:
    """Mount the list."""
    pages.get("/services/<slug>/calls")(calls)
