"""What does a library's line say in our log? Its template and the classes of its fault, no values.

A template is a text that stands in the code that logs: a constant of one of the functions that led
here. What a library has put together itself (`f"{page} failed"`, a whole traceback as its message)
is none, whatever it says, and is left out.
"""

import io
import logging
import sys
import warnings
from pathlib import Path
from types import FrameType
from typing import TextIO

import structlog

from survey_app.logs.faults import describe_fault

STANDARD_ERROR = 2
FRAMES_LOOKED_AT = 12
"""Between the handler and who called: those of `logging`, and a library's own wrappers."""

log = structlog.get_logger()


class Printed(io.TextIOBase):
    """Stands for `sys.stderr` where nothing but lines may stand: gunicorn prints the words of a
    fault that stops one of its processes, beside logging it."""

    def write(self, text: str) -> int:
        """Write the line `printed`, with the text only if it is a template."""
        if text.strip():
            log.warning("printed", template=find_template(text))
        return len(text)

    def fileno(self) -> int:
        """Standard error itself, for who wants to lead it elsewhere."""
        return STANDARD_ERROR


class LibraryLines(logging.Handler):
    """Makes one of our lines of each record that a library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line `library`."""
        fault = record.exc_info[1] if record.exc_info else None
        # A library may have levels of its own between these.
        level = min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL)
        log.log(
            level,
            "library",
            logger=record.name,
            template=find_template(record.msg),
            **(describe_fault(fault) if fault else {}),
        )


def show_warning(
    _message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    _file: TextIO | None = None,
    _line: str | None = None,
) -> None:
    """A warning of Python's (`warnings.showwarning`): its class and which line is meant."""
    place = "/".join(Path(filename).parts[-2:])
    log.warning("warning", kind=[category.__name__], where=f"{place}:{lineno}")


def find_template(message: object) -> str | None:
    """The message, if it is a constant of the code that it comes from: call it from there on."""
    if not isinstance(message, str):
        return None
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 (there is no other way to a caller)
    for _ in range(FRAMES_LOOKED_AT):
        if frame is None:
            return None
        if message in frame.f_code.co_consts:
            return message
        frame = frame.f_back
    return None


def take_over_warnings() -> None:
    """Have Python's warnings come here instead of being printed with their words."""
    warnings.showwarning = show_warning
