"""How is a worker told at once that there is something to do?

The queue only nudges: a nudge says nothing but "look", not even an id. huey takes a task off its
queue before running it, so that a nudge dies with its worker; nothing depends on one arriving,
because the outbox is the truth and a sweep finds what was not done
(docs/decisions/the-queue-only-nudges.md).
"""

import hmac
import logging
from collections.abc import Callable
from functools import cached_property

import structlog
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.serializer import SignedSerializer
from redis import ConnectionPool

from survey_app.settings import Settings
from survey_app.store.redis_calls import READ_SECONDS, redis_options

FILE = "queue.db"
NAME = "survey"

log = structlog.get_logger()


class QueueNotAvailable(Exception):
    """`QUEUE_URL` names something that no queue can be kept in; the message says what can."""


class Queue:
    """The installation's queue: a file in DATA_DIR, or Redis where `QUEUE_URL` names one, so that
    workers on several hosts share it. Opened when first used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._on_nudge: Callable[[], object] = _nobody_listens

    def nudge(self) -> None:
        """Ask for a round soon. Call it after the commit; never raises, and one waiting nudge is
        enough for everyone."""
        try:
            if self._huey.storage.queue_size() == 0:
                self._look()
            # A file is not kept open by a process that only nudges now and then.
            self._huey.storage.close()
        except Exception as fault:
            # Whatever is wrong with the queue, the sweep will find what was committed.
            log.warning("nudge-lost", fault=type(fault).__name__)

    def answers(self) -> bool:
        """Whether the queue can be reached, within a second."""
        try:
            self._huey.storage.queue_size()
            self._huey.storage.close()
        except Exception as fault:
            log.warning("queue-away", fault=type(fault).__name__)
            return False
        return True

    def listener(self, on_nudge: Callable[[], object]) -> Consumer:
        """A consumer that calls `on_nudge` for every nudge, one at a time, between its `start()`
        and its `stop(graceful=True)`. The process keeps its own signal handlers."""
        self._on_nudge = on_nudge
        # The task must be known here too; a queue that cannot be opened fails now, by name.
        assert self._look
        _log_faults_without_words()
        return _Listener(
            self._huey, workers=1, periodic=False, max_delay=1.0, scheduler_interval=60
        )

    @cached_property
    def _look(self) -> Callable[[], object]:
        """The one task. Both sides make it here, so that both know it by the same name."""

        def look() -> None:
            self._on_nudge()

        task: Callable[[], object] = self._huey.task(name="look")(look)
        return task

    @cached_property
    def _huey(self) -> Huey:
        url = self._settings.queue_url
        signed = SignedSerializer(secret=_signing_key(self._settings), salt=NAME)
        if not url:
            self._settings.data_dir.mkdir(parents=True, exist_ok=True)
            file = self._settings.data_dir / FILE
            # A nudge that a power cut loses is one that the sweep makes good: no fsync.
            return SqliteHuey(
                NAME, results=False, serializer=signed, filename=str(file), fsync=False
            )
        if url.startswith(("redis://", "rediss://", "unix://")):
            pool = ConnectionPool.from_url(url, **redis_options())
            return RedisHuey(
                NAME,
                results=False,
                serializer=signed,
                connection_pool=pool,
                read_timeout=READ_SECONDS,
            )
        raise QueueNotAvailable(
            "QUEUE_URL must start with redis:// or rediss://; without it the queue is a file in "
            "DATA_DIR."
        )


def _nobody_listens() -> None:
    """A process that only nudges never runs the task."""


def _signing_key(settings: Settings) -> str:
    """A key of its own, so that what signs sessions signs nothing else. Whoever can write to Redis
    but does not know SECRET_KEY cannot hand a worker anything to load."""
    return hmac.digest(settings.keys.secret.encode(), b"survey queue", "sha256").hex()


class _Listener(Consumer):  # type: ignore[misc]
    """huey's consumer in a process that has handlers for its signals."""

    def _set_signal_handlers(self) -> None:
        """The worker's own handlers stay; `stop(graceful=True)` is how it is stopped."""


class _FaultWithoutWords(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        log.warning("queue-fault", where=record.name, fault=kind.__name__ if kind else "")


def _log_faults_without_words() -> None:
    """huey's warnings go into our log as a place and a class: their words might hold an address."""
    logger = logging.getLogger("huey")
    if not logger.handlers:
        logger.addHandler(_FaultWithoutWords(logging.WARNING))
        logger.propagate = False
