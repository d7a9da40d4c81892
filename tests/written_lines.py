"""Fixture: what this process writes to its log, as another program would read it."""

import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from survey_app.logs.lines import write_json_lines

Line = dict[str, Any]


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[Line]]]:
    """Call it for the lines since the last call; all that was on standard error is JSON."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions, structlog.get_config()
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    capfd.readouterr()
    write_json_lines()
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    root.handlers[:], logging.raiseExceptions = before[0], before[2]
    root.setLevel(before[1])
    structlog.configure(**before[3])
    sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
