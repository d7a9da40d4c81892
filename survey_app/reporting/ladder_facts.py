"""What does the database know of each closed case for the ladder? Counted by distinct facts.

The ladder is about the closure request of the cases that closed in the period (FORMATS.md,
"Definitions"); what the facts mean for it is decided in `domain.ladder` alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, select
from sqlalchemy.orm import Session

from survey_app.domain.ladder import LadderFacts
from survey_app.domain.requests import MessageState
from survey_app.reporting.population import OF_CASES, CountedRow, Population
from survey_app.store.case_facts import CaseFact
from survey_app.store.messages import OutboxMessage

TEXTS = ("sent", "delivered", "failed")

_SENT_STATES = (MessageState.ACCEPTED, MessageState.DELIVERED)


@dataclass(frozen=True)
class CountedFacts:
    """So many cases of these groups share these facts; `texts` were sent to them altogether."""

    facts: LadderFacts
    cases: int
    groups: tuple[str, ...]
    texts: Mapping[str, int]


def count_facts(
    session: Session, population: Population, *, with_texts: bool = True
) -> Iterator[CountedFacts]:
    """The facts of every case that closed in the period, in one query.

    Without `with_texts` no texts are counted.
    """
    for row in population.rows(session, _query(population, with_texts=with_texts)):
        yield CountedFacts(
            facts=_facts(population, row),
            cases=row["cases"],
            groups=population.groups_of(row),
            texts={key: int(row[key]) for key in TEXTS},
        )


def _query(population: Population, *, with_texts: bool) -> Select[Any]:
    keys: list[Any] = [_flag(is_so).label(name) for name, is_so in _conditions(population)]
    keys += [
        *(CaseFact.is_contactable, CaseFact.has_started, CaseFact.has_expired),
        *(CaseFact.has_opted_out, CaseFact.was_withdrawn, CaseFact.closure_reason),
        *(CaseFact.programme_version_id, CaseFact.refusal, CaseFact.completed_mode),
    ]
    query: Select[Any] = (
        select(func.count().label("cases"), *keys).where(population.of_cases()).group_by(*keys)
    )
    query = population.split(query, OF_CASES, has_tier=True)
    if not with_texts:
        return query.add_columns(*(literal(0).label(key) for key in TEXTS))
    texts = _texts_per_request(population)
    return query.add_columns(
        *(func.sum(func.coalesce(texts.c[key], 0)).label(key) for key in TEXTS)
    ).outerjoin(texts, texts.c.request_id == CaseFact.request_id)


def _conditions(population: Population) -> Iterable[tuple[str, ColumnElement[bool]]]:
    """The yes-or-no facts of a case that are not a column of their own."""
    yield "has_delivery", CaseFact.deliveries > 0
    yield "has_request", CaseFact.tier.is_not(None)
    yield "was_asked", CaseFact.asked_at.is_not(None)
    yield "was_reached", CaseFact.reached_at.is_not(None)
    yield "has_completed", CaseFact.completed_on.is_not(None)
    yield "is_deferred", CaseFact.deferred_until > population.now
    yield "is_due", CaseFact.due_at <= population.now


def _texts_per_request(population: Population) -> CTE:
    # The bare table: its rows are reached through their request, which is within the scope. Asked
    # for the service again, SQLite would go through all of its texts.
    message = OutboxMessage.__table__.c
    state = message.state
    is_sent = message.sent_at.is_not(None) | state.in_(_SENT_STATES)
    counts = (is_sent, state == MessageState.DELIVERED, state == MessageState.FAILED)
    return (
        select(
            message.request_id,
            *(
                func.sum(_flag(condition)).label(key)
                for key, condition in zip(TEXTS, counts, strict=True)
            ),
        )
        .join(CaseFact, CaseFact.request_id == message.request_id)
        .where(population.of_cases())
        .group_by(message.request_id)
        .cte("texts")
    )


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _facts(population: Population, row: CountedRow) -> LadderFacts:
    tier, why_ineligible = population.standing_of(row)
    has_request = bool(row["has_request"])
    return LadderFacts(
        tier=tier,
        has_delivery=bool(row["has_delivery"]),
        ineligible=why_ineligible,
        is_too_late=not has_request,
        is_contactable=bool(row["is_contactable"]) and has_request,
        was_asked=bool(row["was_asked"]),
        was_reached=bool(row["was_reached"]),
        has_started=bool(row["has_started"]),
        has_completed=bool(row["has_completed"]),
        has_expired=bool(row["has_expired"]),
        has_opted_out=bool(row["has_opted_out"]),
        was_withdrawn=bool(row["was_withdrawn"]),
        refusal=row["refusal"],
        is_deferred=bool(row["is_deferred"]),
        is_due=bool(row["is_due"]),
        mode=row["completed_mode"],
    )
