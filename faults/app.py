"""The application as it is, on the fault test's clock: for gunicorn and for `flask worker`."""

from faults.fast_time import FastClock
from survey_app.app import create_app
from survey_app.settings import Settings

app = create_app(Settings.from_env(), FastClock.of_this_process())
