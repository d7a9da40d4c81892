"""How does every Plotly figure here look, before the page's own colours and font are put in?

charts.js adds what depends on the page (font, text and grid colours, dark or light); what stands
here wins over it.
"""

from collections.abc import Sequence
from typing import Any

import plotly.io as pio

from survey_app.reporting.charts.rows import AXIS_HEIGHT, ROW_HEIGHT, row_places

ABOVE = 12
"""Pixels between the middle of a row's mark and its label: half of a bar, and its edge."""
LEFT = 20
"""Pixels left of the axis: room for half of its first label, which is "0 %"."""

# The default template would add 6 KB and its own colours to every figure.
pio.templates.default = None


def escaped(text: str) -> str:
    """Text as it stands, for Plotly, which reads a little HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def row_label(text: str, place: float) -> dict[str, Any]:
    """A row's label right above its mark: beside it, it would take half of a phone's width."""
    return {
        "text": escaped(text),
        "x": 0,
        "y": place,
        "xref": "paper",
        "xshift": -LEFT,
        "yref": "y",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "yshift": ABOVE,
        "showarrow": False,
        "font": {"size": 13},
    }


def rows_layout(
    labels: list[str], is_marked: Sequence[bool], axis: dict[str, Any], *, above: int = 0
) -> dict[str, Any]:
    """A row per label, first on top, over an axis that nobody can drag; `above` in pixels.

    Marks stand at `row_places` of the same rows.
    """
    places, rows = row_places(is_marked)
    return {
        "height": round(ROW_HEIGHT * rows) + AXIS_HEIGHT + above,
        "margin": {"t": 14 + above, "r": 24, "b": 50, "l": LEFT},
        "xaxis": {"fixedrange": True, "zeroline": False, "title": {"standoff": 8}} | axis,
        "yaxis": {"visible": False, "fixedrange": True, "range": [rows, 0]},
        "annotations": [row_label(*each) for each in zip(labels, places, strict=True)],
        "dragmode": False,
        "hovermode": "closest",
        "showlegend": False,
    }


def percent_axis(title: str) -> dict[str, Any]:
    """0 to 100, with its title, which names the base."""
    return {
        "range": [-0.5, 100.5],
        "tickvals": [0, 25, 50, 75, 100],
        "ticktext": ["0 %", "25 %", "50 %", "75 %", "100 %"],
        "title": {"text": title, "standoff": 8},
    }


def finished(data: list[Any], layout: dict[str, Any]) -> dict[str, Any]:
    """The figure as JSON-ready `data` and `layout`.

    Plotly checks each trace as it is made. Checking the whole again would take most of a page's
    time (docs/decisions/figures-over-many-cases.md); the tests do that for every kind of chart.
    """
    return {"data": [trace.to_plotly_json() for trace in data], "layout": layout}
