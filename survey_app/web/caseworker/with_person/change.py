"""How far has this person come? First, between and last, as star and dumbbells, with the tables."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from survey_app.domain.access import Task
from survey_app.domain.instruments import InstrumentKind
from survey_app.reporting.charts.journeys import Journey, draw_journeys
from survey_app.reporting.charts.star import Spoke, draw_star
from survey_app.reporting.distance import AreaDistance, Distance, distances
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.formatting import day


@dataclass(frozen=True)
class Shown:
    """One instrument's pictures and the rows of its table."""

    title: str
    star: Markup | None
    journeys: Markup
    rows: list[list[str]]


@access(Audience.STAFF, Task.SEE_READINGS)
def change(slug: str, case_ref: str) -> str:
    """Every instrument of the case that is read at several waves."""
    with reading() as session:
        case = this_case(session, case_ref)
        found = distances(session, case.id)
    return render_template(
        "caseworker/with_person/change.html",
        slug=this_service().slug,
        case_ref=case.case_ref,
        shown=[_shown(distance) for distance in found],
    )


def star_of(distance: Distance) -> Markup | None:
    """First and last on one star; only a star instrument is drawn as one."""
    if distance.instrument.kind is not InstrumentKind.STAR:
        return None
    items = distance.instrument.outcome_items
    drawn = draw_star(
        [Spoke(item.id, item.label or item.text, len(item.values)) for item in items],
        first={area.item.id: area.first for area in distance.areas if area.first is not None},
        last={area.item.id: area.last for area in distance.areas if area.last is not None},
    )
    return Markup(drawn)  # noqa: S704 (drawn by us; every name in it is escaped there)


def _shown(distance: Distance) -> Shown:
    best = max(area.item.best for area in distance.areas)
    journeys = draw_journeys(
        [
            Journey(area.label, moved(area), area.first, area.last, area.between)
            for area in distance.areas
        ],
        axis=_("Step, %(best)s is best", best=best),
        best=best,
    )
    return Shown(
        title=distance.instrument.title,
        star=star_of(distance),
        journeys=Markup(journeys),  # noqa: S704 (drawn by us; every name in it is escaped there)
        rows=[_row(area) for area in distance.areas],
    )


def moved(area: AreaDistance) -> str:
    """What became of an area, in a few words."""
    if area.first is None or area.last is None:
        return _("one answer so far")
    steps = abs(area.last - area.first)
    if area.is_up:
        return ngettext("%(num)s step better", "%(num)s steps better", steps)
    if area.is_down:
        return ngettext("%(num)s step worse", "%(num)s steps worse", steps)
    return _("as before")


def _row(area: AreaDistance) -> list[str]:
    return [
        area.label,
        _dated(area.first, None if area.first_on is None else day(area.first_on)),
        ", ".join(str(value) for value in area.between) or _("none"),
        _dated(area.last, None if area.last_on is None else day(area.last_on)),
        moved(area),
    ]


def _dated(value: int | None, on: str | None) -> str:
    if value is None:
        return _("none")
    return str(value) if on is None else _("%(value)s (%(day)s)", value=value, day=on)


def change_pages(pages: Blueprint) -> None:
    """Mount the page."""
    pages.get("/services/<slug>/cases/<ref:case_ref>/change")(change)
