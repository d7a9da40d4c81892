"""Which figures pages are there, what does each ask, and how is it put together?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.periods import Span, back, quarters_of
from survey_app.reporting.filters import Dimension
from survey_app.reporting.population import Basis
from survey_app.reporting.report import SUPPRESSED_PARTS, Part
from survey_app.web.commissioner.asked import Asked
from survey_app.web.commissioner.blocks import Block, Card
from survey_app.web.commissioner.key_figures import key_figures, part_of
from survey_app.web.commissioner.pages.compare import funnel_block
from survey_app.web.commissioner.pages.data_quality import data_quality_blocks
from survey_app.web.commissioner.pages.definitions import definitions_blocks
from survey_app.web.commissioner.pages.outcomes import matrix_blocks, mode_block, outcomes_blocks
from survey_app.web.commissioner.pages.overview import overview_blocks, overview_cards
from survey_app.web.commissioner.pages.reach import reach_blocks
from survey_app.web.commissioner.pages.satisfaction import by_mode_blocks, satisfaction_blocks
from survey_app.web.commissioner.pages.stars import stars_blocks, steps_blocks
from survey_app.web.commissioner.pages.trends import trends_blocks
from survey_app.web.commissioner.pages.who_answered import bounds_blocks, who_answered_blocks
from survey_app.web.commissioner.sources import (
    ROW_OF_TIME,
    Source,
    by_group,
    find_row_of_time,
    find_services,
    find_source,
)


@dataclass(frozen=True)
class Built:
    """What stands on a page: cards above, blocks below."""

    blocks: list[Block]
    cards: list[Card] | None = None


@dataclass(frozen=True)
class PageKind:
    """A page: its name, its question, and the parts of the report that it needs."""

    title: LazyString
    question: LazyString
    parts: frozenset[Part]
    build: Callable[[Asked, Source], Built]
    unpublished: LazyString | None = None
    """What the commissioner is told does not stand in what is published."""
    is_brief: bool = False
    """Whether it shows headline figures only."""


def _overview(asked: Asked, source: Source) -> Built:
    earlier = asked.period.previous
    before = find_source(replace(asked, period=earlier), is_brief=True)
    then = before.content if before is not None else None
    return Built(
        overview_blocks(source.content, then, earlier),
        overview_cards(source.content, then, earlier, asked),
    )


def _satisfaction(asked: Asked, source: Source) -> Built:
    blocks = satisfaction_blocks(source.content["satisfaction"])
    split = (
        find_source(asked, (Part.SATISFACTION,), Dimension.MODE, is_brief=True)
        if source.is_live
        else None
    )
    if split is not None and blocks:
        blocks += by_mode_blocks(by_group(split.content))
    return Built(blocks)


def _outcomes(asked: Asked, source: Source) -> Built:
    content = source.content
    instruments = dict.fromkeys(row["instrument"] for row in content["outcomes"])
    modes = [row for row in content.get("mode_changes", ()) if row["instrument"] in instruments]
    return Built(
        [
            *outcomes_blocks(content["outcomes"], modes),
            *matrix_blocks(content.get("changes", ()), instruments),
            *mode_block(modes),
        ]
    )


def _stars(asked: Asked, source: Source) -> Built:
    content = source.content
    instruments = dict.fromkeys(row["instrument"] for row in content["stars"])
    return Built(
        [
            *stars_blocks(content["stars"], content["stars_overall"]),
            *steps_blocks(content.get("changes", ()), instruments),
        ]
    )


def _reach(asked: Asked, source: Source) -> Built:
    return Built(reach_blocks(source.content["ladder"]))


def _who_answered(asked: Asked, source: Source) -> Built:
    content = source.content
    return Built([*who_answered_blocks(content.get("who_answered", ())), *bounds_blocks(content)])


def _data_quality(asked: Asked, source: Source) -> Built:
    content = source.content
    return Built(data_quality_blocks(content.get("recording", ()), content.get("who_answered", ())))


def _trends(asked: Asked, source: Source) -> Built:
    is_monthly = request.args.get("unit") == Dimension.MONTH.value and source.is_live
    by = Dimension.MONTH if is_monthly else Dimension.QUARTER
    by_time = find_row_of_time(asked, SUPPRESSED_PARTS, by)
    quarters = quarters_of(asked.period)
    first = min(quarters[0], back(quarters[-1], ROW_OF_TIME - 1))
    span = Span(first, quarters[-1])
    codes = [
        code
        for quarter in span.quarters
        for code in (quarter.months if is_monthly else (quarter.code,))
    ]
    began = next((n for n, code in enumerate(codes) if code in by_time), 0)
    return Built(trends_blocks(by_time, codes[began:]))


def _compare(asked: Asked, source: Source) -> Built:
    offered = key_figures(source.content)
    key = chosen_figure(source)
    if not offered:
        return Built([])
    label = next((figure.label for figure in offered if figure.key == key), key)
    parts = (part_of(key),)
    blocks = [funnel_block("services", _("Services"), find_services(asked, parts, source), key)]
    if source.is_live:
        areas = find_source(asked, parts, Dimension.LOCAL_AUTHORITY, is_brief=True)
        if areas is not None:
            places = by_group(areas.content)
            blocks.insert(0, funnel_block("areas", _("Local authorities"), places, key))
    return Built(
        [replace(block, title=f"{block.title}: {label}") for block in blocks if block is not None]
    )


USUAL_FIGURE = "completed-of-supported"


def chosen_figure(source: Source) -> str:
    """The figure that places are compared by: the address's, else completed of supported."""
    keys = [figure.key for figure in key_figures(source.content)]
    wanted = (request.args.get("figure", USUAL_FIGURE), USUAL_FIGURE, *keys)
    return next((key for key in wanted if key in keys), USUAL_FIGURE)


