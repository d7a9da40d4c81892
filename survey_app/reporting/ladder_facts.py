"""What does the database know of each closed case for the ladder? Counted by distinct facts.

The ladder is about the closure request of the cases that closed in the period (FORMATS.md,
"Definitions"); what the facts mean for it is decided in `domain.ladder` alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session, aliased

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.ladder import LadderFacts
from survey_app.domain.requests import EndReason, MessageState, RequestState, Wave
from survey_app.reporting.closure_requests import ClosureRequest, has_standing_request
from survey_app.reporting.population import Columns, Population
from survey_app.reporting.tallies import CountedRow, Tally, counted_rows
from survey_app.store.cases import Case
from survey_app.store.messages import OutboxMessage
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot

TEXTS = ("sent", "delivered", "failed")

FACTS = Tally(
    "ladder",
    (
        *("has_delivery", "has_request", "is_contactable", "was_asked", "was_reached"),
        *("has_started", "has_completed", "has_expired", "has_opted_out", "is_deferred"),
        *("was_withdrawn", "is_due", "closure_reason", "programme_version_id", "refusal", "mode"),
        "tier_key",
    ),
    ("cases", *TEXTS),
)

_ONCE = "postgresql"
"""Its planner takes a subquery for cheap to ask again, and asks it for every case."""

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
    """The facts of every case that closed in the period, in one query, and one of what is kept.

    Without `with_texts` those live are not looked up.
    """
    live = live_facts if with_texts else _live_facts_alone
    for row in counted_rows(session, population, FACTS, live):
        yield CountedFacts(
            facts=_facts(population, row),
            cases=row["cases"],
            groups=population.groups_of(row),
            texts={key: int(row[key]) for key in TEXTS},
        )


def live_facts(session: Session, population: Population) -> Iterable[CountedRow]:
    """The rows of `FACTS` as the database stands."""
    texts = _texts_per_request(population)
    sums = [func.sum(func.coalesce(texts.c[key], 0)).label(key) for key in TEXTS]
    query = _query(population, sums).outerjoin(texts, texts.c.request_id == ClosureRequest.id)
    return session.execute(query).mappings()


def _live_facts_alone(session: Session, population: Population) -> Iterable[CountedRow]:
    return session.execute(_query(population, [literal(0).label(key) for key in TEXTS])).mappings()


def _query(population: Population, texts: list[Any]) -> Select[Any]:
    closure = closure_responses(population)
    completing = aliased(Response, name="completing")
    keys: list[Any] = [
        _flag(condition).label(name) for name, condition in _conditions(population, closure)
    ]
    keys += [
        Case.closure_reason,
        ClosureRequest.programme_version_id,
        ClosureRequest.refusal,
        completing.mode.label("mode"),
    ]
    query = (
        select(
            func.count().label("cases"),
            *texts,
            *keys,
        )
        .select_from(Case)
        .where(population.of_cases())
        .group_by(*keys)
    )
    own = Columns(Case.closed_on, completing.mode, Person.language)
    query = population.split(query, own, has_tier=True)
    return query.outerjoin(closure, closure.c.case_id == Case.id).outerjoin(
        completing, completing.id == closure.c.completing_id
    )


def _conditions(population: Population, closure: CTE) -> Iterable[tuple[str, ColumnElement[bool]]]:
    """The yes-or-no facts of a case, by their name in `LadderFacts` where it has one."""
    request = ClosureRequest
    asked_at = func.coalesce(
        request.first_text_accepted_at, request.call_made_at, request.handed_over_at
    )
    yield "has_delivery", Case.deliveries > 0
    yield "has_request", has_standing_request()
    yield "is_contactable", request.is_contactable.is_(True)
    yield "was_asked", asked_at.is_not(None)
    yield "was_reached", request.reached_at.is_not(None)
    yield "has_started", request.started_at.is_not(None) | closure.c.case_id.is_not(None)
    yield "has_completed", closure.c.completing_id.is_not(None)
    yield "has_expired", request.state == RequestState.EXPIRED
    yield "has_opted_out", request.opted_out_at.is_not(None)
    yield "is_deferred", request.deferred_until > population.now
    yield "was_withdrawn", request.end_reason == EndReason.WITHDRAWN_AT_GO_LIVE
    yield "is_due", request.due_at <= population.now


def closure_responses(population: Population) -> Any:
    """Per case that answered anything at closure but a star: its completed satisfaction response.

    Completed means the end, or Finish, reached with an answer, once the request has ended.
    """
    is_completed = and_(
        InstrumentSnapshot.kind == InstrumentKind.SURVEY,
        Response.is_complete.is_(True),
        Response.counts_on.is_not(None),
    )
    return (
        select(Response.case_id, func.max(case((is_completed, Response.id))).label("completing_id"))
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .join(Case, Case.id == Response.case_id)
        .where(
            population.of_cases(),
            Response.wave == Wave.CLOSURE,
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind != InstrumentKind.STAR,
        )
        .group_by(Response.case_id)
        .cte("closure_responses")
        .prefix_with("MATERIALIZED", dialect=_ONCE)
    )


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
        .join(SurveyRequest, SurveyRequest.id == message.request_id)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(population.of_cases(), SurveyRequest.wave == Wave.CLOSURE)
        .group_by(message.request_id)
        .cte("texts")
        .prefix_with("MATERIALIZED", dialect=_ONCE)
    )


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _facts(population: Population, row: Mapping[Any, Any]) -> LadderFacts:
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
        mode=row["mode"],
    )
