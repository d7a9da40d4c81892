"""What is due right now? One pass over all of it, in an order in which nothing is missed.

Safe to run at any time, from several processes at once, and after any crash: everything that it
does is found again in the database. It opens its own transactions, a batch or a text at a time,
because no call to a provider may stand inside one.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar

from sqlalchemy.orm import Session

from survey_app.domain.clock_faults import ClockFault
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.leases import expire_leases
from survey_app.messaging.providers.choose import Providers
from survey_app.messaging.providers.interface import ReceiptStatus
from survey_app.messaging.receipts import receive_all
from survey_app.messaging.reconcile import reconcile_due
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.trials import running_trials
from survey_app.usecases.check_clock import check_clock
from survey_app.usecases.expire import Expired, expire_due
from survey_app.usecases.hear_texts import hear_kept_texts
from survey_app.usecases.invite import QueueCounts, invite_due
from survey_app.usecases.remind import remind_due
from survey_app.usecases.run_trial import end_trials_by_plan
from survey_app.usecases.turn_to_calls import Turned, turn_to_calls

BATCH = 500
ShouldStop = Callable[[], bool]


@dataclass
class RunCounts:
    """What one pass did. `texts` by `accepted failed retried unknown`."""

    expired: int = 0
    invitations: QueueCounts = field(default_factory=QueueCounts)
    reminders: QueueCounts = field(default_factory=QueueCounts)
    turned: Turned = field(default_factory=Turned)
    texts: Counter[str] = field(default_factory=Counter)
    deferred: int = 0
    cancelled: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    """Texts that were left to a person before they left, by reason."""
    leases_expired: int = 0
    reconciled: Counter[str] = field(default_factory=Counter)
    delivered: int = 0
    undelivered: int = 0
    clock_fault: ClockFault | None = None
    """Why nothing at all was done: what the clocks show cannot be acted on."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was due."""
        return not any(_numbers(self.as_json()))

    def as_json(self) -> dict[str, Any]:
        """The counts as `messages run-due --json` prints them."""
        return {
            "expired": self.expired,
            "invitations": self.invitations.queued,
            "reminders": self.reminders.queued,
            "refused": dict(self.invitations.refused + self.reminders.refused),
            "deferred": self.invitations.deferred + self.reminders.deferred + self.deferred,
            "sent": self.texts["accepted"],
            "failed": self.texts["failed"],
            "retried": self.texts["retried"],
            "unknown": self.texts["unknown"],
            "cancelled": dict(self.cancelled),
            "set_aside": dict(
                self.invitations.set_aside + self.reminders.set_aside + self.set_aside
            ),
            "turned_to_calls": self.turned.to_calls,
            "leases_expired": self.leases_expired,
            "reconciled": dict(self.reconciled),
            "delivered": self.delivered,
            "undelivered": self.undelivered,
        }


def _numbers(counts: dict[str, Any]) -> list[int]:
    return [
        number
        for value in counts.values()
        for number in (value.values() if isinstance(value, dict) else [value])
    ]


def run_due(
    runtime: Runtime,
    now: datetime | None = None,
    *,
    with_refused: bool = True,
    old_texts: int | None = None,
    should_stop: ShouldStop = lambda: False,
) -> RunCounts:
    """Expire, reconcile, invite, remind, send and (simulated) deliver whatever is due.

    `now` stops the clock at that instant for the whole pass; without it each step, and each text,
    asks the database what time it is. `with_refused` also decides anew on everyone who was refused
    before. `old_texts`: how many texts of an old backlog may leave in this pass; None is all.
    `should_stop` is asked between steps, batches and texts.
    """
    host = runtime if now is None else runtime.at(now)
    runtime = host.on_database_clock()
    fault = check_clock(host, runtime)
    if fault is not None:
        return RunCounts(clock_fault=fault)
    providers = Providers.of(runtime)
    counts = RunCounts()
    steps: tuple[Callable[[], object], ...] = (
        lambda: hear_kept_texts(runtime),
        lambda: _expire(runtime, counts, should_stop),
        lambda: _end_trials(runtime),
        lambda: _look_back(runtime, providers, counts),
        lambda: _invite(runtime, counts, should_stop, with_refused=with_refused),
        lambda: _remind(runtime, counts, should_stop),
        lambda: _turn_to_calls(runtime, counts, should_stop),
        lambda: _send(runtime, providers, counts, should_stop, old_texts),
        lambda: _deliver(runtime, providers, counts),
    )
    for step in steps:
        if should_stop():
            break
        step()
    return counts


