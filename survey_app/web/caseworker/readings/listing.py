"""Which readings has this case, who scored them, where do two views differ, what was corrected?"""

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from survey_app.domain.access import Task
from survey_app.domain.requests import ScoredBy
from survey_app.usecases.readings.history import Occasion, Reading, list_readings, occasions
from survey_app.web.caseworker.readings.words import SCORED
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.contact_words import WAVES


@access(Audience.STAFF, Task.SEE_READINGS)
def readings(slug: str, case_ref: str) -> str:
    """Every occasion, newest first, and the history of corrections under it."""
    with reading() as session:
        return _page(session, case_ref)


def _page(session: Session, case_ref: str) -> str:
    case = this_case(session, case_ref)
    found = list_readings(session, case.id)
    return render_template(
        "caseworker/readings/list.html",
        slug=this_service().slug,
        case=case,
        occasions=occasions(found)[::-1],
        former=_former(found),
        waves=WAVES,
        scored=SCORED,
        other_view=other_view,
    )


def other_view(occasion: Occasion) -> ScoredBy | None:
    """Whose view of this day is still missing, where the other's was recorded alone."""
    scored = {found.scored_by for found in occasion.readings}
    if scored == {ScoredBy.WORKER}:
        return ScoredBy.CLIENT
    return ScoredBy.WORKER if scored == {ScoredBy.CLIENT} else None


def _former(found: list[Reading]) -> dict[int, list[tuple[Reading, Reading]]]:
    """By the id of the reading that stands: each correction that led to it, newest first.

    A pair is what was said before, and the reading that took its place.
    """
    by_id = {each.id: each for each in found}
    before = {each.superseded_by_id: each for each in found if each.superseded_by_id is not None}
    history: dict[int, list[tuple[Reading, Reading]]] = {}
    for standing in (each for each in found if each.superseded_by_id is None):
        steps, here = [], standing.id
        while (earlier := before.get(here)) is not None:
            steps.append((earlier, by_id[here]))
            here = earlier.id
        history[standing.id] = steps
    return history


def listing_pages(pages: Blueprint) -> None:
    """Mount the list."""
    pages.get("/services/<slug>/cases/<ref:case_ref>/readings")(readings)
