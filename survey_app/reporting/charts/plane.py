"""How is a chart of two axes drawn without script? Plain SVG with attributes only, as `drawing`."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import escape

from survey_app.reporting.charts.palette import BLUE, GREY, VERMILION
from survey_app.reporting.charts.rows import DASHES, Shape

WIDTH, HEIGHT = 420, 300
LEFT, TOP, BOTTOM = 46, 34, 62
NAMES_RIGHT, RIGHT = 116, 16
"""Room for what stands at the right ends of lines, and without."""


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
    """A named line through points."""

    name: str
    points: Sequence[tuple[float, float]]
    colour: str = GREY
    shape: Shape = Shape.DASHES


def step_of(highest: int) -> int:
    """Per cent between two lines of the grid, on a scale that ends at 25, 50, 75 or 100."""
    return 25 if highest > 50 else highest // 5


class Plane:
    """0 to `widest` across, 0 to `highest` per cent up. Add marks, then ask for `finished`."""

    def __init__(
        self, widest: float, highest: int, title: str, *, has_names_right: bool = False
    ) -> None:
        self._widest, self._highest = widest, highest
        self._right = WIDTH - (NAMES_RIGHT if has_names_right else RIGHT)
        self._parts: list[str] = []
        for percent in range(0, highest + 1, step_of(highest)):
            y = self._y(percent)
            self._parts.append(
                f'<line x1="{LEFT}" x2="{self._right}" y1="{y}" y2="{y}" '
                'stroke="currentColor" stroke-opacity="0.2"/>'
            )
            self._text(LEFT - 6, y + 4, f"{percent} %", "end")
        self._text(4, TOP - 16, title)

    def path(
        self, points: Sequence[tuple[float, float]], colour: str, shape: Shape = Shape.LINE
    ) -> None:
        """A line through points."""
        where = " ".join(f"{self._x(x)},{self._y(y)}" for x, y in points)
        dash = f' stroke-dasharray="{DASHES[shape]}"' if shape in DASHES else ""
        self._parts.append(
            f'<polyline points="{where}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )

    def ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Words under the plot, the second part of each below its first."""
        for x, text in ticks:
            for line, part in enumerate(text.split(" ", 1)):
                self._text(self._x(x), HEIGHT - BOTTOM + 18 + 15 * line, part, "middle")

    def named(self, x: float, y: float, text: str) -> None:
        """Words right of a point."""
        self._text(self._x(x) + 8, self._y(y) + 4, text)

    def named_above(self, x: float, y: float, text: str, anchor: str) -> None:
        """Words above a point."""
        self._text(self._x(x), self._y(y) - 12, text, anchor)

    def mark(self, x: float, y: float, *, is_signal: bool) -> None:
        """A dot, or a diamond for a signal: told apart without colour too."""
        across, up = self._x(x), self._y(y)
        if is_signal:
            corners = ((0, -7), (7, 0), (0, 7), (-7, 0))
            where = " ".join(f"{round(across + a, 1)},{round(up + b, 1)}" for a, b in corners)
            self._parts.append(f'<polygon points="{where}" fill="{VERMILION}"/>')
        else:
            self._parts.append(f'<circle cx="{across}" cy="{up}" r="4.5" fill="{BLUE}"/>')

    def finished(self, title: str) -> str:
        """The SVG; the table beneath says the same in words."""
        self._text(LEFT, HEIGHT - 12, title)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="100%" font-size="13" aria-hidden="true">{"".join(self._parts)}</svg>'
        )

    def _text(self, x: float, y: float, text: str, anchor: str = "start") -> None:
        place = f'x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}"'
        self._parts.append(f'<text {place} fill="currentColor">{escape(text)}</text>')

    def _x(self, value: float) -> float:
        return round(LEFT + value / self._widest * (self._right - LEFT), 1)

    def _y(self, percent: float) -> float:
        return round(HEIGHT - BOTTOM - percent / self._highest * (HEIGHT - TOP - BOTTOM), 1)
