"""How are things, in a few figures, and did they change by more than chance?"""

from collections.abc import Sequence

from flask_babel import gettext as _

from survey_app.domain.differences import Difference, difference
from survey_app.domain.periods import Period
from survey_app.domain.statistics import SUPPRESSED, whole_percent
from survey_app.web.commissioner.asked import Asked
from survey_app.web.commissioner.blocks import Block, Card, Table
from survey_app.web.commissioner.key_figures import KeyFigure, find_figure, key_figures
from survey_app.web.commissioner.pages.satisfaction import rates_chart
from survey_app.web.commissioner.sources import Content
from survey_app.web.shared.formatting import count, interval

CARDS = ("satisfied", "any-area-adult", "completed-of-supported")
"""Beginnings of the keys of the figures that get a card; the best improved area gets one too."""


def overview_blocks(content: Content, before: Content | None, earlier: Period) -> list[Block]:
    """Every key figure, as a chart and beside that of the period before."""
    figures = key_figures(content)
    if not figures:
        return []
    head = [_("Figure"), _("Now"), _("Target"), earlier.label, _("Change in points")]
    head.append(_("More than chance?"))
    rows = [
        [figure.label, figure.rate, _target(figure), *_compared(figure, before)]
        for figure in figures
    ]
    return [
        Block(
            id="key-figures",
            title=_("Every headline figure"),
            sentence=_summary(figures, before, earlier),
            chart=rates_chart(
                [(figure.label, figure.rate) for figure in figures], _("in each base")
            ),
            tables=(Table(_("Headline figures, and the period before"), head, rows),),
            note=_(
                "More than chance: no difference at all lies outside Newcombe's interval (95 per "
                "cent) of the difference of two shares. One in twenty such signals is chance all "
                "the same."
            ),
        )
    ]


def overview_cards(
    content: Content, before: Content | None, earlier: Period, asked: Asked
) -> list[Card]:
    """The few that everyone asks for first."""
    figures = key_figures(content)
    shown = [figure for figure in figures if figure.key.startswith(CARDS)]
    improved = [
        figure
        for figure in figures
        if figure.key.startswith("improved-") and figure.rate["percent"] is not None
    ]
    if improved:
        best = max(improved, key=lambda figure: figure.rate["percent"])
        place = sum(figure.key.startswith("satisfied") for figure in shown)
        shown.insert(place, best)
    return [_card(figure, before, earlier, asked) for figure in shown]


def _card(figure: KeyFigure, before: Content | None, earlier: Period, asked: Asked) -> Card:
    href = asked.address(figure.page)
    rate = figure.rate
    if rate["suppressed"]:
        return Card(SUPPRESSED, figure.label, href=href)
    if not rate["denominator"]:
        return Card(_("no data"), figure.label, href=href)
    base = _(
        "%(numerator)s of %(base)s, likely %(interval)s",
        numerator=count(rate["numerator"]),
        base=count(rate["denominator"]),
        interval=interval(rate),
    )
    if figure.target is not None:
        base = _("%(base)s; target %(target)s %%", base=base, target=f"{figure.target:g}")
    percent = whole_percent(rate["numerator"], rate["denominator"])
    return Card(
        _("%(percent)s %%", percent=percent),
        figure.label,
        base,
        change_words(_change(figure, before), earlier),
        href,
    )


def _target(figure: KeyFigure) -> str:
    return "" if figure.target is None else _("%(target)s %%", target=f"{figure.target:g}")


def _change(figure: KeyFigure, before: Content | None) -> Difference | None:
    then = find_figure(before, figure.key) if before is not None else None
    return None if then is None else difference(figure.exact, then.exact)


def _compared(figure: KeyFigure, before: Content | None) -> list[object]:
    then = find_figure(before, figure.key) if before is not None else None
    change = _change(figure, before)
    if change is None:
        return [then.rate if then else _("no data"), _("cannot be compared"), ""]
    return [then.rate if then else None, points(change), verdict(change)]


def points(change: Difference) -> str:
    """`+4 (−2 to +10)`: percentage points with their interval."""
    return _(
        "%(points)s (%(low)s to %(high)s)",
        points=signed(change.points),
        low=signed(change.low),
        high=signed(change.high),
    )


def signed(value: float) -> str:
    """A number with its sign, as it is printed."""
    return f"{value:+.1f}".replace("-", "−") if value else "0"


def verdict(change: Difference) -> str:
    """Whether a difference is more than chance."""
    return _("yes") if change.is_more_than_chance else _("could be chance")


def change_words(change: Difference | None, earlier: Period) -> str:
    """What changed since, in words."""
    if change is None:
        return _("No figure for %(earlier)s to compare with.", earlier=earlier.label)
    values = {"points": f"{abs(change.points):.1f}", "earlier": earlier.label}
    if not change.is_more_than_chance:
        return _(
            "%(change)s points on %(earlier)s: could be chance.",
            change=signed(change.points),
            earlier=earlier.label,
        )
    if change.points > 0:
        return _("Up %(points)s points on %(earlier)s: more than chance.", **values)
    return _("Down %(points)s points on %(earlier)s: more than chance.", **values)


def _summary(figures: Sequence[KeyFigure], before: Content | None, earlier: Period) -> str:
    if before is None:
        return _("There are no figures for %(earlier)s to compare with.", earlier=earlier.label)
    changes = [(figure, _change(figure, before)) for figure in figures]
    moved = [(f, c) for f, c in changes if c is not None and c.is_more_than_chance]
    if not moved:
        return _("Nothing moved by more than chance since %(earlier)s.", earlier=earlier.label)
    return _(
        "More than chance since %(earlier)s: %(what)s.",
        earlier=earlier.label,
        what="; ".join(f"{f.label} {signed(c.points)}" for f, c in moved),
    )
