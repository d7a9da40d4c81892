"""How does somebody choose a period and filters? One form, whose answer is an address."""

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.periods import Quarter, parse
from survey_app.domain.requests import Mode
from survey_app.reporting.desk import first_closing
from survey_app.reporting.filters import FILTERED_BY, INSTRUMENT, Dimension
from survey_app.reporting.report import Part
from survey_app.web.commissioner.asked import (
    KNOWN,
    Asked,
    asked,
    asked_basis,
    asked_filters,
    asked_period,
)
from survey_app.web.commissioner.figures import quarters_since
from survey_app.web.commissioner.pages.registry import PAGES
from survey_app.web.commissioner.sources import find_source
from survey_app.web.commissioner.wording import FILTERS, INSTRUMENTS, named, valued
from survey_app.web.shared.access import Audience, access, reading, this_service

Option = tuple[str, str]


@access(Audience.STAFF, Task.SEE_LIVE_FIGURES)
def choose(slug: str, period: str) -> str:
    """The form, filled with what the address says."""
    about = asked(slug, period)
    with reading() as session:
        began = first_closing(session, this_service().id)
    quarters = [(quarter.code, quarter.label) for quarter in quarters_since(began)]
    first, last = (about.period,) * 2 if isinstance(about.period, Quarter) else _ends(about)
    for quarter in (first, last):
        if (quarter.code, quarter.label) not in quarters:
            quarters.append((quarter.code, quarter.label))
    page = request.args.get("page", "overview")
    return render_template(
        "commissioner/choose.html",
        asked=about,
        slug=slug,
        page=page if page in PAGES else "overview",
        quarters=sorted(quarters, reverse=True),
        first=first.code,
        last=last.code,
        filters=_filters(about),
    )


@access(Audience.STAFF, Task.SEE_LIVE_FIGURES)
def chosen(slug: str) -> Response:
    """To the page that the form asks for; quarters the wrong way round are put right."""
    first, last = request.args.get("from", ""), request.args.get("to", "")
    ends = [parse(first), parse(last)]
    if all(isinstance(end, Quarter) for end in ends):
        first, last = (quarter.code for quarter in sorted(ends))  # type: ignore[type-var]
    period = asked_period(first if first == last else f"{first}..{last}")
    about = Asked(slug, period, asked_basis(), asked_filters(request.args))
    page = request.args.get("page", "overview")
    return redirect(about.address(page if page in PAGES else None))


def _ends(about: Asked) -> tuple[Quarter, Quarter]:
    assert not isinstance(about.period, Quarter)
    return about.period.first, about.period.last


def _filters(about: Asked) -> list[tuple[str, str, list[Option], str]]:
    """Name, label, options and choice of each filter: the values that this period has."""
    everyone = find_source(Asked(about.slug, about.period), (Part.WHO_ANSWERED,))
    rows = everyone.content.get("who_answered", ()) if everyone is not None else ()
    query = about.query()
    found = []
    for name in FILTERED_BY:
        chosen_value = query.get(name, "")
        values = [row["value"] for row in rows if row["characteristic"] == name] or _known(name)
        if chosen_value and chosen_value not in values:
            values.append(chosen_value)
        options = [("", _("everyone")), *((value, valued(name, value)) for value in values)]
        found.append((name, named(FILTERS, name), options, chosen_value))
    return found


def _known(name: str) -> list[str]:
    if name == INSTRUMENT:
        return list(INSTRUMENTS)
    if name == Dimension.MODE.value:
        return [mode.value for mode in Mode]
    return list(KNOWN.get(name, ()))


def choosing_pages(pages: Blueprint) -> None:
    """Mount the form and its answer."""
    pages.get("/services/<slug>/figures/<period>/choose")(choose)
    pages.get("/services/<slug>/figures/chosen")(chosen)
