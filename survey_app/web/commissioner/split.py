"""How do the groups of a period stand side by side: by sex, by area, by any one characteristic?"""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from survey_app.domain.access import Task
from survey_app.domain.periods import Quarter
from survey_app.reporting.filters import Dimension
from survey_app.reporting.quarter_tables import PUBLISHED_BY
from survey_app.web.commissioner.asked import Asked, asked, asked_dimension
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.figures import chips_of
from survey_app.web.commissioner.key_figures import find_figure, key_figures
from survey_app.web.commissioner.sources import Content, Source, by_group, find_source
from survey_app.web.commissioner.whole_report import has_suppressed
from survey_app.web.commissioner.wording import FILTERS, STEPS, TIERS, headed, named
from survey_app.web.shared.access import Audience, access


@access(Audience.STAFF, Task.SEE_FIGURES)
def split(slug: str, period: str, dimension: str) -> str:
    """One period by one characteristic: live for staff, as published for the commissioner."""
    about, by = asked(slug, period), asked_dimension(dimension)
    source = find_source(about, by=by)
    return render_template(
        "commissioner/split.html",
        asked=about,
        by=by.value,
        chips=chips_of(about),
        dimensions=dimension_links(about),
        name=named(FILTERS, by.value),
        period=about.period,
        is_quarter=isinstance(about.period, Quarter),
        slug=slug,
        source=source,
        block=split_block(by, source.content) if source and has_groups(source) else None,
        has_suppressed=source is not None and has_suppressed(source.content),
    )


def has_groups(source: Source) -> bool:
    """Whether anybody is in any group: without, words say so rather than an empty table."""
    return not source.report.is_empty and bool(by_group(source.content))


def dimension_links(about: Asked) -> list[tuple[str, str]]:
    """Key and name of every characteristic that a period may be split by."""
    return [(by.value, named(FILTERS, by.value)) for by in PUBLISHED_BY]


def split_block(by: Dimension, content: Content) -> Block:
    """How many people each group has, and its key figures, a table for each.

    What is told of no group is named in one sentence, rather than in a table of `[c]`.
    """
    groups = by_group(content)
    names = {group: group_name(by, group) for group in groups}
    tables = [_people(groups, names)] if content["ladder"] else []
    kept_back, left_out = [], 0
    figures = {f.key: f.label for document in groups.values() for f in key_figures(document)}
    for key, label in figures.items():
        rows = [
            [names[group], figure.rate]
            for group, document in groups.items()
            if (figure := find_figure(document, key)) is not None
        ]
        hidden = [share for _name, share in rows if share["suppressed"]]
        if hidden and not any(share["percent"] is not None for _name, share in rows):
            kept_back.append(label)
            left_out += len(hidden)
        else:
            tables.append(Table(label, [_("Group"), _("Share")], rows))
    return Block(
        id=f"by-{by.value}",
        title=_("By %(characteristic)s", characteristic=named(FILTERS, by.value).lower()),
        sentence=_("%(count)s groups.", count=len(groups)),
        tables=tuple(tables),
        note=_("Kept back for every group: %(figures)s.", figures="; ".join(kept_back))
        if kept_back
        else None,
        is_grid=True,
        left_out=left_out,
    )


def group_name(by: Dimension, group: str) -> str:
    """What people call a group, as it stands at the head of a row."""
    if by is Dimension.TIER:
        return named(TIERS, group)
    return headed(by.value, group)


def _people(groups: dict[str, Content], names: dict[str, str]) -> Table:
    steps = ("supported", "eligible", "asked", "completed")
    rows = [
        [names[group], *(row[step] for step in steps)]
        for group, document in groups.items()
        for row in document["ladder"] or ()
        if row["tier"] == "all"
    ]
    return Table(
        _("People"),
        [_("Group"), *(named(STEPS, step) for step in steps)],
        rows,
        is_wide=True,
        has_many_words=True,
    )


def split_pages(pages: Blueprint) -> None:
    """Mount the page of one characteristic."""
    pages.get("/services/<slug>/figures/<period>/by/<dimension>")(split)
