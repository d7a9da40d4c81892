"""How does a view reach the process's settings, database and clock?"""

from typing import cast

from flask import current_app

from survey_app.messaging.queue import Queue
from survey_app.store.runtime import Runtime


def runtime() -> Runtime:
    """The running process's `Runtime`."""
    return cast(Runtime, current_app.extensions["runtime"])


def queue() -> Queue:
    """The installation's queue, by which a worker is nudged."""
    return cast(Queue, current_app.extensions["queue"])
