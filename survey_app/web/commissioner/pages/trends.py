"""Is a figure moving, or only wobbling as it always does? XmR charts of every key figure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from survey_app.domain.periods import PeriodRefusal, Quarter, parse
from survey_app.domain.process_charts import FEWEST, ProcessChart, Signal, process_chart
from survey_app.reporting.charts.palette import GREY
from survey_app.reporting.charts.plane import Line, Spot
from survey_app.reporting.charts.plots import draw_process
from survey_app.reporting.charts.rows import Chart, Shape
from survey_app.reporting.report import Part
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.key_figures import KeyFigure, key_figures, part_of
from survey_app.web.commissioner.pages.satisfaction import base_axis
from survey_app.web.commissioner.sources import Content
from survey_app.web.shared.formatting import share

SHORT = 30
"""Answers below which a period's share is mostly chance; said beside the chart."""


def trends_blocks(by_time: Mapping[str, Content], codes: Sequence[str]) -> list[Block]:
    """One chart per key figure over all periods, those without figures left empty."""
    figures: dict[str, dict[str, KeyFigure]] = {}
    labels: dict[str, str] = {}
    for code, content in by_time.items():
        for figure in key_figures(content):
            figures.setdefault(figure.key, {})[code] = figure
            labels[figure.key] = figure.label
    return [_trend(key, labels[key], found, codes) for key, found in figures.items()]


def _trend(key: str, label: str, found: Mapping[str, KeyFigure], codes: Sequence[str]) -> Block:
    rates = [found[code].rate if code in found else None for code in codes]
    values = [None if rate is None else rate["percent"] for rate in rates]
    chart = process_chart(values, lowest=0, highest=100)
    bases = [rate["denominator"] for rate in rates if rate is not None and rate["denominator"]]
    return Block(
        id=f"trend-{key}",
        title=label,
        sentence=_sentence(chart, codes),
        chart=_chart(chart, codes, rates, part_of(key))
        if any(v is not None for v in values)
        else None,
        tables=(_table(label, chart, codes, rates),),
        is_folded=True,
        warning=_(
            "Some periods have fewer than %(n)s answers: their points jump by chance.", n=SHORT
        )
        if bases and min(bases) < SHORT
        else None,
    )


def _chart(chart: ProcessChart, codes: Sequence[str], rates: Sequence[Any], part: Part) -> Chart:
    spots = [
        Spot(
            n,
            value,
            period_label(code),
            f"{period_label(code)}: {share(rate)}" if rate is not None else "",
            bool(chart.signals[n]),
        )
        for n, (code, value, rate) in enumerate(zip(codes, chart.values, rates, strict=True))
    ]
    lines = []
    if chart.mean is not None and chart.low is not None and chart.high is not None:
        ends = (0, len(codes) - 1)
        lines = [
            Line(_("upper limit"), [(x, chart.high) for x in ends], GREY),
            Line(_("mean"), [(x, chart.mean) for x in ends], GREY, Shape.LINE),
            Line(_("lower limit"), [(x, chart.low) for x in ends], GREY),
        ]
    return draw_process(
        spots,
        lines,
        axis=base_axis((rate for rate in rates if rate is not None), _counted(part)),
        usual_name=_("Usual variation"),
        signal_name=_("More than usual variation"),
    )


def _counted(part: Part) -> str:
    """What the base of a key figure counts."""
    return {
        Part.SATISFACTION: _("answers"),
        Part.OUTCOMES: _("pairs"),
        Part.STARS: _("cases with a pair"),
    }.get(part, _("people"))


def _table(label: str, chart: ProcessChart, codes: Sequence[str], rates: Sequence[Any]) -> Table:
    rows = [
        [
            period_label(code),
            rate if rate is not None else _("no data"),
            ", ".join(signal_words(signal) for signal in sorted(signals)) or _("none"),
        ]
        for code, rate, signals in zip(codes, rates, chart.signals, strict=True)
    ]
    return Table(
        _("%(label)s by period", label=label), [_("Period"), _("Share"), _("Signal")], rows
    )


def _sentence(chart: ProcessChart, codes: Sequence[str]) -> str:
    if chart.mean is None:
        return _(
            "Fewer than %(n)s periods have figures: too few to say what is usual here.", n=FEWEST
        )
    usual = _(
        "Mean %(mean)s %%; usual variation lies between %(low)s and %(high)s %%.",
        mean=f"{chart.mean:.0f}",
        low=f"{chart.low:.0f}",
        high=f"{chart.high:.0f}",
    )
    found = [
        f"{period_label(code)} ({', '.join(signal_words(s) for s in sorted(signals))})"
        for code, signals in zip(codes, chart.signals, strict=True)
        if signals
    ]
    if not found:
        return _("%(usual)s No period stands out.", usual=usual)
    return _("%(usual)s Stands out: %(what)s.", usual=usual, what="; ".join(found))


def signal_words(signal: Signal) -> str:
    """What a signal is."""
    return {
        Signal.OUTSIDE: _("outside the limits"),
        Signal.RUN: _("eight in a row on one side"),
        Signal.TREND: _("six in a row in one direction"),
    }[signal]


def period_label(code: str) -> str:
    """A quarter as `Q1 18/19`, a month as `May 18`: short, for under a chart."""
    quarter = parse(code)
    if isinstance(quarter, Quarter):
        return f"Q{quarter.number} {quarter.year % 100:02d}/{(quarter.year + 1) % 100:02d}"
    assert isinstance(quarter, PeriodRefusal)
    year, month = code.split("-")
    return str(format_date(date(int(year), int(month), 1), "MMM yy"))
