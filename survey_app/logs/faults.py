"""What may a log say about a fault? Its classes, the database's code for it, and where it was met.

Never its message: those of drivers, parsers and providers hold what somebody typed, numbers, links
and passwords. Never the values of a frame.
"""

import secrets
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import structlog

PACKAGE = Path(__file__).resolve().parents[1]
MOST_CLASSES = 8
MOST_FRAMES = 30

log = structlog.get_logger()


def new_fault_id() -> str:
    """What a page shows and its lines in the log bear: short enough to be read out."""
    return secrets.token_hex(4)


def log_fault(fault: BaseException, fault_id: str) -> None:
    """Write the line `fault`."""
    log.error("fault", id=fault_id, **describe_fault(fault))


def describe_fault(fault: BaseException) -> dict[str, Any]:
    """`kind` (its class, then those of what caused it), `sqlstate` (None where no database said
    one; SQLite's name of the error where it was SQLite) and `at` (our frames, outermost first)."""
    chain = list(_chain(fault))
    return {
        "kind": [_name(type(each)) for each in chain],
        "sqlstate": next(filter(None, map(_sqlstate, chain)), None),
        "at": our_frames(fault),
    }


def our_frames(fault: BaseException) -> list[str]:
    """ "file:line function" of each frame in our own files; the last ones where there are many."""
    frames = traceback.walk_tb(fault.__traceback__)
    found = [
        f"{Path(frame.f_code.co_filename).relative_to(PACKAGE.parent)}:{line} {_function(frame)}"
        for frame, line in frames
        if frame.f_code.co_filename.startswith(f"{PACKAGE}/")
    ]
    return found[-MOST_FRAMES:]


def _chain(fault: BaseException) -> Iterator[BaseException]:
    each: BaseException | None = fault
    for _ in range(MOST_CLASSES):
        if each is None:
            return
        yield each
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)


def _name(kind: type[BaseException]) -> str:
    is_built_in = kind.__module__ == "builtins"
    return kind.__qualname__ if is_built_in else f"{kind.__module__}.{kind.__qualname__}"


def _function(frame: Any) -> str:
    return str(frame.f_code.co_name)


def _sqlstate(fault: BaseException) -> str | None:
    return getattr(fault, "sqlstate", None) or getattr(fault, "sqlite_errorname", None)
