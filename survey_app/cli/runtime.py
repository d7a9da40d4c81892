"""How does a command reach the process's settings, database and clock?

Here every command is held to the installation's keys before it reads or writes anything.
"""

from typing import cast

import click
from flask import current_app

from survey_app.cli.key_words import in_words
from survey_app.messaging.queue import Queue
from survey_app.store.runtime import Runtime

RUN_WITH_ANY_KEYS = frozenset({"db upgrade"})
"""Commands that look at the keys themselves."""


def runtime() -> Runtime:
    """The running process's `Runtime`; ends the command with 1 if its keys are not the
    database's."""
    process = cast(Runtime, current_app.extensions["runtime"])
    if _command() not in RUN_WITH_ANY_KEYS and (refusals := process.keys.faults()):
        raise click.ClickException(in_words(refusals))
    return process


def queue() -> Queue:
    """The installation's queue, by which a worker is nudged."""
    return cast(Queue, current_app.extensions["queue"])


def _command() -> str:
    """The running command as one types it after `flask --app wsgi`."""
    names: list[str] = []
    context = click.get_current_context(silent=True)
    while context is not None and context.parent is not None:
        names.insert(0, context.info_name or "")
        context = context.parent
    return " ".join(names)
