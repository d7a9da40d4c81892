"""Two axes: a row of periods with its limits, and places in a funnel."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
from markupsafe import escape

from survey_app.reporting.charts.figure import escaped, finished
from survey_app.reporting.charts.palette import BLACK, BLUE, GREY, VERMILION, WHITE
from survey_app.reporting.charts.rows import Chart, Series

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 92, 24, 56
PHONE_TICKS = 6
"""Labels under a row of periods: more would lie over each other on a phone."""


@dataclass(frozen=True)
class Spot:
    """One mark: where it stands, what it is called, and the whole of it in words."""

    x: float
    y: float | None
    label: str
    hint: str
    is_signal: bool = False


@dataclass(frozen=True)
class Line:
    """A named line through points; `is_dashed` for limits."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str = GREY
    is_dashed: bool = True


def draw_process(
    spots: Sequence[Spot], lines: Sequence[Line], *, axis: str, signal_name: str
) -> Chart:
    """A row of per cents over periods, with mean and limits named at their right ends."""
    plain, loud = Series(axis, BLUE, WHITE), Series(signal_name, VERMILION, BLACK)
    has_signal = any(spot.is_signal for spot in spots)
    ticks = _ticks(spots)
    figure = _figure(
        [_path(spots), *_marks(spots)],
        lines,
        x={"tickvals": [t for t, _ in ticks], "ticktext": [escaped(t) for _, t in ticks]},
        y={"title": {"text": axis, "standoff": 6}},
        right=84 if lines else 20,
    )
    figure["layout"]["annotations"] = [
        _named_at_end(line, y) for line, y in zip(lines, _apart(lines), strict=True)
    ]
    drawing = _Plot(max(1, len(spots) - 1), spots, lines, axis)
    drawing.path([(s.x, s.y) for s in spots if s.y is not None], BLUE)
    drawing.ticks(ticks)
    drawing.ends(lines)
    return Chart(
        figure=figure, svg=drawing.finished(""), legend=(plain, loud) if has_signal else ()
    )


def draw_funnel(
    spots: Sequence[Spot], lines: Sequence[Line], *, x_axis: str, y_axis: str, signal_name: str
) -> Chart:
    """Places by their base (across) and share (up); those that stand apart carry their names."""
    figure = _figure(
        _marks(spots),
        lines,
        x={"title": {"text": x_axis, "standoff": 8}, "rangemode": "tozero"},
        y={"title": {"text": y_axis, "standoff": 6}},
        right=20,
    )
    figure["layout"]["annotations"] = [
        {
            "text": escaped(spot.label),
            "x": spot.x,
            "y": spot.y,
            "yshift": 14,
            "showarrow": False,
            "font": {"size": 13},
        }
        for spot in spots
        if spot.is_signal
    ]
    widest = max([spot.x for spot in spots] + [x for line in lines for x, _ in line.points])
    drawing = _Plot(widest, spots, lines, y_axis)
    drawing.ticks([(0, "0"), (widest, f"{widest:g}")])
    drawing.names([spot for spot in spots if spot.is_signal])
    names = {line.name: line.colour for line in lines}
    legend = [Series(name, colour, BLACK) for name, colour in names.items()]
    if any(spot.is_signal for spot in spots):
        legend.append(Series(signal_name, VERMILION, BLACK))
    return Chart(figure=figure, svg=drawing.finished(x_axis), legend=tuple(legend))


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
    y: dict[str, Any],
    right: int,
) -> dict[str, Any]:
    drawn = [
        go.Scatter(
            x=[at for at, _ in line.points],
            y=[at for _, at in line.points],
            mode="lines",
            name=line.name,
            line={"color": line.colour, "width": 2, "dash": "dash" if line.is_dashed else "solid"},
            hoverinfo="skip",
        )
        for line in lines
    ]
    layout = {
        "height": 340,
        "margin": {"t": 20, "r": right, "b": 50, "l": 50},
        "xaxis": {"fixedrange": True, "zeroline": False} | x,
        "yaxis": {"fixedrange": True, "zeroline": False, "range": [-2, 102], "ticksuffix": " %"}
        | y,
        "dragmode": False,
        "hovermode": "closest",
        "showlegend": False,
    }
    return finished([*drawn, *marks], layout)


LABEL = 8
"""Per cent of the height that a line's name takes."""


def _apart(lines: Sequence[Line]) -> list[float]:
    """Where each line's name stands: at its end, or as near to it as its neighbours let it."""
    order = sorted(range(len(lines)), key=lambda n: lines[n].points[-1][1])
    places = [line.points[-1][1] for line in lines]
    for lower, upper in pairwise(order):
        places[upper] = max(places[upper], places[lower] + LABEL)
    above = max([0.0, *(place - 100 for place in places)])
    for n in order:
        places[n] -= above
    return places


def _named_at_end(line: Line, place: float) -> dict[str, Any]:
    x, y = line.points[-1]
    return {
        "text": escaped(f"{line.name} {y:.0f} %"),
        "x": x,
        "y": place,
        "xanchor": "left",
        "xshift": 6,
        "showarrow": False,
        "font": {"size": 12},
    }


def _ticks(spots: Sequence[Spot]) -> list[tuple[float, str]]:
    step = max(1, -(-len(spots) // PHONE_TICKS))
    return [(spot.x, spot.label) for spot in spots[::step]]


class _Plot:
    """The same without script: plain SVG, 0 to `widest` across and 0 to 100 % up."""

    def __init__(
        self, widest: float, spots: Sequence[Spot], lines: Sequence[Line], title: str
    ) -> None:
        self._widest = widest or 1
        self._parts: list[str] = []
        for percent in (0, 25, 50, 75, 100):
            y = self._y(percent)
            self._parts.append(
                f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}" '
                'stroke="currentColor" stroke-opacity="0.2"/>'
            )
            self._text(LEFT - 6, y + 4, f"{percent} %", "end")
        self._text(4, TOP - 10, title)
        for line in lines:
            self.path(line.points, line.colour, is_dashed=line.is_dashed)
        self._spots = spots

    def path(
        self, points: Sequence[tuple[float, float]], colour: str, *, is_dashed: bool = False
    ) -> None:
        """A line through points."""
        where = " ".join(f"{self._x(x)},{self._y(y)}" for x, y in points)
        dash = ' stroke-dasharray="6 4"' if is_dashed else ""
        self._parts.append(
            f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )

    def ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Words under the plot."""
        for x, text in ticks:
            self._text(self._x(x), HEIGHT - BOTTOM + 18, text, "middle")

    def ends(self, lines: Sequence[Line]) -> None:
        """What each line is, at its right end."""
        for line, place in zip(lines, _apart(lines), strict=True):
            x, y = line.points[-1]
            self._text(self._x(x) + 6, self._y(place) + 4, f"{line.name} {y:.0f} %")

    def names(self, spots: Sequence[Spot]) -> None:
        """What marks are, above them."""
        for spot in spots:
            self._text(self._x(spot.x), self._y(spot.y or 0) - 10, spot.label, "middle")

    def finished(self, title: str) -> str:
        """The SVG with its marks on top; the table beneath says the same in words."""
        for spot in self._spots:
            if spot.y is not None:
                colour = VERMILION if spot.is_signal else BLUE
                self._parts.append(
                    f'<circle cx="{self._x(spot.x)}" cy="{self._y(spot.y)}" '
                    f'r="{6 if spot.is_signal else 4.5}" fill="{colour}"/>'
                )
        self._text(LEFT, HEIGHT - 12, title)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="100%" font-size="13" aria-hidden="true">{"".join(self._parts)}</svg>'
        )

    def _text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        place = f'x="{x}" y="{y}" text-anchor="{anchor}"'
        self._parts.append(f'<text {place} fill="currentColor">{escape(text)}</text>')

    def _x(self, value: float) -> float:
        return round(LEFT + value / self._widest * (WIDTH - LEFT - RIGHT), 1)

    def _y(self, percent: float) -> float:
        return round(HEIGHT - BOTTOM - percent / 100 * (HEIGHT - TOP - BOTTOM), 1)
