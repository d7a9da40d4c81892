"""Are those who answered like those who were supported, and what is recorded of either?

Every case that closed in the period, by each recorded characteristic; *answered* are those with a
completed satisfaction survey at closure. For the service's own staff.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from survey_app.domain.record_quality import NOT_GIVEN_STATES, State, given
from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.closure_requests import tier_key
from survey_app.reporting.dimension_columns import is_value
from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.population import CountedRow, Population
from survey_app.store.case_facts import CaseFact

CHARACTERISTICS: Mapping[str, Any] = {
    "support-level": CaseFact.support_level,
    "crime-category": CaseFact.crime_category,
    "flag": CaseFact.flags,
    "local-authority": CaseFact.local_authority,
    "referral-source": CaseFact.referral_source,
    "age-band": func.coalesce(CaseFact.age_band, CaseFact.birth_not_given),
    "sex": CaseFact.sex,
    "gender-identity": CaseFact.gender_identity,
    "ethnicity": CaseFact.ethnicity,
    "disability": CaseFact.disability,
    "sexuality": CaseFact.sexuality,
    "religion": CaseFact.religion,
    "language": CaseFact.language,
}
"""Every characteristic that is recorded, in the order in which it is shown."""

NOT_A_VALUE = tuple(state.value for state in NOT_GIVEN_STATES)
"""Why there is no value; each kept apart from the others, and shown last."""


@dataclass(frozen=True)
class AnsweredRow:
    """The cases with one value of one characteristic; a case with two flags is in two rows."""

    characteristic: str
    value: str
    closed: int
    answered: int
    answered_of_closed: Rate

    @property
    def is_value(self) -> bool:
        """Whether something was recorded, rather than why nothing was."""
        return state_of(self.value) is State.RECORDED


def state_of(value: str) -> State:
    """How it stands with a characteristic whose group has this name, as one record is judged."""
    return given(None if value == NOT_RECORDED else value)


def count_who_answered(session: Session, population: Population) -> tuple[AnsweredRow, ...]:
    """Every value of every characteristic, the most frequent first: one query."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in _counted(session, replace(population, by=None)):
        for value in _values(row["characteristic"], row["value"]):
            found = counts.setdefault((row["characteristic"], value), Counter())
            found.update(closed=row["closed"], answered=row["answered"])
    rows = [
        AnsweredRow(*place, n["closed"], n["answered"], rate(n["answered"], n["closed"]))
        for place, n in counts.items()
    ]
    return tuple(sorted(rows, key=_order))


def _values(characteristic: str, value: str | None) -> list[str]:
    if not value:
        return [NOT_RECORDED]
    return value.split(";") if characteristic == "flag" else [value]


def _order(row: AnsweredRow) -> tuple[Any, ...]:
    """As people look for it: ages by age, everything else by frequency; what is no value last."""
    is_by_name = row.characteristic == "age-band" and row.value != "under-13"
    last = NOT_A_VALUE.index(row.value) + 1 if not row.is_value else 0
    by_frequency = 0 if row.characteristic == "age-band" else -row.closed
    place = list(CHARACTERISTICS).index(row.characteristic)
    return place, last, by_frequency, is_by_name, row.value


def _counted(session: Session, population: Population) -> Iterator[CountedRow]:
    """How many cases have each value, and how many of them answered.

    Read case by case, once: to have the database count thirteen times over took six times as long.
    """
    wanted = population.filters.only.get(Dimension.TIER)
    found: dict[str, Counter[tuple[Any, int]]] = {name: Counter() for name in CHARACTERISTICS}
    for some in session.execute(_query(population)).partitions(_AT_ONCE):
        rows = [
            row
            for row in some
            if wanted is None or population.tier_of({"tier_key": row.tier_key}) == wanted
        ]
        answered = [row.has_answered for row in rows]
        for place, counts in enumerate(found.values()):
            counts.update(zip(map(itemgetter(place), rows), answered, strict=True))
    for name, counts in found.items():
        for (value, has_answered), cases in counts.items():
            yield {
                "characteristic": name,
                "value": value,
                "closed": cases,
                "answered": cases * has_answered,
            }


_AT_ONCE = 5_000


def _query(population: Population) -> Select[Any]:
    """One row a closed case: every characteristic, whether it answered, and what tells the tier."""
    has_answered = case((CaseFact.completed_on.is_not(None), 1), else_=0).label("has_answered")
    columns = (column.label(name) for name, column in CHARACTERISTICS.items())
    tier = tier_key(population.highest_deliveries).label("tier_key")
    query: Select[Any] = select(*columns, has_answered, tier).where(population.of_cases())
    language = population.filters.only.get(Dimension.LANGUAGE)
    return query if language is None else query.where(is_value(CaseFact.language, language))
