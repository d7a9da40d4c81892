"""The entry for gunicorn and for `flask --app wsgi`."""

import gc

from survey_app.app import create_app
from survey_app.settings import Settings

app = create_app(Settings.from_env())

# What was made so far stays to the end. Looking through all of it for what nobody uses any more
# took 140 ms, in the middle of somebody's tap; from here on only what is made later is looked at.
gc.collect()
gc.freeze()
