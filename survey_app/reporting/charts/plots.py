"""Two axes: a row of periods with its limits, and places in a funnel."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from survey_app.reporting.charts.figure import escaped, finished
from survey_app.reporting.charts.palette import BLACK, BLUE, VERMILION, WHITE
from survey_app.reporting.charts.plane import Line, Plane, Spot, step_of
from survey_app.reporting.charts.rows import Chart, Series, Shape

PHONE_TICKS = 5
"""Labels under a row of periods: more would lie over each other on a phone."""
WHOLE = 100
"""Per cent: as high as a share can be."""
QUARTER = 25
"""A funnel's scale ends at a multiple of it: its places are seldom near 100 %."""


def draw_process(
    spots: Sequence[Spot], lines: Sequence[Line], *, axis: str, usual_name: str, signal_name: str
) -> Chart:
    """A row of per cents over periods, with mean and limits named at their right ends."""
    plain = Series(usual_name, BLUE, WHITE, Shape.DOT)
    loud = Series(signal_name, VERMILION, BLACK, Shape.DIAMOND)
    has_signal = any(spot.is_signal for spot in spots)
    ticks = _ticks(spots)
    ends = [
        (line, place, f"{line.name} {line.points[-1][1]:.0f} %")
        for line, place in zip(lines, _apart(lines), strict=True)
    ]
    last = max(1, len(spots) - 1)
    figure = _figure(
        [_path(spots), *_marks(spots)],
        lines,
        x={
            "range": [-0.03 * last, 1.03 * last],
            "tickvals": [at for at, _ in ticks],
            "ticktext": ["<br>".join(map(escaped, text.split(" ", 1))) for _, text in ticks],
            "tickangle": 0,
            "tickfont": {"size": 12},
        },
        y=axis,
        highest=WHOLE,
        right=108 if lines else 20,
    )
    figure["layout"]["annotations"] += [_named_at_end(*end) for end in ends]
    plane = Plane(last, WHOLE, axis, has_names_right=bool(lines))
    _draw_lines(plane, lines)
    plane.path([(s.x, s.y) for s in spots if s.y is not None], BLUE)
    plane.ticks(ticks)
    for line, place, text in ends:
        plane.named(line.points[-1][0], place, text)
    _draw_spots(plane, spots)
    return Chart(figure=figure, svg=plane.finished(""), legend=(plain, loud) if has_signal else ())


def draw_funnel(
    spots: Sequence[Spot], lines: Sequence[Line], *, x_axis: str, y_axis: str, signal_name: str
) -> Chart:
    """Places by their base (across) and share (up); those that stand apart carry their names."""
    widest = max([spot.x for spot in spots] + [x for line in lines for x, _ in line.points]) or 1
    highest = _scale_end(spots, lines)
    figure = _figure(
        _marks(spots),
        lines,
        x={"title": {"text": x_axis, "standoff": 8}, "range": [0, 1.04 * widest]},
        y=y_axis,
        highest=highest,
        right=20,
    )
    apart = [spot for spot in spots if spot.is_signal]
    figure["layout"]["annotations"] += [_named_above(spot, widest) for spot in apart]
    plane = Plane(widest, highest, y_axis)
    _draw_lines(plane, lines)
    plane.ticks([(0, "0"), (widest, f"{widest:g}")])
    _draw_spots(plane, spots)
    for spot in apart:
        plane.named_above(spot.x, spot.y or 0, spot.label, _side(spot, widest))
    legend = {line.name: Series(line.name, line.colour, BLACK, line.shape) for line in lines}
    if apart:
        legend[signal_name] = Series(signal_name, VERMILION, BLACK, Shape.DIAMOND)
    return Chart(figure=figure, svg=plane.finished(x_axis), legend=tuple(legend.values()))


