"""The entry for gunicorn and for `flask --app wsgi`."""

import gc
import os

from survey_app.app import create_app
from survey_app.settings import Settings

app = create_app(Settings.from_env())

# Nothing is open before a server forks its workers; were anything, two processes would talk over
# each other on one connection.
os.register_at_fork(after_in_child=app.extensions["runtime"].database.forget_connections)

# What was made so far stays to the end, and workers share it. Looking through all of it for what
# nobody uses any more took 140 ms, in the middle of somebody's tap, and would make each worker a
# copy of its own; from here on only what is made later is looked at.
gc.collect()
gc.freeze()
