"""How many responses are there to each survey, and how often was each answer given? Counted in the
database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, ItemType
from survey_app.reporting.population import Columns, Population, counted_rows
from survey_app.store.cases import Case
from survey_app.store.responses import Answer, Response

_SEPARATOR = ","

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
    """The responses whose request has ended, three queries at the most."""

    def places(row: Mapping[Any, Any]) -> Iterator[tuple[Place, int]]:
        snapshot_id = row["instrument_id"]
        for group in (None, *population.groups_of(row)):
            yield (group, population.tier_of(row), instruments[snapshot_id].key), snapshot_id

    responses: Counter[tuple[Place, int]] = Counter()
    left_out: dict[Any, Counter[str]] = defaultdict(Counter)
    counted = _responses_query(population, instruments)
    counted = counted.add_columns(Response.left_out).group_by(Response.left_out)
    for row in counted_rows(session, population, counted):
        for place in places(row):
            responses[place] += row["responses"]
            for item in filter(None, (row["left_out"] or "").split(";")):
                left_out[place][item] += row["responses"]
    answers: dict[Any, dict[str, Counter[tuple[str, ...]]]] = defaultdict(dict)
    for query in _answer_queries(population, instruments):
        for row in counted_rows(session, population, query):
            codes = tuple(row["codes"].split(_SEPARATOR))
            for place in places(row):
                answers[place].setdefault(row["item"], Counter())[codes] += row["responses"]
    return CountedAnswers(responses, answers, left_out)


def _responses_query(population: Population, instruments: Iterable[int]) -> Select[Any]:
    query = (
        select(func.count().label("responses"), Response.instrument_id)
        .select_from(Response)
        .join(Case, Case.id == Response.case_id)
        .where(
            population.of_days(Response.counts_on),
            Response.counts_on.is_not(None),
            Response.superseded_by_id.is_(None),
            Response.instrument_id.in_(tuple(instruments)),
        )
        .group_by(Response.instrument_id)
    )
    own = Columns(Response.counts_on, Response.mode, Response.language)
    return population.split(query, own, has_tier=True)


def _answer_queries(
    population: Population, instruments: Mapping[int, Instrument]
) -> Iterator[Select[Any]]:
    """How often each item got each answer; with several, all that one person ticked."""
    needed = [item for instrument in instruments.values() for item in _needed(instrument)]
    single = {item.id for item in needed if item.type is not ItemType.MANY}
    several = {item.id for item in needed if item.type is ItemType.MANY}
    base = _responses_query(population, instruments)
    if single:
        yield (
            base.join(Answer, Answer.response_id == Response.id)
            .where(Answer.item.in_(single), Answer.code != "")
            .add_columns(Answer.item, Answer.code.label("codes"))
            .group_by(Answer.item, Answer.code)
        )
    if several:
        ticked = (
            select(
                Answer.response_id,
                Answer.item,
                func.aggregate_strings(Answer.code, _SEPARATOR).label("codes"),
            )
            .where(Answer.item.in_(several), Answer.code != "")
            .group_by(Answer.response_id, Answer.item)
            .subquery("ticked")
        )
        yield (
            base.join(ticked, ticked.c.response_id == Response.id)
            .add_columns(ticked.c.item, ticked.c.codes)
            .group_by(ticked.c.item, ticked.c.codes)
        )


def _needed(instrument: Instrument) -> Iterator[Item]:
    """The measured items, and those that decide whether one of them is asked."""
    for item in instrument.items:
        if item.measures:
            yield item
            if item.ask_when is not None:
                yield instrument.item(item.ask_when.item)
