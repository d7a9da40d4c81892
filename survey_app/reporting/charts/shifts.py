"""Where did people stand first, and where last? Dumbbells: a ring for first, a dot for last."""

from collections.abc import Sequence

import plotly.graph_objects as go

from survey_app.reporting.charts.drawing import Drawing
from survey_app.reporting.charts.figure import escaped, finished, rows_layout
from survey_app.reporting.charts.palette import BLACK, BLUE, ORANGE, WHITE
from survey_app.reporting.charts.rows import Chart, Series, Shape, Shift, row_places


def draw_shifts(
    rows: Sequence[Shift], *, axis: str, best: int, first_name: str, last_name: str
) -> Chart:
    """Medians on the instrument's own scale, 1 to `best`."""
    labels = [f"{row.label}: {row.said}" for row in rows]
    names = (first_name, last_name)
    return Chart(
        figure=_figure(rows, labels, axis, best, names),
        svg=_svg(rows, labels, axis, best),
        legend=(
            Series(first_name, ORANGE, BLACK, Shape.RING),
            Series(last_name, BLUE, WHITE, Shape.DOT),
        ),
    )


def _figure(
    rows: Sequence[Shift], labels: list[str], axis: str, best: int, names: tuple[str, str]
) -> dict[str, object]:
    is_marked = _is_marked(rows)
    places, _rows = row_places(is_marked)
    shown = [i for i, is_one in enumerate(is_marked) if is_one]
    between = go.Scatter(
        x=[x for i in shown for x in (rows[i].first, rows[i].last, None)],
        y=[y for i in shown for y in (places[i], places[i], None)],
        mode="lines",
        line={"color": BLUE, "width": 3},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    ends = [
        go.Scatter(
            name=name,
            x=[getattr(rows[i], end) for i in shown],
            y=[places[i] for i in shown],
            mode="markers",
            marker=marker,
            cliponaxis=False,
            text=[escaped(labels[i]) for i in shown],
            hovertemplate="%{text}<extra></extra>",
        )
        for name, end, marker in (
            (
                names[0],
                "first",
                {"size": 17, "color": ORANGE, "symbol": "circle-open"}
                | {"line": {"width": 3, "color": ORANGE}},
            ),
            (names[1], "last", {"size": 11, "color": BLUE}),
        )
    ]
    layout = rows_layout(labels, is_marked, _scale(axis, best))
    return finished([between, *ends], layout)


def _is_marked(rows: Sequence[Shift]) -> list[bool]:
    return [row.first is not None and row.last is not None for row in rows]


def _scale(title: str, best: int) -> dict[str, object]:
    return {
        "range": [0.7, best + 0.3],
        "tickvals": list(range(1, best + 1)),
        "title": {"text": title, "standoff": 8},
    }


def _svg(rows: Sequence[Shift], labels: list[str], axis: str, best: int) -> str:
    drawing = Drawing(labels, is_marked=_is_marked(rows), shortest=1, longest=best)
    drawing.axis([(n, str(n)) for n in range(1, best + 1)], axis)
    for i, row in enumerate(rows):
        if row.first is None or row.last is None:
            continue
        drawing.line(i, row.first, row.last, BLUE)
        drawing.ring(i, row.first, ORANGE)
        drawing.circle(i, row.last, BLUE)
    return drawing.finished()
