"""How many responses are there to each survey, and how often was each answer given? Counted in the
database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.reporting.population import Columns, CountedRow, Population
from survey_app.store.answer_facts import SEPARATOR, AnswerFact
from survey_app.store.case_facts import CaseFact
from survey_app.store.responses import Response

Place = tuple[str | None, str, str]
"""Group, tier and instrument."""

Given = Mapping[str, Counter[tuple[str, ...]]]
"""By item: how many gave just these codes. Who gave none is not in it."""


@dataclass(frozen=True)
class CountedAnswers:
    """By place and instrument snapshot: how many responses there are, and what they hold."""

    responses: Mapping[tuple[Place, int], int]
    answers: Mapping[tuple[Place, int], Given]
    left_out: Mapping[tuple[Place, int], Counter[str]]
    """By item: to how many of the responses it was never shown, by design (young people)."""


def count_answers(
    session: Session, population: Population, instruments: Mapping[int, Instrument]
) -> CountedAnswers:
    """The responses whose request has ended: two queries."""

    def places(row: CountedRow) -> Iterator[tuple[Place, int]]:
        snapshot_id = row["instrument_id"]
        for group in (None, *population.groups_of(row)):
            yield (group, population.tier_of(row), instruments[snapshot_id].key), snapshot_id

    responses: Counter[tuple[Place, int]] = Counter()
    left_out: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in population.rows(session, _responses_query(population, instruments)):
        for place in places(row):
            responses[place] += row["responses"]
            for item in filter(None, (row["left_out"] or "").split(";")):
                left_out[place][item] += row["responses"]
    answers: dict[Any, dict[str, Counter[tuple[str, ...]]]] = defaultdict(dict)
    items = {item for one in instruments.values() for item in _needed(one)}
    for row in population.rows(session, _answers_query(population, instruments, items)):
        codes = tuple(row["codes"].split(SEPARATOR))
        for place in places(row):
            answers[place].setdefault(row["item"], Counter())[codes] += row["responses"]
    return CountedAnswers(responses, answers, left_out)


def _responses_query(population: Population, instruments: Collection[int]) -> Select[Any]:
    keys = (Response.instrument_id, Response.left_out)
    query = (
        select(func.count().label("responses"), *keys)
        .select_from(CaseFact)
        .join(Response, Response.case_id == CaseFact.case_id)
        .where(
            population.of_days(Response.counts_on),
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
            Response.instrument_id.in_(tuple(instruments)),
        )
        .group_by(*keys)
    )
    own = Columns(Response.counts_on, Response.mode, Response.language)
    return population.split(query, own, has_tier=True)


def _answers_query(
    population: Population, instruments: Collection[int], items: Collection[str]
) -> Select[Any]:
    keys = (AnswerFact.instrument_id, AnswerFact.item, AnswerFact.codes)
    query = (
        select(func.count().label("responses"), *keys)
        .select_from(CaseFact)
        .join(AnswerFact, AnswerFact.case_id == CaseFact.case_id)
        .where(
            population.of_days(AnswerFact.counts_on),
            AnswerFact.instrument_id.in_(tuple(instruments)),
            AnswerFact.item.in_(tuple(items)),
        )
        .group_by(*keys)
    )
    own = Columns(AnswerFact.counts_on, AnswerFact.mode, AnswerFact.language)
    return population.split(query, own, has_tier=True)


def _needed(instrument: Instrument) -> Iterator[str]:
    """The measured items, and those that decide whether one of them is asked."""
    for item in instrument.items:
        if item.measures:
            yield item.id
            if item.ask_when is not None:
                yield item.ask_when.item
