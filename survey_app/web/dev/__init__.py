"""Pages for whoever develops or demonstrates: on loopback, in development, else not there."""

from survey_app.web.dev.outbox import blueprint

__all__ = ["blueprint"]