def _scale_end(spots: Sequence[Spot], lines: Sequence[Line]) -> int:
    """The multiple of 25 % above every mark and line, at most 100."""
    tops = [spot.y or 0 for spot in spots] + [y for line in lines for _, y in line.points]
    return min(WHOLE, QUARTER * (int(max(tops) // QUARTER) + 1))


def _path(spots: Sequence[Spot]) -> Any:
    return go.Scatter(
        x=[spot.x for spot in spots],
        y=[spot.y for spot in spots],
        mode="lines",
        line={"color": BLUE, "width": 2},
        connectgaps=True,
        hoverinfo="skip",
    )


def _marks(spots: Sequence[Spot]) -> list[Any]:
    kinds = ((False, BLUE, "circle", 9), (True, VERMILION, "diamond", 13))
    return [
        go.Scatter(
            x=[spot.x for spot in some],
            y=[spot.y for spot in some],
            mode="markers",
            marker={"size": size, "color": colour, "symbol": symbol}
            | {"line": {"width": 1, "color": WHITE}},
            text=[escaped(spot.hint) for spot in some],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
        for is_signal, colour, symbol, size in kinds
        if (some := [s for s in spots if s.is_signal is is_signal and s.y is not None])
    ]


def _figure(
    marks: list[Any],
    lines: Sequence[Line],
    *,
    x: dict[str, Any],
    y: str,
    highest: int,
    right: int,
) -> dict[str, Any]:
    """Marks over lines; the axis up is named above itself, where it is read without turning."""
    drawn = [
        go.Scatter(
            x=[at for at, _ in line.points],
            y=[at for _, at in line.points],
            mode="lines",
            name=line.name,
            line={"color": line.colour, "width": 2, "dash": DASH[line.shape]},
            hoverinfo="skip",
        )
        for line in lines
    ]
    layout = {
        "height": 340,
        "margin": {"t": 36, "r": right, "b": 50, "l": LEFT},
        "xaxis": {"fixedrange": True, "zeroline": False} | x,
        "yaxis": {"fixedrange": True, "zeroline": False, "ticksuffix": " %"}
        | {"range": [-0.02 * highest, 1.02 * highest], "dtick": step_of(highest)},
        "annotations": [_named_axis(y)],
        "dragmode": False,
        "hovermode": "closest",
        "showlegend": False,
    }
    return finished([*drawn, *marks], layout)


DASH = {Shape.LINE: "solid", Shape.DASHES: "dash", Shape.POINTS: "dot"}
LEFT = 46
LABEL = 8
"""Per cent of the height that a line's name takes."""


def _named_axis(text: str) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "xshift": -LEFT + 4}
    place |= {"y": 1, "yref": "paper", "yanchor": "bottom", "yshift": 8}
    return {"text": escaped(text), "showarrow": False, "font": {"size": 13}} | place


def _apart(lines: Sequence[Line]) -> list[float]:
    """Where each line's name stands: at its end, or as near to it as its neighbours let it."""
    # Lines on one another keep their order, the upper limit on top.
    order = sorted(range(len(lines)), key=lambda n: (lines[n].points[-1][1], -n))
    places = [line.points[-1][1] for line in lines]
    for lower, upper in pairwise(order):
        places[upper] = max(places[upper], places[lower] + LABEL)
    above = max([0.0, *(place - WHOLE for place in places)])
    for n in order:
        places[n] -= above
    return places


def _named_at_end(line: Line, place: float, text: str) -> dict[str, Any]:
    return {
        "text": escaped(text),
        "x": line.points[-1][0],
        "y": place,
        "xanchor": "left",
        "xshift": 8,
        "showarrow": False,
        "font": {"size": 12},
    }


def _named_above(spot: Spot, widest: float) -> dict[str, Any]:
    anchor = {"start": "left", "middle": "center", "end": "right"}[_side(spot, widest)]
    return {
        "text": escaped(spot.label),
        "x": spot.x,
        "y": spot.y,
        "xanchor": anchor,
        "yshift": 18,
        "showarrow": False,
        "font": {"size": 13},
    }


def _side(spot: Spot, widest: float) -> str:
    """A name near an edge runs away from it."""
    if spot.x < widest / 4:
        return "start"
    return "end" if spot.x > widest * 3 / 4 else "middle"


def _ticks(spots: Sequence[Spot]) -> list[tuple[float, str]]:
    """Some of the periods, evenly apart, the newest among them."""
    step = max(1, -(-(len(spots) - 1) // (PHONE_TICKS - 1)))
    return [(spot.x, spot.label) for spot in spots[::-1][::step]][::-1]


def _draw_lines(plane: Plane, lines: Sequence[Line]) -> None:
    for line in lines:
        plane.path(line.points, line.colour, line.shape)


def _draw_spots(plane: Plane, spots: Sequence[Spot]) -> None:
    for spot in spots:
        if spot.y is not None:
            plane.mark(spot.x, spot.y, is_signal=spot.is_signal)
