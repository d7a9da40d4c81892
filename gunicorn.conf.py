"""How does gunicorn serve the app? Loaded once and forked, so that workers share what they never
change; `gunicorn wsgi:app` finds this file by itself.

What a host decides (address, number of workers) stays on the command line.
"""

# Its own lines are JSON lines like all others, and there is no access log: docs/guides/install.md.
logger_class = "survey_app.logs.server.ServerLogger"
preload_app = True
timeout = 75
"""Seconds after which a worker that says nothing is ended: staff's slowest statement may take 60
(survey_app/store/time_limits.py), and our own page about it has to come first."""
