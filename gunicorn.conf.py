"""How does gunicorn run here? `gunicorn wsgi:app`, started in this folder, reads this file."""

# Its own lines are JSON lines like all others, and there is no access log: docs/guides/install.md.
logger_class = "survey_app.logs.server.ServerLogger"
