"""Is what we need to know recorded at all? For the service's own staff, over the closed cases.

"Not recorded" is never shown as "not done": a service that contacts within two days but does not
write it down has a gap in its records, not in its work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from survey_app.domain.record_quality import SAID, USABLE_NUMBERS
from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.population import Columns, Population
from survey_app.reporting.tallies import CountedRow, Tally, counted_rows
from survey_app.store.cases import Case
from survey_app.store.people import Person


def _either(day: Any, instant: Any) -> ColumnElement[bool]:
    return or_(day.is_not(None), instant.is_not(None))


FACTS: Mapping[str, ColumnElement[bool]] = {
    "usable-number": Person.number_kind.in_(USABLE_NUMBERS),
    "text-consent": Person.sms_consent.in_(SAID),
    "text-safe": Person.sms_safe.in_(SAID),
    "safety-checked": Person.safety_checked_on.is_not(None),
    "flags": and_(Case.flags.is_not(None), Case.flags != ""),
    "first-attempt": _either(Case.first_attempt_on, Case.first_attempt_at),
    "first-contact": _either(Case.first_contact_on, Case.first_contact_at),
    "needs-assessment": Case.needs_assessment_on.is_not(None),
    "support-plan": Case.support_plan_on.is_not(None),
    "review": Case.review_on.is_not(None),
    "closure-reason": Case.closure_reason.is_not(None),
    "closure-code": and_(Case.closure_code.is_not(None), Case.closure_code != ""),
}
"""What should be known of every closed case, in the order in which it is shown.

Those that are topics of a case's own record too are judged alike (`TOPIC_OF_FACT`)."""


RECORDED = Tally("recording", (), ("cases", *FACTS))


@dataclass(frozen=True)
class RecordingRow:
    """One fact: of how many closed cases it is recorded."""

    fact: str
    recorded: Rate


def count_recording(session: Session, population: Population) -> tuple[RecordingRow, ...]:
    """Every fact: one query, and one of what is kept."""
    population = replace(population, by=None)
    totals: dict[str, int] = dict.fromkeys(RECORDED.sums, 0)
    for row in counted_rows(session, population, RECORDED, live_records):
        for name in totals:
            totals[name] += int(row[name] or 0)
    return tuple(RecordingRow(fact, rate(totals[fact], totals["cases"])) for fact in FACTS)


def live_records(session: Session, population: Population) -> Iterable[CountedRow]:
    """The rows of `RECORDED` as the database stands."""
    return session.execute(_query(population)).mappings()


def _query(population: Population) -> Select[Any]:
    query: Select[Any] = (
        select(
            func.count().label("cases"),
            *(func.sum(case((is_so, 1), else_=0)).label(fact) for fact, is_so in FACTS.items()),
        )
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .where(population.of_cases())
    )
    own = Columns(Case.closed_on, None, Person.language, has_person=True)
    return population.split(query, own, has_tier=False)
