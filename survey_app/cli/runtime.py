"""How does a command reach the process's settings, database and clock?

Here every command is held to the installation's keys before it reads or writes anything.
"""

from typing import cast

import click
from flask import current_app

from survey_app.cli.key_words import in_words
from survey_app.messaging.queue import Queue
from survey_app.store.installation import KeyFault
from survey_app.store.runtime import Runtime

RUN_WITH_ANY_KEYS = frozenset({"db upgrade"})
"""Commands that look at the keys themselves."""

RUN_BEFORE_UPGRADES = frozenset({"instruments check", "messages check-provider"})
"""Commands that are of use, and read nothing of anyone, before there is a database."""


def runtime() -> Runtime:
    """The running process's `Runtime`; ends the command with 1 if its keys are not the
    database's."""
    process = cast(Runtime, current_app.extensions["runtime"])
    command = _command()
    refusals = () if command in RUN_WITH_ANY_KEYS else process.keys.faults()
    if command in RUN_BEFORE_UPGRADES:
        refusals = tuple(each for each in refusals if each.fault is not KeyFault.NOT_RECORDED)
    if refusals:
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