def _expire(runtime: Runtime, counts: RunCounts, should_stop: ShouldStop) -> None:
    while not should_stop():
        with runtime.database.write(Scope.worker()) as session:
            ended: Expired = expire_due(session, runtime.now(), limit=BATCH)
        counts.expired += ended.requests
        if not ended.requests:
            return


def _end_trials(runtime: Runtime) -> None:
    """Trials that are over by their plan; looked at first, for there is rarely one."""
    with runtime.database.read(Scope.worker()) as session:
        if not running_trials(session):
            return
    with runtime.database.write(Scope.worker()) as session:
        end_trials_by_plan(session, runtime.now())


def _look_back(runtime: Runtime, providers: Providers, counts: RunCounts) -> None:
    """Settle old doubts before making new ones of claims whose process died: what has only just
    become doubtful is left for a later pass."""
    counts.reconciled += reconcile_due(runtime, providers)
    with runtime.database.write(Scope.worker()) as session:
        counts.leases_expired += expire_leases(session, runtime.now())


def _invite(
    runtime: Runtime, counts: RunCounts, should_stop: ShouldStop, *, with_refused: bool
) -> None:
    def one_batch(session: Session, after_id: int) -> QueueCounts:
        return invite_due(
            session,
            runtime.settings,
            runtime.now(),
            after_id=after_id,
            limit=BATCH,
            with_refused=with_refused,
        )

    _by_batches(runtime, counts.invitations, one_batch, should_stop)


def _remind(runtime: Runtime, counts: RunCounts, should_stop: ShouldStop) -> None:
    def one_batch(session: Session, after_id: int) -> QueueCounts:
        return remind_due(session, runtime.settings, runtime.now(), after_id=after_id, limit=BATCH)

    _by_batches(runtime, counts.reminders, one_batch, should_stop)


def _turn_to_calls(runtime: Runtime, counts: RunCounts, should_stop: ShouldStop) -> None:
    def one_batch(session: Session, after_id: int) -> Turned:
        return turn_to_calls(session, runtime.now(), after_id=after_id, limit=BATCH)

    _by_batches(runtime, counts.turned, one_batch, should_stop)


class Counts(Protocol):
    """What one batch did; `last_id` is None once nothing is left."""

    last_id: int | None

    def add(self, other: Self) -> None: ...


AnyCounts = TypeVar("AnyCounts", bound=Counts)


def _by_batches(
    runtime: Runtime,
    total: AnyCounts,
    one_batch: Callable[[Session, int], AnyCounts],
    should_stop: ShouldStop,
) -> None:
    last_id: int | None = 0
    while last_id is not None and not should_stop():
        with runtime.database.write(Scope.worker()) as session:
            batch = one_batch(session, last_id)
        total.add(batch)
        last_id = batch.last_id


def _send(
    runtime: Runtime,
    providers: Providers,
    counts: RunCounts,
    should_stop: ShouldStop,
    old_texts: int | None,
) -> None:
    if providers.simulated is not None:
        # What the network held over from an earlier pass arrives in this one.
        providers.simulated.let_go()
    sent = dispatch_due(runtime, providers, should_stop, old_texts)
    counts.texts += sent.answered
    counts.cancelled += sent.cancelled
    counts.set_aside += sent.set_aside
    counts.deferred += sent.deferred


def _deliver(runtime: Runtime, providers: Providers, counts: RunCounts) -> None:
    """Let the simulated far end report, through the same function as a provider's webhook."""
    far_end = providers.simulated
    while far_end is not None and (due := far_end.next_receipts()):
        with runtime.database.write(Scope.worker()) as session:
            receive_all(session, [r for text in due for r in text.receipts], runtime.now())
        far_end.told([text.text_id for text in due])
        for text in due:
            last = {receipt.status for receipt in text.receipts}
            counts.delivered += ReceiptStatus.DELIVERED in last
            counts.undelivered += ReceiptStatus.FAILED in last
