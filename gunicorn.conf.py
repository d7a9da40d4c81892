"""How does gunicorn serve the app? Loaded once and forked, so that workers share what they never
change; `gunicorn wsgi:app` finds this file by itself.

What a host decides (address, number of workers) stays on the command line.
"""

from typing import Any

preload_app = True
timeout = 75
"""Seconds after which a worker that says nothing is ended: staff's slowest statement may take 60
(survey_app/store/time_limits.py), and our own page about it has to come first."""


def post_fork(_server: Any, worker: Any) -> None:
    """Nothing is open before the fork; were anything, two processes would talk over each other on
    one connection."""
    runtime = worker.app.wsgi().extensions.get("runtime")
    if runtime is not None:  # The floor of `make bench` has none.
        runtime.database.forget_connections()
