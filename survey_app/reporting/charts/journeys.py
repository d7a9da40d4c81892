"""How did one person get from their first answer to their last? A dumbbell an area.

A ring for the first, small dots for what lay between, a dot for the last. One person's few values
are read off a table, so this is drawn once, as SVG, with nothing to explore.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey_app.reporting.charts.drawing import Drawing
from survey_app.reporting.charts.palette import BLUE, ORANGE


@dataclass(frozen=True)
class Journey:
    """One area; `first` and `last` None where there is none yet. `said` stands beside the name."""

    label: str
    said: str
    first: int | None
    last: int | None
    between: tuple[int, ...] = ()


def draw_journeys(rows: Sequence[Journey], *, axis: str, best: int) -> str:
    """The SVG, on the instrument's own scale from 1 to `best`."""
    drawing = Drawing([f"{row.label}: {row.said}" for row in rows], shortest=1, longest=best)
    drawing.axis([(n, str(n)) for n in range(1, best + 1)], axis)
    for i, row in enumerate(rows):
        if row.first is not None and row.last is not None:
            drawing.line(i, row.first, row.last, BLUE)
        for value in row.between:
            drawing.spot(i, value, BLUE)
        if row.first is not None:
            drawing.ring(i, row.first, ORANGE)
        if row.last is not None:
            drawing.circle(i, row.last, BLUE)
    return drawing.finished()
