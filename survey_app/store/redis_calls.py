"""How long may a call to Redis take? Nobody's page, and no worker's end, waits for it."""

from typing import Any

from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 1.0
READ_SECONDS = 0.5
"""How long a worker that listens lets Redis wait for a nudge: less than what ends the call."""


def redis_options() -> dict[str, Any]:
    """Time-outs for connecting and answering, and no second try, of which there are ten otherwise;
    for whatever takes the options of redis-py's connections."""
    return {
        "socket_connect_timeout": SECONDS,
        "socket_timeout": SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }
