"""How sure is each share? Dots with their 95 % intervals, a row each, and the target if any."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from survey_app.reporting.charts.drawing import Drawing
from survey_app.reporting.charts.figure import escaped, finished, percent_axis, rows_layout
from survey_app.reporting.charts.palette import BLUE, VERMILION
from survey_app.reporting.charts.rows import Chart, Dot, row_places

HALF = 60
"""Per cent from which on there is more room left of an interval than right of it."""
WORDS = 32
"""Per cent of a phone's width that a share with its base takes beside its interval."""


def draw_dots(
    rows: Sequence[Dot], *, axis: str, target: float | None = None, target_label: str = ""
) -> Chart:
    """A chart of shares; `axis` names the base, `target` (0-100) is a dashed line."""
    asked = _Asked(rows, axis, target, target_label)
    return Chart(figure=_figure(asked), svg=_svg(asked))


@dataclass(frozen=True)
class _Asked:
    """What is to be drawn, twice: for a page that draws it itself, and as it stands."""

    rows: Sequence[Dot]
    axis: str
    target: float | None
    target_label: str

    @property
    def labels(self) -> list[str]:
        """Of a share that is not told, the label says why."""
        return [
            row.label if row.percent is not None else f"{row.label}: {row.said}"
            for row in self.rows
        ]

    @property
    def is_marked(self) -> list[bool]:
        """Whether there is a share to mark, row by row."""
        return [row.percent is not None for row in self.rows]

    @property
    def above(self) -> int:
        """Pixels above the rows, for what the target is called."""
        return 24 if self.target is not None else 0


def _figure(asked: _Asked) -> dict[str, object]:
    places, _rows = row_places(asked.is_marked)
    found = zip(places, asked.rows, strict=True)
    shown = [(at, row) for at, row in found if row.percent is not None]
    trace = go.Scatter(
        x=[row.percent for _, row in shown],
        y=[at for at, _ in shown],
        mode="markers",
        marker={"size": 13, "color": BLUE, "line": {"width": 1, "color": "#ffffff"}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [round((row.high or 0) - (row.percent or 0), 1) for _, row in shown],
            "arrayminus": [round((row.percent or 0) - (row.low or 0), 1) for _, row in shown],
            "color": BLUE,
            "thickness": 2.5,
            "width": 6,
        },
        text=[escaped(f"{row.label}: {row.hint}") for _, row in shown],
        cliponaxis=False,
        hovertemplate="%{text}<extra></extra>",
    )
    axis = percent_axis(asked.axis)
    layout = rows_layout(asked.labels, asked.is_marked, axis, above=asked.above)
    target = asked.target
    layout["annotations"] += [_beside(at, row, target) for at, row in shown]
    if target is not None:
        line = {"color": VERMILION, "width": 2, "dash": "dash"}
        layout["shapes"] = [
            {"type": "line", "x0": target, "x1": target, "y0": 0, "y1": 1, "yref": "paper"}
            | {"line": line}
        ]
        layout["annotations"].append(
            {"text": asked.target_label, "x": target, "y": 1, "yref": "paper", "yanchor": "bottom"}
            | {"showarrow": False, "font": {"size": 13}}
        )
    return finished([trace], layout)


def _is_room_right(row: Dot, target: float | None) -> bool:
    """Whether the share is said right of its interval, else left of it; not upon the target."""
    low, high = row.low or 0, row.high or 0
    if target is not None and high < target < high + WORDS and low > WORDS:
        return False
    return high < HALF


def _beside(place: float, row: Dot, target: float | None) -> dict[str, object]:
    is_right = _is_room_right(row, target)
    return {
        "text": escaped(row.said),
        "x": row.high if is_right else row.low,
        "y": place,
        "xanchor": "left" if is_right else "right",
        "xshift": 8 if is_right else -8,
        "showarrow": False,
        "font": {"size": 13},
    }


def _svg(asked: _Asked) -> str:
    drawing = Drawing(asked.labels, is_marked=asked.is_marked, top=asked.above)
    target = asked.target
    drawing.percent_axis(asked.axis)
    if target is not None:
        drawing.rule(target, asked.target_label, VERMILION)
    for i, row in enumerate(asked.rows):
        if row.percent is None:
            continue
        drawing.line(i, row.low or 0, row.high or 0, BLUE)
        drawing.circle(i, row.percent, BLUE)
        is_right = _is_room_right(row, target)
        drawing.beside(i, (row.high if is_right else row.low) or 0, row.said, is_right=is_right)
    return drawing.finished()
