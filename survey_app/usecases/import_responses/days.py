"""Beside which days of its case must the day of an imported response stand?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import Wave
from survey_app.domain.response_file import ResponseKey
from survey_app.store.cases import Case
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot

Baselines = Mapping[tuple[str, str], date]
"""By case reference and instrument: the earliest baseline."""


@dataclass(frozen=True)
class KnownCases:
    """The cases by reference, with `id` and `referred_on`; the earliest baselines."""

    by_ref: Mapping[str, Row[Any]]
    stored: Baselines
    in_file: Baselines

    def baseline_on(self, key: ResponseKey) -> date | None:
        """The earliest baseline of the same case and questions, stored or in this file."""
        about = (key.case_ref, key.instrument)
        days = [day for known in (self.stored, self.in_file) if (day := known.get(about))]
        return min(days, default=None)


def known_cases(
    session: Session, service_id: int, keys: Sequence[ResponseKey], in_file: Baselines
) -> KnownCases:
    """What is known of the cases of these responses; two queries."""
    refs = {key.case_ref for key in keys}
    cases = session.execute(
        select(Case.case_ref, Case.id, Case.referred_on).where(
            Case.service_id == service_id, Case.case_ref.in_(refs)
        )
    )
    by_ref = {row.case_ref: row for row in cases}
    baselines = session.execute(
        select(Case.case_ref, InstrumentSnapshot.key, func.min(Response.counts_on))
        .join(Case, Case.id == Response.case_id)
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(
            Response.case_id.in_([row.id for row in by_ref.values()]),
            Response.wave == Wave.BASELINE,
            Response.superseded_by_id.is_(None),
            Response.withdrawn_at.is_(None),
            # A retrospective reading says how it was at the start, whenever it was made.
            Response.is_retrospective.is_(False),
            Response.counts_on.is_not(None),
        )
        .group_by(Case.case_ref, InstrumentSnapshot.key)
    )
    return KnownCases(by_ref, {(ref, key): day for ref, key, day in baselines}, in_file)
