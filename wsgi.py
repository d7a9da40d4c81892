"""The entry for gunicorn and for `flask --app wsgi`."""

from survey_app.app import create_app
from survey_app.settings import Settings

app = create_app(Settings.from_env())
