"""Pages about services as a whole."""

from survey_app.web.admin.routes import blueprint

__all__ = ["blueprint"]
