"""Does an area or a service stand apart, or is it only small? Funnel plots."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.funnels import ALARM, FEWEST, WARNING, Standing, funnel_limits, standing
from survey_app.domain.statistics import rate
from survey_app.reporting.charts.palette import GREY
from survey_app.reporting.charts.plane import Line, Spot
from survey_app.reporting.charts.plots import draw_funnel
from survey_app.reporting.charts.rows import Chart, Shape
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.key_figures import find_figure
from survey_app.web.commissioner.sources import Content
from survey_app.web.shared.formatting import share, whole_share

CURVE = 40
"""Points of each limit: enough that it looks round."""

Places = Sequence[tuple[str, Mapping[str, Any]]]
"""Names and their RATEs, each with a base."""


def funnel_block(place: str, title: str, by_place: Mapping[str, Content], key: str) -> Block | None:
    """One figure of every place in its funnel; None with fewer than two places to compare."""
    rates = [
        (name, figure.rate)
        for name, content in by_place.items()
        if (figure := find_figure(content, key)) is not None and figure.rate["denominator"]
    ]
    shown = [(name, found) for name, found in rates if found["numerator"] is not None]
    if len(shown) < 2:
        return None
    of = sum(found["numerator"] for _name, found in shown)
    all_of = sum(found["denominator"] for _name, found in shown)
    stands = {
        name: standing(found["numerator"], found["denominator"], of, all_of)
        for name, found in shown
    }
    hidden = len(rates) - len(shown)
    return Block(
        id=f"funnel-{place}",
        title=title,
        sentence=_sentence(stands, of, all_of),
        chart=_chart(shown, stands, of, all_of),
        tables=(
            Table(
                _("%(title)s: where each place lies", title=title),
                [_("Place"), _("Share"), _("In the funnel")],
                [[name, found, standing_words(stands[name])] for name, found in shown],
            ),
        ),
        warning=_("Places are left out whose figures are kept back as small.") if hidden else None,
        note=_(
            "Limits are where shares of so many people would lie, were every place like the whole: "
            "19 of 20 inside the inner, 499 of 500 inside the outer. A place outside asks for a "
            "question, not for blame. It may also support other people."
        ),
    )


def _chart(places: Places, stands: Mapping[str, Standing], of: int, all_of: int) -> Chart:
    spots = [
        Spot(
            found["denominator"],
            found["percent"],
            name,
            f"{name}: {share(found)}",
            stands[name] in (Standing.BEYOND_WARNING, Standing.BEYOND_ALARM),
        )
        for name, found in places
    ]
    widest = max(found["denominator"] for _name, found in places)
    bases = sorted({max(1, round(widest * step / CURVE)) for step in range(1, CURVE + 1)})
    bases = [base for base in bases if base >= FEWEST] or [FEWEST]
    mean = 100 * of / all_of
    lines = [Line(_("all together"), [(0, mean), (widest, mean)], GREY, Shape.LINE)]
    for coverage, name, shape in (
        (WARNING, _("95 of 100 places"), Shape.POINTS),
        (ALARM, _("998 of 1,000 places"), Shape.DASHES),
    ):
        limits = [(base, funnel_limits(of, all_of, base, coverage)) for base in bases]
        lines.append(Line(name, [(base, limit.high) for base, limit in limits], GREY, shape))
        lines.append(Line(name, [(base, limit.low) for base, limit in limits], GREY, shape))
    return draw_funnel(
        spots,
        lines,
        x_axis=_("People in the base"),
        y_axis=_("Per cent"),
        signal_name=_("Outside a limit"),
    )


def _sentence(stands: Mapping[str, Standing], of: int, all_of: int) -> str:
    whole = _("All together: %(share)s.", share=whole_share(rate(of, all_of)))
    apart = [
        f"{name} ({standing_words(found)})"
        for name, found in stands.items()
        if found in (Standing.BEYOND_WARNING, Standing.BEYOND_ALARM)
    ]
    if not apart:
        return _("%(whole)s No place stands apart by more than chance.", whole=whole)
    return _("%(whole)s Stands apart: %(places)s.", whole=whole, places="; ".join(apart))


def standing_words(found: Standing) -> str:
    """Where a place lies."""
    return {
        Standing.INSIDE: _("inside"),
        Standing.BEYOND_WARNING: _("outside the inner limit"),
        Standing.BEYOND_ALARM: _("outside the outer limit"),
        Standing.TOO_FEW: _("fewer than %(n)s people", n=FEWEST),
    }[found]
