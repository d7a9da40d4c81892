"""The entry for gunicorn and for `flask --app wsgi`."""

import gc
import os
import sys

import click
import structlog

from survey_app.app import create_app
from survey_app.cli.uncaught import say_uncaught
from survey_app.logs.lines import write_json_lines
from survey_app.settings import Settings, SettingsFault

# Ahead of everything that may fail. Under gunicorn it was done, at its level (gunicorn.conf.py).
write_json_lines()
is_command = click.get_current_context(silent=True) is not None
if is_command:
    sys.excepthook = say_uncaught

try:
    app = create_app(Settings.from_env())
except SettingsFault as fault:
    if is_command:
        click.echo(f"Error: {fault}", err=True)
        raise SystemExit(1) from fault
    structlog.get_logger().critical("settings-fault", says=str(fault))
    raise

# Nothing is open before a server forks its workers; were anything, two processes would talk over
# each other on one connection.
os.register_at_fork(after_in_child=app.extensions["runtime"].database.forget_connections)

# What was made so far stays to the end, and workers share it. Looking through all of it for what
# nobody uses any more took 140 ms, in the middle of somebody's tap, and would make each worker a
# copy of its own; from here on only what is made later is looked at.
gc.collect()
gc.freeze()
