"""The application as it is, on the fault test's clock: for gunicorn and for `flask worker`."""

from faults.fast_time import FastClock, SkewedClock
from survey_app.app import create_app
from survey_app.settings import Settings

database_clock = FastClock.of_this_process()
app = create_app(Settings.from_env(), SkewedClock.of_this_process(), database_clock)
