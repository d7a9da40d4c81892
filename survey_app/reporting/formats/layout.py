"""How do lines and columns line up in a terminal?"""

import textwrap
from collections.abc import Iterator, Sequence

from survey_app.domain.statistics import SUPPRESSED, Rate, whole_interval, whole_percent

WIDTH = 100
NO_DATA = "no data"


def heading(text: str) -> Iterator[str]:
    """A title with a line beneath it and an empty line before."""
    yield ""
    yield text
    yield "-" * len(text)


def paragraph(text: str, indent: str = "") -> list[str]:
    """Text wrapped to the width of the report."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def percent_of(rate: Rate) -> str:
    """A share in whole per cent with its base and interval: `74 % (74 of 100, 95 % CI 65-82)`."""
    if rate.suppressed is not None:
        base = f" (of {rate.denominator})" if rate.denominator is not None else ""
        return f"{SUPPRESSED:>5}{base}"
    numerator, denominator = rate.numerator or 0, rate.denominator or 0
    interval = whole_interval(numerator, denominator)
    if interval is None:
        return NO_DATA
    whole = whole_percent(numerator, denominator)
    low, high = interval
    return f"{whole:>3} % ({numerator} of {denominator}, 95 % CI {low}-{high})"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    """Columns as wide as what they hold: the first to the left, the others to the right."""
    cells = [list(header), *([_shown(value) for value in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        rest = (value.rjust(width) for value, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join((row[0].ljust(widths[0]), *rest)).rstrip()


def labelled(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Labels to the left, what is said of them in line to the right."""
    width = max((len(label) for label, _ in rows), default=0)
    for label, value in rows:
        yield f"{label.ljust(width)}  {value}".rstrip()


def _shown(value: object) -> str:
    return "-" if value is None else str(value)
