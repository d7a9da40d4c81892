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
from survey_app.reporting.filters import NOT_RECORDED
from survey_app.reporting.ladder_facts import closure_responses
from survey_app.reporting.population import Columns, Population
from survey_app.reporting.tallies import CountedRow, Tally, counted_rows
from survey_app.store.cases import Case
from survey_app.store.people import Person

CHARACTERISTICS: Mapping[str, Any] = {
    "support-level": Case.support_level,
    "crime-category": Case.crime_category,
    "flag": Case.flags,
    "local-authority": Case.local_authority,
    "referral-source": Case.referral_source,
    "age-band": func.coalesce(Case.age_band, Person.birth_not_given),
    "sex": Person.sex,
    "gender-identity": Person.gender_identity,
    "ethnicity": Person.ethnicity,
    "disability": Person.disability,
    "sexuality": Person.sexuality,
    "religion": Person.religion,
    "language": Person.language,
}
"""Every characteristic that is kept, in the order in which it is shown."""

WHO = Tally("who-answered", ("characteristic", "value"), ("closed", "answered"))

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
    """Every value of every characteristic, the most frequent first: one query, and one of what is
    kept."""
    population = replace(population, by=None)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for row in counted_rows(session, population, WHO, live_answered):
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


def live_answered(session: Session, population: Population) -> Iterator[CountedRow]:
    """The rows of `WHO` as the database stands.

    Read case by case, once: to have the database count thirteen times over took six times as long.
    """
    query, extra = _query(population)
    names = [column.name for column in extra]
    found: dict[str, Counter[tuple[Any, ...]]] = {name: Counter() for name in CHARACTERISTICS}
    for some in session.execute(query).partitions(_AT_ONCE):
        # Whether they answered, and what tells rows apart.
        rest = [row[len(CHARACTERISTICS) :] for row in some]
        for place, counts in enumerate(found.values()):
            counts.update(zip(map(itemgetter(place), some), rest, strict=True))
    for name, counts in found.items():
        for (value, (has_answered, *keys)), closed in counts.items():
            yield {
                "characteristic": name,
                "value": value,
                "closed": closed,
                "answered": closed if has_answered else 0,
                **dict(zip(names, keys, strict=True)),
            }


_AT_ONCE = 5_000


def _query(population: Population) -> tuple[Select[Any], list[Any]]:
    """One row a closed case: every characteristic, whether it answered, and the columns that tell
    rows apart, which are also given."""
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
    own = Columns(Case.closed_on, None, Person.language, has_person=True)
    query, extra = population.told_apart(query, own, has_tier=False)
    return query.outerjoin(closure, closure.c.case_id == Case.id).add_columns(*extra), extra
