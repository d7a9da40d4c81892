"""What does a provider do that reaches no phone? It keeps what it "sent", as a phone would.

The numbers 07700 900990-900999 misbehave, each in its own way: docs/simulated-numbers.md. All other
numbers receive at once. The far end keeps its own table and its own transactions: nothing that it
knows is taken from ours, so that the outbox is tested as against a real provider.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    Lookup,
    NotThere,
    OutgoingText,
    Receipt,
    ReceiptStatus,
    Rejected,
    RetryLater,
    SendResult,
    Unclear,
)
from survey_app.store.database import Database
from survey_app.store.messages import SimulatedText
from survey_app.store.runtime import Clock
from survey_app.store.unreadable import is_unreadable, readable_or_none

NAME = "simulated"

TAKEN = "taken"
"""Taken on; the phone has it, our side has not been told."""
HELD = "held"
"""The network keeps it until the next round of deliveries."""
REFUSED_ONCE = "refused-once"
"""Turned away by the rate limit; never reached the phone."""
TOLD = "told"
"""Every receipt for it was handed over."""

_MISBEHAVING = "+447700900"
_ON_ITS_WAY = (ReceiptStatus.ON_ITS_WAY, "sent", None)
_DELIVERED = (ReceiptStatus.DELIVERED, "delivered", None)

RECEIPTS: dict[str, Sequence[tuple[ReceiptStatus, str, str | None]]] = {
    "990": [_ON_ITS_WAY, (ReceiptStatus.FAILED, "undelivered", "30003")],
    "997": [_ON_ITS_WAY, _ON_ITS_WAY, _DELIVERED, _DELIVERED, _DELIVERED],
    "998": [_DELIVERED, _ON_ITS_WAY],
    "999": [_ON_ITS_WAY, (ReceiptStatus.FAILED, "failed", "30008")],
}
"""Receipts of the numbers (by their last three digits) that differ from `sent`, `delivered`."""


@dataclass(frozen=True)
class DueReceipts:
    """What the far end has to say about one text, in the order in which it arrives."""

    text_id: int
    receipts: tuple[Receipt, ...]


class SimulatedProvider:
    """Keeps texts instead of sending them. `clock` dates what arrives."""

    name = NAME

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def send(self, text: OutgoingText) -> SendResult:
        """Take the text on, or misbehave as its number does."""
        match _behaviour(text.to):
            case "991":
                return Rejected("21614")
            case "992":
                return Rejected("21610", is_opt_out=True)
            case "993" if not self._was_refused(text):
                self._keep(text, REFUSED_ONCE)
                return RetryLater("rate-limited", after=timedelta(seconds=30))
            case "994":
                self._keep(text, TAKEN)
                return Unclear("timed-out")
            case "995":
                return Unclear("timed-out")
            case "996":
                return Accepted(self._keep(text, HELD))
        return Accepted(self._keep(text, TAKEN))

    def find_by_body(
        self, to: str, body: str, since: datetime, *, message_id: int | None = None
    ) -> Lookup:
        """Whether the phone got these words since then."""
        is_unclear = False
        with self._database.read() as session:
            rows = session.scalars(
                select(SimulatedText)
                .where(SimulatedText.received_at >= since, SimulatedText.status != REFUSED_ONCE)
                .order_by(SimulatedText.id)
            )
            for row in rows:
                if (row.to, row.body) == (to, body):
                    return Found(row.provider_message_id)
                is_unclear |= is_unreadable(row.to, row.body)
        return CannotTell("unrecognised") if is_unclear else NotThere()

    def next_receipts(self, limit: int = 200) -> list[DueReceipts]:
        """Receipts not handed over yet, oldest texts first; say `told` once they are dealt with."""
        with self._database.read() as session:
            rows = session.scalars(
                select(SimulatedText)
                .where(SimulatedText.status == TAKEN)
                .order_by(SimulatedText.id)
                .limit(limit)
            )
            return [DueReceipts(row.id, _receipts(row)) for row in rows]

    def told(self, text_ids: Collection[int]) -> None:
        """These texts' receipts have been handed over."""
        self._move(TOLD, SimulatedText.id.in_(text_ids))

    def let_go(self) -> None:
        """The network lets go of what it held: the next `next_receipts` speak of it."""
        self._move(TAKEN, SimulatedText.status == HELD)

    def _move(self, status: str, *which: object) -> None:
        with self._database.write() as session:
            session.execute(update(SimulatedText).where(*which).values(status=status))  # type: ignore[arg-type]

    def _keep(self, text: OutgoingText, status: str) -> str:
        provider_message_id = "SIM" + secrets.token_hex(12)
        with self._database.write() as session:
            session.add(
                SimulatedText(
                    provider_message_id=provider_message_id,
                    to=text.to,
                    sender=text.sender,
                    body=text.body,
                    status=status,
                    received_at=self._clock(),
                )
            )
        return provider_message_id

    def _was_refused(self, text: OutgoingText) -> bool:
        with self._database.read() as session:
            rows = session.scalars(
                select(SimulatedText).where(SimulatedText.status == REFUSED_ONCE)
            )
            return any((row.to, row.body) == (text.to, text.body) for row in rows)


def _behaviour(to: str) -> str:
    return to.removeprefix(_MISBEHAVING) if to.startswith(_MISBEHAVING) else ""


def _receipts(row: SimulatedText) -> tuple[Receipt, ...]:
    to = readable_or_none(row.to) or ""
    said = RECEIPTS.get(_behaviour(to), (_ON_ITS_WAY, _DELIVERED))
    return tuple(
        Receipt(NAME, row.provider_message_id, status, word, code) for status, word, code in said
    )
