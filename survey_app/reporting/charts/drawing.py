"""How is a chart drawn without script? Plain SVG with attributes only: the policy allows no styles.

Text takes the page's own colour (`currentColor`), so that it is readable on light and dark.
"""

from collections.abc import Sequence

from markupsafe import escape

from survey_app.reporting.charts.palette import EDGE
from survey_app.reporting.charts.rows import AXIS_HEIGHT, ROW_HEIGHT, row_places

WIDTH = 420
"""In units of the text's size (13): readable on a phone, where nothing redraws it."""
LEFT, RIGHT = 8, 16
LABEL_ABOVE = 15
"""From the middle of a row's mark up to the line its label stands on."""
CHARACTER = 7.2
"""Average width of a character at 13 pixels: decides whether a count fits into its bar."""


class Drawing:
    """One SVG of labelled rows over a horizontal scale. Add marks, then ask for `finished`."""

    def __init__(
        self,
        labels: Sequence[str],
        *,
        is_marked: Sequence[bool] | None = None,
        top: int = 0,
        shortest: float = 0,
        longest: float = 100,
    ) -> None:
        """Without `is_marked` every row has a mark."""
        self._labels = labels
        self._places, rows = row_places([True] * len(labels) if is_marked is None else is_marked)
        self._top = top + 8
        self._shortest, self._longest = shortest, longest
        self._bottom = round(self._top + ROW_HEIGHT * rows, 1)
        self._height = round(self._bottom + AXIS_HEIGHT - 10, 1)
        self._marks: list[str] = []

    def percent_axis(self, title: str) -> None:
        """0 to 100 %."""
        self.axis([(n, f"{n} %") for n in (0, 25, 50, 75, 100)], title)

    def count_axis(self, title: str) -> None:
        """0 and the longest bar's count."""
        self.axis([(0, "0"), (self._longest, f"{self._longest:g}")], title)

    def axis(self, ticks: Sequence[tuple[float, str]], title: str) -> None:
        """Grid lines with their values, and the title below."""
        for value, text in ticks:
            x = self._x(value)
            self._marks.append(
                f'<line x1="{x}" x2="{x}" y1="{self._top}" y2="{self._bottom}" '
                'stroke="currentColor" stroke-opacity="0.2"/>'
            )
            anchor = "start" if value == self._shortest else "middle"
            anchor = "end" if value == self._longest else anchor
            self._text(x, self._bottom + 17, text, anchor)
        self._text(LEFT, self._bottom + 40, title)

    def rule(self, value: float, text: str, colour: str) -> None:
        """A dashed line across all rows, named above."""
        x = self._x(value)
        self._marks.append(
            f'<line x1="{x}" x2="{x}" y1="{self._top}" y2="{self._bottom}" stroke="{colour}" '
            'stroke-width="2" stroke-dasharray="6 4"/>'
        )
        self._text(x, self._top - 6, text, "middle")

    def line(self, row: int, low: float, high: float, colour: str) -> None:
        """A thick line between two values."""
        y = self._y(row)
        self._marks.append(
            f'<line x1="{self._x(low)}" x2="{self._x(high)}" y1="{y}" y2="{y}" '
            f'stroke="{colour}" stroke-width="3"/>'
        )

    def circle(self, row: int, value: float, colour: str) -> None:
        """A dot."""
        self._marks.append(
            f'<circle cx="{self._x(value)}" cy="{self._y(row)}" r="6" fill="{colour}"/>'
        )

    def spot(self, row: int, value: float, colour: str) -> None:
        """A small dot: something between a first and a last."""
        self._marks.append(
            f'<circle cx="{self._x(value)}" cy="{self._y(row)}" r="3.5" fill="{colour}"/>'
        )

    def ring(self, row: int, value: float, colour: str) -> None:
        """A hollow dot."""
        self._marks.append(
            f'<circle cx="{self._x(value)}" cy="{self._y(row)}" r="8" fill="none" '
            f'stroke="{colour}" stroke-width="3"/>'
        )

    def bar(self, row: int, start: float, end: float, colour: str, text: str, ink: str) -> None:
        """A part of a bar, with its count where it fits."""
        x, y = self._x(start), self._y(row)
        width = round(self._x(end) - x, 1)
        self._marks.append(
            f'<rect x="{x}" y="{round(y - 11, 1)}" width="{width}" height="22" fill="{colour}" '
            f'stroke="{EDGE}"/>'
        )
        if width > CHARACTER * len(text) + 4:
            self._text(round(x + width / 2, 1), round(y + 5, 1), text, "middle", ink)

    def beside(self, row: int, value: float, text: str, *, is_right: bool) -> None:
        """Words right or left of a value."""
        x = self._x(value) + (10 if is_right else -10)
        y = round(self._y(row) + 5, 1)
        self._text(round(x, 1), y, text, "start" if is_right else "end")

    def finished(self) -> str:
        """The SVG; the table beside it says the same, so readers of the page by ear skip it."""
        for row, label in enumerate(self._labels):
            self._text(LEFT, round(self._y(row) - LABEL_ABOVE, 1), label)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self._height}" '
            f'width="100%" font-size="13" aria-hidden="true">{"".join(self._marks)}</svg>'
        )

    def _text(
        self, x: float, y: float, text: str, anchor: str = "start", ink: str = "currentColor"
    ) -> None:
        self._marks.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{ink}">{escape(text)}</text>'
        )

    def _x(self, value: float) -> float:
        share = (value - self._shortest) / ((self._longest - self._shortest) or 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def _y(self, row: int) -> float:
        return round(self._top + ROW_HEIGHT * self._places[row], 1)
