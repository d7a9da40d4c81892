"""Who writes to standard error, and in which form? One JSON object a line, from everybody.

`at` is when, but in a line about a fault it is where, and when is `time` (FORMATS.md). A line is
one write, so that those of several processes do not mix; where it cannot be written it is lost, for
no page and no text may fail because a disk is full.
"""

import contextlib
import json
import logging
import os
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol

import structlog

from survey_app.logs.faults import describe_fault, log_fault, new_fault_id
from survey_app.logs.libraries import STANDARD_ERROR, LibraryLines, take_over_warnings
from survey_app.logs.scrubber import scrub

SILENT = ("gunicorn.access", "werkzeug")
"""Their lines are addresses of pages and of people; ours say what may be said of a request."""


def write_json_lines(level: int | None = None) -> None:
    """From now on this process's lines of `level` and above (INFO, or as before) are JSON on
    standard error.

    Of libraries only warnings and worse; of gunicorn what its own `--log-level` lets through.
    """
    if level is None and is_in_place():
        return
    structlog.configure(
        processors=[_when, _where, scrub, _as_json],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.INFO if level is None else level
        ),
        logger_factory=_StandardError,
        cache_logger_on_first_use=False,
    )
    _take_over_loggers()
    take_over_warnings()
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread
    sys.unraisablehook = _log_unraisable


def is_in_place() -> bool:
    """Whether this process writes its lines so."""
    return any(isinstance(each, LibraryLines) for each in logging.getLogger().handlers)


def _take_over_loggers() -> None:
    # It would print a record that it cannot format, with everything in it.
    logging.raiseExceptions = False
    root = logging.getLogger()
    for name in tuple(root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in SILENT:
        logging.getLogger(name).disabled = True
    root.handlers[:] = [LibraryLines()]
    root.setLevel(logging.WARNING)


class _StandardError:
    """The end of structlog's chain."""

    def __init__(self, *_names: Any) -> None:
        pass

    def msg(self, line: str) -> None:
        """Write one line: no lock and no buffer, so that a signal's handler may write one too."""
        with contextlib.suppress(OSError):
            os.write(STANDARD_ERROR, line.encode() + b"\n")

    debug = info = warning = error = critical = exception = log = msg


def _when(_logger: Any, method: str, line: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    key = "time" if "at" in line or line.get("exc_info") else "at"
    level = "error" if method == "exception" else method
    return {key: now, "level": level, "event": line.pop("event", None), **line}


def _where(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    given = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if given:
        fault = given if isinstance(given, BaseException) else sys.exception()
        line.update(describe_fault(fault) if fault else {})
    return line


def _as_json(_logger: Any, _method: str, line: dict[str, Any]) -> str:
    return json.dumps(line)


class _InThread(Protocol):
    exc_value: BaseException | None


def _log_uncaught(
    _kind: type[BaseException], fault: BaseException, _trace: TracebackType | None
) -> None:
    log_fault(fault, new_fault_id())


def _log_uncaught_in_thread(met: _InThread) -> None:
    if met.exc_value is not None and not isinstance(met.exc_value, SystemExit):
        log_fault(met.exc_value, new_fault_id())


def _log_unraisable(met: _InThread) -> None:
    if met.exc_value is not None:
        log_fault(met.exc_value, new_fault_id())
