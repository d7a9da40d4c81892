"""How does a text leave, once and only once?

Claim (a transaction that asks the contact rule), call the provider, record (a transaction). A
process that dies in between leaves the text `sending`; its lease turns it into `unknown`, and the
provider is asked before anything is sent again. This module holds the one line of the application
that hands a text to a provider.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

import structlog

from survey_app.messaging.claims import ClaimedBatch, claim_batch
from survey_app.messaging.due_texts import Carriers, Position
from survey_app.messaging.leases import Claim, give_back, is_still_live
from survey_app.messaging.one_by_one import OF_THE_DATABASE, claim_each_alone, each_alone
from survey_app.messaging.providers.choose import Providers
from survey_app.messaging.providers.interface import (
    OutgoingText,
    RetryLater,
    SendResult,
    Unclear,
)
from survey_app.messaging.records import Answer, record_all
from survey_app.messaging.senders import Senders
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope

BATCH = 50
FRESH_SECONDS = 5.0
"""How old the contact rule's yes may be when the provider is called."""
CLAIMS_PER_SENDER = 2
"""How many texts are claimed for each call that may be under way."""

log = structlog.get_logger()


@dataclass
class DispatchCounts:
    """What one pass over the outbox did."""

    answered: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    deferred: int = 0
    old_left: int | None = None
    """How many more texts of an old backlog may leave; None is all."""


def dispatch_due(
    runtime: Runtime,
    providers: Providers,
    should_stop: Callable[[], bool] = lambda: False,
    old_texts: int | None = None,
) -> DispatchCounts:
    """Send every text that is due, oldest first, until none is left or it should stop; of an old
    backlog (`domain/backlog_pace`) no more than `old_texts`."""
    counts = DispatchCounts(old_left=old_texts)
    while _sweep(runtime, providers, should_stop, counts):
        pass
    return counts


def _sweep(
    runtime: Runtime, providers: Providers, should_stop: Callable[[], bool], counts: DispatchCounts
) -> bool:
    """Go through the queue once; whether it is worth going again, for those who had to wait until
    another text to the same person was gone."""
    carriers = providers.carriers()
    limit = _batch(providers.at_once)
    position: Position | None = None
    claimed, passed_over = 0, 0
    with Senders(
        lambda claim: _call(providers, claim, runtime.now()), providers.at_once
    ) as senders:
        while True:
            _record(runtime, counts, senders.make_room())
            _record(runtime, counts, senders.answered())
            if should_stop():
                break
            claimed_at = monotonic()
            batch = _claim(runtime, carriers, limit, position, counts.old_left)
            if counts.old_left is not None:
                counts.old_left -= batch.old
            counts.cancelled += batch.cancelled
            counts.set_aside += batch.set_aside
            counts.deferred += batch.deferred
            if batch.position is None:
                break
            position = batch.position
            claimed += len(batch.claims)
            passed_over += batch.passed_over
            is_too_late = _until(claimed_at, should_stop)
            _hand_over(runtime, senders, batch.claims, is_too_late, counts)
        _record(runtime, counts, senders.finish())
    return claimed > 0 and passed_over > 0 and not should_stop()


def _claim(
    runtime: Runtime,
    carriers: Carriers,
    limit: int,
    after: Position | None,
    old_left: int | None,
) -> ClaimedBatch:
    """The next texts that may leave; one that cannot even be claimed stops no other."""
    try:
        with runtime.database.write(Scope.worker()) as session:
            return claim_batch(
                session, runtime.now(), carriers, limit=limit, after=after, old_left=old_left
            )
    except OF_THE_DATABASE:
        raise
    except Exception as fault:
        log.error("batch-not-claimed", fault=type(fault).__name__)
    return claim_each_alone(runtime, carriers, limit=limit, after=after, old_left=old_left)


def _batch(at_once: int) -> int:
    """How many texts to claim together: with calls that take their time, few, because a worker
    that dies leaves all of them in doubt."""
    return BATCH if at_once == 1 else min(BATCH, CLAIMS_PER_SENDER * at_once)


def _until(claimed_at: float, should_stop: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: should_stop() or monotonic() - claimed_at > FRESH_SECONDS


def _hand_over(
    runtime: Runtime,
    senders: Senders,
    claims: list[Claim],
    is_too_late: Callable[[], bool],
    counts: DispatchCounts,
) -> None:
    """Start a call for each claim; what the provider was not asked in time is given back."""
    for index, claim in enumerate(claims):
        _record(runtime, counts, senders.make_room())
        if is_too_late() or not _is_still_live(runtime, claim):
            with runtime.database.write(Scope.worker()) as session:
                give_back(session, claims[index:])
            break
        senders.start(claim)


def _record(runtime: Runtime, counts: DispatchCounts, groups: Iterable[list[Answer]]) -> None:
    """Write answers down. One that cannot be leaves its text `sending`: the lease makes it
    doubtful, and the provider is asked."""

    def record(answers: Sequence[Answer]) -> None:
        with runtime.database.write(Scope.worker()) as session:
            recorded = record_all(session, answers, runtime.now())
        counts.answered += recorded

    for answers in groups:
        for (claim, _), fault in each_alone(answers, record):
            kind = type(fault).__name__
            log.error("answer-not-recorded", message=claim.message_id, fault=kind)


def _is_still_live(runtime: Runtime, claim: Claim) -> bool:
    with runtime.database.read(Scope.worker()) as session:
        return is_still_live(session, claim)


def _call(providers: Providers, claim: Claim, now: datetime) -> SendResult:
    valid_for = None if claim.leave_until is None else claim.leave_until - now
    if valid_for is not None and valid_for < timedelta(seconds=1):
        # Safe time ended between the rule's yes and this call: the rule will say how long to wait.
        return RetryLater("safe-time-ended")
    text = OutgoingText(claim.message_id, claim.to, claim.sender, claim.body, valid_for)
    provider = providers.get_provider(claim.provider)
    try:
        return provider.send(text)
    except Exception as error:
        # A fault inside the provider's client may have come before or after the text left. Only
        # the fault's class is logged: its words might carry the number.
        log.error("provider-fault", message=claim.message_id, fault=type(error).__name__)
        return Unclear("provider-fault")
