"""Is what we need to know recorded at all? For the service's own staff, over the closed cases.

"Not recorded" is never shown as "not done": a service that contacts within two days but does not
write it down has a gap in its records, not in its work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from survey_app.domain.statistics import Rate, rate
from survey_app.reporting.population import OF_CASES, Population
from survey_app.store.case_facts import CaseFact

FACTS: Mapping[str, Any] = {
    "usable-number": CaseFact.knows_number,
    "text-consent": CaseFact.knows_consent,
    "text-safe": CaseFact.knows_safe,
    "safety-checked": CaseFact.knows_safety_check,
    "flags": CaseFact.knows_flags,
    "first-attempt": CaseFact.knows_first_attempt,
    "first-contact": CaseFact.knows_first_contact,
    "needs-assessment": CaseFact.knows_needs_assessment,
    "support-plan": CaseFact.knows_support_plan,
    "review": CaseFact.knows_review,
    "closure-reason": CaseFact.knows_closure_reason,
    "closure-code": CaseFact.knows_closure_code,
}
"""What should be known of every closed case, in the order in which it is shown.

Those that are topics of a case's own record too are judged alike (`TOPIC_OF_FACT`)."""


@dataclass(frozen=True)
class RecordingRow:
    """One fact: of how many closed cases it is recorded."""

    fact: str
    recorded: Rate


def count_recording(session: Session, population: Population) -> tuple[RecordingRow, ...]:
    """Every fact: one query."""
    population = replace(population, by=None)
    totals: dict[str, int] = dict.fromkeys(("cases", *FACTS), 0)
    for row in population.rows(session, _query(population)):
        for name in totals:
            totals[name] += int(row[name] or 0)
    return tuple(RecordingRow(fact, rate(totals[fact], totals["cases"])) for fact in FACTS)


def _query(population: Population) -> Select[Any]:
    query: Select[Any] = select(
        func.count().label("cases"),
        *(func.sum(known).label(fact) for fact, known in FACTS.items()),
    ).where(population.of_cases())
    return population.split(query, OF_CASES, has_tier=False)
