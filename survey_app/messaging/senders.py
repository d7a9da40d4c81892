"""How do several calls to a provider run at once, and when are their answers written down?

A real provider takes a tenth of a second and more for one call, so one after the other they would
hold back a crowd. Only the calls run in threads; claims and records stay in the thread that
dispatches, so that there is one order of transactions to reason about.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from time import monotonic
from types import TracebackType
from typing import Self

from survey_app.messaging.leases import Claim
from survey_app.messaging.providers.interface import SendResult
from survey_app.messaging.records import Answer

UNRECORDED_SECONDS = 0.05
"""How long an answer may wait to be written down together with the next ones, while the thread
that dispatches has nothing else to do."""


class Senders:
    """At most `at_once` calls under way; `call` never raises but when the process is to die."""

    def __init__(self, call: Callable[[Claim], SendResult], at_once: int) -> None:
        self._call = call
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="sender")
        self._under_way: dict[Future[SendResult], Claim] = {}
        self._answers: list[Answer] = []
        self._since = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown()

    def start(self, claim: Claim) -> None:
        """Hand one text over; ask `make_room` first."""
        self._under_way[self._pool.submit(self._call, claim)] = claim

    def make_room(self) -> Iterator[list[Answer]]:
        """Wait until one more call may start; yields answers that are to be recorded meanwhile."""
        yield from self._until(lambda: len(self._under_way) < self._at_once)
        if self._is_time():
            yield self._taken()

    def answered(self) -> Iterator[list[Answer]]:
        """What has been answered by now, without waiting."""
        self._gather(0)
        if self._answers:
            yield self._taken()

    def finish(self) -> Iterator[list[Answer]]:
        """Wait for every call under way."""
        yield from self._until(lambda: not self._under_way)
        yield from self.answered()

    def _until(self, is_enough: Callable[[], bool]) -> Iterator[list[Answer]]:
        self._gather(0)
        while not is_enough():
            left = self._since + UNRECORDED_SECONDS - monotonic()
            self._gather(max(left, 0) if self._answers else None)
            if self._is_time():
                yield self._taken()

    def _gather(self, timeout: float | None) -> None:
        if not self._under_way:
            return
        done, _ = wait(self._under_way, timeout, FIRST_COMPLETED)
        for future in done:
            if not self._answers:
                self._since = monotonic()
            self._answers.append((self._under_way.pop(future), future.result()))

    def _is_time(self) -> bool:
        return bool(self._answers) and monotonic() - self._since >= UNRECORDED_SECONDS

    def _taken(self) -> list[Answer]:
        taken, self._answers = self._answers, []
        return taken
