"""The person's own picture of change, to show or print: their words, theirs alone, better first."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from markupsafe import Markup

from survey_app.domain.access import Task
from survey_app.reporting.distance import AreaDistance, Distance, distances
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.caseworker.with_person.change import star_of
from survey_app.web.shared.access import Audience, access, reading, this_service


@dataclass(frozen=True)
class Line:
    """One area in the words that the person chose, first and last."""

    label: str
    first: str
    last: str


@dataclass(frozen=True)
class Picture:
    """What got better, what stayed, what is harder, over all that was asked twice; no scores."""

    stars: list[Markup]
    better: list[Line]
    same: list[Line]
    harder: list[Line]


@access(Audience.STAFF, Task.SEE_READINGS)
def picture(slug: str, case_ref: str) -> str:
    """The page for the person; what is printed of it names neither them nor the service."""
    with reading() as session:
        case = this_case(session, case_ref)
        found = [each for each in distances(session, case.id) if each.paired]
    return render_template(
        "caseworker/with_person/picture.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        picture=_picture(found) if found else None,
    )


def _picture(found: list[Distance]) -> Picture:
    paired = [area for distance in found for area in distance.paired]
    stars = [star_of(distance) for distance in found]
    return Picture(
        stars=[star for star in stars if star is not None],
        better=[_line(area) for area in paired if area.is_up],
        same=[_line(area) for area in paired if not area.is_up and not area.is_down],
        harder=[_line(area) for area in paired if area.is_down],
    )


def _line(area: AreaDistance) -> Line:
    words = {option.value: option.text for option in area.item.options}
    return Line(area.label, words.get(area.first, ""), words.get(area.last, ""))


def picture_pages(pages: Blueprint) -> None:
    """Mount the page."""
    pages.get("/services/<slug>/cases/<ref:case_ref>/picture")(picture)
