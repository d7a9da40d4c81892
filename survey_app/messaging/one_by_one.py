"""One text's fault stops no other: what failed for many together is done again for each alone.

Bounded work: as many transactions as the batch had texts. A database that is away, busy or gives
up a transaction is no text's fault, and ends the pass as before. Where every text of a batch fails
by itself too, the fault is in what they share (a release, a service without a programme): none is
set aside, they stay as they are, and the pass goes on behind them.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy import update
from sqlalchemy.exc import DisconnectionError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionInTime

from survey_app.domain.requests import HANDLING_FAILED, MessageState
from survey_app.messaging.claims import ClaimedBatch, claim_batch
from survey_app.messaging.due_texts import Carriers, Position, due_positions
from survey_app.store.messages import OutboxMessage
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope

T = TypeVar("T")

OF_THE_DATABASE = (
    OperationalError,
    InterfaceError,
    InternalError,
    DisconnectionError,
    NoConnectionInTime,
    sqlite3.OperationalError,
    psycopg.OperationalError,
    OSError,
    MemoryError,
)
"""Faults that say nothing of what was being dealt with."""

log = structlog.get_logger()


def each_alone(
    together: Sequence[T], handle: Callable[[Sequence[T]], None]
) -> list[tuple[T, Exception]]:
    """Handle all together or, where that fails, each alone; those that fail alone, with the fault.

    `handle` opens a transaction of its own. Raises what is `OF_THE_DATABASE`.
    """
    try:
        handle(together)
    except OF_THE_DATABASE:
        raise
    except Exception as fault:
        if len(together) == 1:
            return [(together[0], fault)]
    else:
        return []
    failed = []
    for one in together:
        try:
            handle([one])
        except OF_THE_DATABASE:
            raise
        except Exception as fault:
            failed.append((one, fault))
    return failed


def claim_each_alone(
    runtime: Runtime,
    carriers: Carriers,
    *,
    limit: int,
    after: Position | None,
    old_left: int | None = None,
) -> ClaimedBatch:
    """What `claim_batch` does, a text at a time; one whose claim fails is set aside."""
    with runtime.database.read(Scope.worker()) as session:
        due = due_positions(
            session, runtime.now(), carriers, limit=limit, after=after, old_left=old_left
        )
    batch = ClaimedBatch(position=due[-1] if due else None)

    def claim(positions: Sequence[Position]) -> None:
        for _, message_id in positions:
            with runtime.database.write(Scope.worker()) as session:
                now = runtime.now()
                batch.add(claim_batch(session, now, carriers, limit=1, only=message_id))

    failed = [pair for position in due for pair in each_alone([position], claim)]
    for (_, message_id), fault in failed:
        if 1 < len(failed) == len(due):
            log.error("text-not-claimed", message=message_id, fault=type(fault).__name__)
        else:
            set_aside_by_fault(runtime, message_id, MessageState.PENDING, fault)
            batch.set_aside[HANDLING_FAILED] += 1
    return batch


def set_aside_by_fault(
    runtime: Runtime, message_id: int, state: MessageState, fault: Exception
) -> None:
    """Leave a text that is in this state to a person. Only the fault's class is logged: its words
    might carry the number."""
    log.error("text-set-aside", message=message_id, fault=type(fault).__name__)
    with runtime.database.write(Scope.worker()) as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.state == state)
            .values(state=MessageState.UNKNOWN, reason=HANDLING_FAILED, lease_until=None)
        )