def _definitions(asked: Asked, source: Source) -> Built:
    return Built(definitions_blocks(source.content["definitions_version"]))


_STAFF_ONLY = _l(
    "Characteristics of people are not in what is published. The service's own staff see them."
)

PAGES: Mapping[str, PageKind] = {
    "overview": PageKind(
        _l("Overview"), _l("How are things?"), SUPPRESSED_PARTS, _overview, is_brief=True
    ),
    "satisfaction": PageKind(
        _l("Satisfaction"),
        _l("How satisfied are people with the support?"),
        frozenset({Part.SATISFACTION}),
        _satisfaction,
        _l("Satisfaction by how people answered is not in what is published."),
    ),
    "outcomes": PageKind(
        _l("Outcomes"),
        _l("What changed for people between their first and their last answer?"),
        frozenset({Part.OUTCOMES, Part.CHANGES}),
        _outcomes,
        _l("First by last answers, and how they were given, are not in what is published."),
    ),
    "stars": PageKind(
        _l("Stars"),
        _l("In which areas of life did people move?"),
        frozenset({Part.STARS, Part.CHANGES}),
        _stars,
        _l("How many steps people moved is not in what is published."),
    ),
    "reach": PageKind(
        _l("Reach"),
        _l("Who was asked, who answered, and who got lost on the way?"),
        frozenset({Part.LADDER}),
        _reach,
    ),
    "who-answered": PageKind(
        _l("Who answered"),
        _l("Are those who answered like those who were supported?"),
        frozenset({Part.LADDER, Part.SATISFACTION, Part.WHO_ANSWERED}),
        _who_answered,
        _STAFF_ONLY,
        is_brief=True,
    ),
    "trends": PageKind(
        _l("Trends"),
        _l("Is a figure moving, or only wobbling as it always does?"),
        frozenset(),
        _trends,
        _l("Months are not in what is published: a quarter is published as a whole."),
    ),
    "compare": PageKind(
        _l("Compare"),
        _l("Does a place stand apart, or is it only small?"),
        SUPPRESSED_PARTS,
        _compare,
        _l("Local authorities are not in what is published."),
        is_brief=True,
    ),
    "data-quality": PageKind(
        _l("Data quality"),
        _l("Is what we need to know recorded?"),
        frozenset({Part.RECORDING, Part.WHO_ANSWERED}),
        _data_quality,
        _l("What is recorded is not in what is published. The service's own staff see it."),
    ),
    "definitions": PageKind(
        _l("Definitions"), _l("What does each figure mean?"), frozenset(), _definitions
    ),
}
"""In the order of the navigation."""

ABOUT_CASES = frozenset({"reach", "who-answered", "data-quality"})
"""Pages about cases: nothing on the basis of answers, nor with a filter by what was answered."""


def is_about_other(page: str, asked: Asked) -> bool:
    """Whether a page about cases is asked for by what was answered."""
    is_by_answers = asked.basis is Basis.ANSWERED or not asked.filters.is_about_cases
    return page in ABOUT_CASES and is_by_answers
