"""A star of areas: one spoke an area, one ring a step, the best step outermost.

Plain SVG with attributes only, as everywhere (`drawing`). The board is the star to tap: a script
finds the nearest step by its `data-area` and `data-value`; the radio buttons beside it are the
truth, so the drawing itself is hidden from readers by ear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from markupsafe import escape

from survey_app.reporting.charts.palette import BLUE, ORANGE

WIDTH, HEIGHT = 540, 450
CENTRE_X, CENTRE_Y = 270, 228
RADIUS = 168
LABEL_AT = 180
LONGEST_LINE = 10
"""Characters of an area's name above which it takes two lines."""
SIZE = 18


@dataclass(frozen=True)
class Spoke:
    """One area: its id, its name, and how many steps it has."""

    area: str
    label: str
    best: int


Scores = Mapping[str, int]
"""Steps by area, 1 to the best; areas that are not in it were not scored."""


def star_board(spokes: Sequence[Spoke], *, scores: Scores, previous: Scores) -> str:
    """The star to tap, with the scores so far and the previous reading as an outline."""
    marks = [_shape(spokes, previous, "star__previous"), _shape(spokes, scores, "star__shape")]
    for spoke in spokes:
        for step in range(1, spoke.best + 1):
            x, y = _point(spokes, spoke, step)
            is_on = scores.get(spoke.area) == step
            marks.append(
                f'<circle class="star__step{" star__step--on" if is_on else ""}" cx="{x}" '
                f'cy="{y}" r="{9 if is_on else 4.5}" data-area="{escape(spoke.area)}" '
                f'data-value="{step}"/>'
            )
    return _svg(_grid(spokes) + marks + _names(spokes), "star star--board")


def draw_star(spokes: Sequence[Spoke], *, first: Scores, last: Scores) -> str:
    """Where somebody stood first (dashed, hollow) and last (filled)."""
    marks = [_shape(spokes, first, "star__previous"), _shape(spokes, last, "star__shape")]
    for spoke in spokes:
        if spoke.area in first:
            x, y = _point(spokes, spoke, first[spoke.area])
            marks.append(
                f'<circle cx="{x}" cy="{y}" r="8" fill="none" stroke="{ORANGE}" stroke-width="3"/>'
            )
        if spoke.area in last:
            x, y = _point(spokes, spoke, last[spoke.area])
            marks.append(f'<circle cx="{x}" cy="{y}" r="6" fill="{BLUE}"/>')
    return _svg(_grid(spokes) + marks + _names(spokes), "star")


def _svg(marks: Sequence[str], classes: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" font-size="{SIZE}" aria-hidden="true">'
        f"{''.join(marks)}</svg>"
    )


def _grid(spokes: Sequence[Spoke]) -> list[str]:
    best = max(spoke.best for spoke in spokes)
    rings = [
        f'<circle cx="{CENTRE_X}" cy="{CENTRE_Y}" r="{round(RADIUS * step / best, 1)}" '
        f'fill="none" stroke="currentColor" stroke-opacity="{0.45 if step == best else 0.15}"/>'
        for step in range(1, best + 1)
    ]
    lines = []
    for spoke in spokes:
        x, y = _point(spokes, spoke, spoke.best)
        lines.append(
            f'<line x1="{CENTRE_X}" y1="{CENTRE_Y}" x2="{x}" y2="{y}" '
            'stroke="currentColor" stroke-opacity="0.3"/>'
        )
    return rings + lines


def _shape(spokes: Sequence[Spoke], scores: Scores, name: str) -> str:
    """Lines between neighbours that are both scored; filled when every area is."""
    points = [
        _point(spokes, spoke, scores[spoke.area]) if spoke.area in scores else None
        for spoke in spokes
    ]
    is_whole = None not in points
    path = ""
    for here, there in zip(points, [*points[1:], points[0]], strict=True):
        if here is not None and there is not None:
            path += f"M{here[0]} {here[1]}L{there[0]} {there[1]}"
    if is_whole:
        path = "M" + "L".join(f"{point[0]} {point[1]}" for point in points if point) + "Z"
    whole = f" {name}--whole" if is_whole else ""
    return f'<path class="{name}{whole}" d="{path}"/>'


def _names(spokes: Sequence[Spoke]) -> list[str]:
    return [_name(spokes, spoke) for spoke in spokes]


def _name(spokes: Sequence[Spoke], spoke: Spoke) -> str:
    across, down = _direction(spokes, spoke)
    x = round(CENTRE_X + LABEL_AT * across, 1)
    y = round(CENTRE_Y + LABEL_AT * down + SIZE * (0.35 + 0.35 * down), 1)
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    lines = _in_lines(spoke.label)
    top = round(y - SIZE * 1.1 * (len(lines) - 1) * (0.5 - 0.5 * down), 1)
    spans = "".join(
        f'<tspan x="{x}" y="{round(top + SIZE * 1.1 * i, 1)}">{escape(line)}</tspan>'
        for i, line in enumerate(lines)
    )
    return (
        f'<text class="star__name" data-area="{escape(spoke.area)}" text-anchor="{anchor}" '
        f'fill="currentColor">{spans}</text>'
    )


def _in_lines(label: str) -> list[str]:
    """One line, or two broken after the space or hyphen nearest the middle."""
    breaks = [i + 1 for i, letter in enumerate(label) if letter in " -"]
    if len(label) <= LONGEST_LINE or not breaks:
        return [label]
    at = min(breaks, key=lambda i: abs(i - len(label) / 2))
    return [label[:at].strip(), label[at:]]


def _direction(spokes: Sequence[Spoke], spoke: Spoke) -> tuple[float, float]:
    angle = 2 * pi * spokes.index(spoke) / len(spokes) - pi / 2
    return cos(angle), sin(angle)


def _point(spokes: Sequence[Spoke], spoke: Spoke, step: float) -> tuple[float, float]:
    across, down = _direction(spokes, spoke)
    length = RADIUS * step / spoke.best
    return round(CENTRE_X + length * across, 1), round(CENTRE_Y + length * down, 1)
