"""Are those who answered like those who were supported, and what is recorded of either?

Every case that closed in the period, by each recorded characteristic; *answered* are those with a
completed satisfaction survey at closure. For the service's own staff.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from survey_app.domain.cases import NotGiven
from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.ladder_facts import closure_responses
from survey_app.reporting.population import Population
from survey_app.store.cases import Case
from survey_app.store.people import Person

CHARACTERISTICS: Mapping[str, Any] = {
    "support-level": Case.support_level,
    "crime-category": Case.crime_category,
    "flag": Case.flags,
    "local-authority": Case.local_authority,
    "referral-source": Case.referral_source,
    "age-band": Case.age_band,
    "sex": Person.sex,
    "gender-identity": Person.gender_identity,
    "ethnicity": Person.ethnicity,
    "disability": Person.disability,
    "sexuality": Person.sexuality,
    "religion": Person.religion,
    "language": Person.language,
}
"""Every characteristic that is kept, in the order in which it is shown."""

NOT_A_VALUE = (*(reason.value for reason in NotGiven), NOT_RECORDED)
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
        return self.value not in NOT_A_VALUE


def count_who_answered(session: Session, population: Population) -> tuple[AnsweredRow, ...]:
    """Every value of every characteristic, the most frequent first: one query."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in session.execute(_query(population)).mappings():
        if not population.has_tier_of(row):
            continue
        for value in _values(row["characteristic"], row["value"]):
            found = counts.setdefault((row["characteristic"], value), Counter())
            found.update(closed=row["closed"], answered=int(row["answered"]))
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


def _query(population: Population) -> Any:
    people = _people(population)
    tier = [people.c.tier_key] if "tier_key" in people.c else []
    parts = [
        select(
            literal(name).label("characteristic"),
            people.c[name].label("value"),
            func.count().label("closed"),
            func.sum(people.c.has_answered).label("answered"),
            *tier,
        ).group_by(people.c[name], *tier)
        for name in CHARACTERISTICS
    ]
    return union_all(*parts)


def _people(population: Population) -> CTE:
    """One row a closed case, read once for all characteristics."""
    closure = closure_responses(population)
    query: Select[Any] = (
        select(
            *(column.label(name) for name, column in CHARACTERISTICS.items()),
            case((closure.c.completing_id.is_not(None), 1), else_=0).label("has_answered"),
        )
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .where(population.of_cases())
    )
    language = population.filters.only.get(Dimension.LANGUAGE)
    if language is not None:
        query = query.where(Person.language == language)
    if Dimension.TIER in population.filters.only:
        query, tier_key = population.with_tier(query)
        query = query.add_columns(tier_key)
    return query.outerjoin(closure, closure.c.case_id == Case.id).cte("people_of_period")
