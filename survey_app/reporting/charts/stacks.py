"""What is a total made of? Stacked bars, as shares of the total or as counts."""

from collections.abc import Sequence

import plotly.graph_objects as go

from survey_app.reporting.charts.drawing import Drawing
from survey_app.reporting.charts.figure import escaped, finished, percent_axis, rows_layout
from survey_app.reporting.charts.palette import BLACK, EDGE, PALE
from survey_app.reporting.charts.rows import Chart, Series, Stack, row_places

BAR = 0.46
"""Of a row's height; the label stands above."""
SMALLEST = 11
"""Pixels; a count that does not fit into its bar in this size is left to the table."""


def draw_stacks(
    rows: Sequence[Stack],
    series: Sequence[Series],
    *,
    axis: str,
    unshown: str,
    is_share: bool,
) -> Chart:
    """One bar a row, a colour per series; `unshown` names what was suppressed.

    With `is_share` every bar is 100 % of its own total, else bars are counts on one axis.
    """
    labels = [row.label for row in rows]
    drawn = [*series, Series(unshown, PALE, BLACK)]
    if not any(row.unshown for row in rows):
        drawn = list(series)
    parts = [_parts(row)[: len(drawn)] for row in rows]
    tops = [row.total or 0 for row in rows]
    scale = [(100 / top if top else 0) if is_share else 1 for top in tops]
    longest = 100 if is_share else max(tops, default=0) or 1
    is_marked = [bool(row.total) for row in rows]
    longest_shown = None if is_share else longest
    return Chart(
        figure=_figure(labels, is_marked, drawn, parts, scale, axis, longest_shown),
        svg=_svg(labels, is_marked, drawn, parts, scale, axis, longest, is_share=is_share),
        legend=tuple(drawn),
    )


Part = tuple[int, str]
"""How many, and what is written there."""


def _parts(row: Stack) -> list[Part]:
    counts = (*(part or 0 for part in row.parts), row.unshown)
    return list(zip(counts, row.said, strict=True))


def _figure(
    labels: list[str],
    is_marked: list[bool],
    series: Sequence[Series],
    parts: Sequence[Sequence[Part]],
    scale: Sequence[float],
    axis: str,
    longest: int | None,
) -> dict[str, object]:
    places, _rows = row_places(is_marked)
    traces = []
    for n, one in enumerate(series):
        counts, said = zip(*(row[n] for row in parts), strict=True)
        traces.append(
            go.Bar(
                name=one.name,
                orientation="h",
                y=places,
                x=[count * by for count, by in zip(counts, scale, strict=True)],
                width=BAR,
                text=said,
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                textfont={"color": one.ink, "size": 12},
                marker={"color": one.colour, "line": {"width": 1, "color": EDGE}},
                customdata=[escaped(label) for label in labels],
                hovertemplate="%{customdata}<br>" + escaped(one.name) + ": %{text}<extra></extra>",
            )
        )
    across = percent_axis(axis) if longest is None else _count_axis(axis, longest)
    layout = rows_layout(labels, is_marked, across) | {
        "barmode": "stack",
        "uniformtext": {"mode": "hide", "minsize": SMALLEST},
    }
    return finished(traces, layout)


def _count_axis(title: str, longest: int) -> dict[str, object]:
    return {"range": [0, longest * 1.02], "rangemode": "tozero", "title": {"text": title}}


def _svg(
    labels: list[str],
    is_marked: list[bool],
    series: Sequence[Series],
    parts: Sequence[Sequence[Part]],
    scale: Sequence[float],
    axis: str,
    longest: int,
    *,
    is_share: bool,
) -> str:
    drawing = Drawing(labels, is_marked=is_marked, longest=longest)
    if is_share:
        drawing.percent_axis(axis)
    else:
        drawing.count_axis(axis)
    for i, row in enumerate(parts):
        at = 0.0
        for one, (count, said) in zip(series, row, strict=True):
            width = count * scale[i]
            if count:
                drawing.bar(i, at, at + width, one.colour, said, one.ink)
            at += width
    return drawing.finished()
