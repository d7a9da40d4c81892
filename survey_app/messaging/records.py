"""What did the provider answer? The second of the two transactions of every text.

A text that certainly did not leave waits again (backoff with jitter, so that a crowd does not come
back together); one that may have left becomes `unknown`, and `reconcile` asks the provider.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.requests import IDS_DISAGREE, LEFT_TO_A_PERSON, MessageState
from survey_app.messaging.leases import Claim
from survey_app.messaging.numbers import number_hash
from survey_app.messaging.opt_outs import stop_texts
from survey_app.messaging.progress import accept, doubt, fail, put_back
from survey_app.messaging.provider_ids import KnownIds, known_ids
from survey_app.messaging.providers.interface import (
    Accepted,
    Rejected,
    RetryLater,
    SendResult,
    Unclear,
)
from survey_app.messaging.receipts import settle_early
from survey_app.store.messages import OutboxMessage
from survey_app.store.requests import SurveyRequest

FIRST_BACKOFF = timedelta(seconds=30)
LONGEST_BACKOFF = timedelta(hours=1)
MOST_ATTEMPTS = 10
"""With the backoff, most of a day: after that a person looks."""

Answer = tuple[Claim, SendResult]

_jitter = random.SystemRandom()


def backoff(attempt: int, asked: timedelta | None, jitter: float) -> timedelta:
    """How long to wait after this attempt (1 is the first): doubling, spread by `jitter` in [0, 1]
    over half to one and a half of it, and never less than the provider asked for."""
    wait = min(FIRST_BACKOFF * 2 ** min(attempt - 1, 16), LONGEST_BACKOFF) * (0.5 + jitter)
    return max(wait, asked or timedelta())


def record_all(session: Session, answers: Sequence[Answer], now: datetime) -> Counter[str]:
    """Write down what became of these texts; counts by `accepted failed retried unknown`."""
    counts: Counter[str] = Counter()
    requests, messages = _locked(session, answers)
    ids = known_ids(session, [r.provider_message_id for _, r in answers if isinstance(r, Accepted)])
    for claim, result in answers:
        message = messages[claim.message_id]
        proven = _without_anothers_id(message, claim, result, ids)
        if _is_still_ours(message, claim, proven):
            request = requests[message.request_id]
            counts[_record(session, message, request, claim, proven, now)] += 1
    texts = [(m, requests[m.request_id]) for m in messages.values()]
    settle_early(session, texts)
    session.flush()
    return counts


def _locked(
    session: Session, answers: Sequence[Answer]
) -> tuple[dict[int, SurveyRequest], dict[int, OutboxMessage]]:
    """Requests first, then their texts: the order in which everyone locks them."""
    requests = session.scalars(
        select(SurveyRequest)
        .where(SurveyRequest.id.in_({claim.request_id for claim, _ in answers}))
        .order_by(SurveyRequest.id)
        .with_for_update(key_share=True)
    )
    by_id = {request.id: request for request in requests}
    messages = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.id.in_({claim.message_id for claim, _ in answers}))
        .order_by(OutboxMessage.id)
        .with_for_update(key_share=True)
    )
    return by_id, {message.id: message for message in messages}


def _is_still_ours(message: OutboxMessage, claim: Claim, result: SendResult) -> bool:
    """Acceptance is proof and always counts; anything else only while nobody knows better."""
    if isinstance(result, Accepted):
        return True
    is_doubtful = message.state == MessageState.UNKNOWN and message.reason not in LEFT_TO_A_PERSON
    is_open = message.state == MessageState.SENDING or is_doubtful
    return is_open and message.attempts == claim.attempt


def _without_anothers_id(
    message: OutboxMessage, claim: Claim, result: SendResult, ids: KnownIds
) -> SendResult:
    """The answer; doubt where it names a text that is another one of ours: two texts never have one
    id, so nobody knows which of them was taken on. A callback may have said so before."""
    if not isinstance(result, Accepted):
        return Unclear(IDS_DISAGREE) if message.reason == IDS_DISAGREE else result
    owner = ids.setdefault((claim.provider, result.provider_message_id), message.id)
    return result if owner == message.id else Unclear("id-of-another-text")


def _record(
    session: Session,
    message: OutboxMessage,
    request: SurveyRequest,
    claim: Claim,
    result: SendResult,
    now: datetime,
) -> str:
    match result:
        case Accepted(provider_message_id):
            accept(message, request, provider_message_id, sent_at=now, now=now)
            return "accepted"
        case Rejected(code, is_opt_out):
            fail(message, code, "opted-out" if is_opt_out else "rejected", now)
            if is_opt_out:
                stop_texts(session, number_hash(claim.to), source="provider", now=now)
            return "failed"
        case RetryLater(code, after):
            if message.attempts >= MOST_ATTEMPTS:
                fail(message, code, "gave-up", now)
                return "failed"
            wait = backoff(message.attempts, after, _jitter.random())
            put_back(message, code, now + wait)
            return "retried"
        case Unclear(reason):
            doubt(message, reason)
            return "unknown"
