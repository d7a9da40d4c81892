"""How many responses are there to each survey, and how often was each answer given? Counted in the
database."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, ItemType
from survey_app.reporting.population import Columns, Population
from survey_app.reporting.tallies import CountedRow, Live, Tally, counted_rows
from survey_app.store.cases import Case
from survey_app.store.responses import Answer, Response

_SEPARATOR = ","

RESPONSES = Tally("responses", ("instrument_id", "tier_key", "left_out"), ("responses",))
ANSWERS = Tally("answers", ("instrument_id", "tier_key", "item", "codes"), ("responses",))
TICKED = Tally("ticked", ANSWERS.keys, ANSWERS.sums)
"""`ANSWERS` are of items with one answer, `TICKED` of those with several."""

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

    asked, of_these = Asked(instruments), {"instrument_id": instruments.keys()}
    responses: Counter[tuple[Place, int]] = Counter()
    left_out: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in counted_rows(session, population, RESPONSES, asked.responses, of_these):
        for place in places(row):
            responses[place] += row["responses"]
            for item in filter(None, (row["left_out"] or "").split(";")):
                left_out[place][item] += row["responses"]
    answers: dict[Any, dict[str, Counter[tuple[str, ...]]]] = defaultdict(dict)
    for tally, live, items in asked.tallies:
        only = {**of_these, "item": items}
        for row in counted_rows(session, population, tally, live, only):
            codes = tuple(row["codes"].split(_SEPARATOR))
            for place in places(row):
                answers[place].setdefault(row["item"], Counter())[codes] += row["responses"]
    return CountedAnswers(responses, answers, left_out)


class Asked:
    """The rows of each tally as the database stands, of these instruments."""

    def __init__(self, instruments: Mapping[int, Instrument]) -> None:
        self._ids = tuple(instruments)
        needed = [item for one in instruments.values() for item in _needed(one)]
        self._single = {item.id for item in needed if item.type is not ItemType.MANY}
        self._several = {item.id for item in needed if item.type is ItemType.MANY}

    @property
    def tallies(self) -> Iterator[tuple[Tally, Live, Collection[str]]]:
        """The tallies of answers that there is something to count for, and the items of each."""
        if self._single:
            yield ANSWERS, self.answers, self._single
        if self._several:
            yield TICKED, self.ticked, self._several

    def responses(self, session: Session, population: Population) -> Iterable[CountedRow]:
        """How many there are."""
        query = _responses_query(population, self._ids)
        query = query.add_columns(Response.left_out).group_by(Response.left_out)
        return session.execute(query).mappings()

    def answers(self, session: Session, population: Population) -> Iterable[CountedRow]:
        """How often each item got each answer."""
        query = (
            _responses_query(population, self._ids)
            .join(Answer, Answer.response_id == Response.id)
            .where(Answer.item.in_(self._single), Answer.code != "")
            .add_columns(Answer.item, Answer.code.label("codes"))
            .group_by(Answer.item, Answer.code)
        )
        return session.execute(query).mappings()

    def ticked(self, session: Session, population: Population) -> Iterable[CountedRow]:
        """The same of items with several answers: all that one person ticked."""
        ticked = (
            select(
                Answer.response_id,
                Answer.item,
                func.aggregate_strings(Answer.code, _SEPARATOR).label("codes"),
            )
            .where(Answer.item.in_(self._several), Answer.code != "")
            .group_by(Answer.response_id, Answer.item)
            .subquery("ticked")
        )
        query = (
            _responses_query(population, self._ids)
            .join(ticked, ticked.c.response_id == Response.id)
            .add_columns(ticked.c.item, ticked.c.codes)
            .group_by(ticked.c.item, ticked.c.codes)
        )
        return session.execute(query).mappings()


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


def _needed(instrument: Instrument) -> Iterator[Item]:
    """The measured items, and those that decide whether one of them is asked."""
    for item in instrument.items:
        if item.measures:
            yield item
            if item.ask_when is not None:
                yield instrument.item(item.ask_when.item)
