"""What if something that leads to a person stands in a line after all? The last net.

Nothing should ever be caught here: each rule is kept where a line is made. So what is caught is
taken out *and* counted, and a count above 0 is a defect to be mended there.
"""

import re
from typing import Any

from prometheus_client import Counter

REMOVED = "[removed]"

removed_total = Counter(
    "survey_log_removed",
    "Times that something was taken out of a log line which should never have been in one.",
    registry=None,
)
"""`survey_log_removed_total` of this process."""

_TELLING = re.compile(
    r"""
      /(?:s|account/link)/(?!<)[^\s"'<>]+                  # a person's link, an invitation
    | (?<![0-9A-Za-z])(?:\+|00)\d(?:[ ()-]{0,2}\d){7,14}(?![0-9A-Za-z])   # a number, with country
    | (?<![0-9A-Za-z])0\d(?:[ ()-]{0,2}\d){8,9}(?![0-9A-Za-z])          # a number, as at home
    | (?<![0-9A-Za-z.])\d{10,15}(?![0-9A-Za-z])               # ten digits or more
    | (?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+                        # an e-mail address
    | \b[a-z][a-z0-9+.-]*://[^\s"'/@]*:[^\s"'/@]*@[^\s"']* # an address with a password in it
    | \bbearer\s+[^\s"']+
    | \?[\w.\[\]-]+=[^\s"']*                               # a query string
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LARGE = 10**9
_MOST_DEEP = 6


def scrub(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """A processor of structlog: the line, with `[removed]` for whatever tells."""
    for name, value in line.items():
        line[name] = _scrubbed(value)
    return line


def _scrubbed(value: Any, deep: int = 0) -> Any:
    if isinstance(value, str):
        return _scrubbed_text(value)
    if isinstance(value, bool | float) or value is None:
        return value
    if isinstance(value, int):
        return value if abs(value) < _LARGE else _scrubbed_text(str(value))
    if deep >= _MOST_DEEP:
        return type(value).__name__
    if isinstance(value, dict):
        return {_scrubbed_text(str(k)): _scrubbed(v, deep + 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_scrubbed(each, deep + 1) for each in value]
    # What it would say of itself nobody has read.
    return type(value).__name__


def _scrubbed_text(text: str) -> str:
    cleaned, times = _TELLING.subn(REMOVED, text)
    if times:
        removed_total.inc(times)
    return cleaned
