"""Which questions of an imported response was a young person never to be asked?

A form on paper is the same form: what the programme leaves out for young people is not blank on it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.answers import Answer
from survey_app.domain.instruments import Instrument
from survey_app.domain.programmes import Programme, YoungTerms
from survey_app.domain.young_people import left_out_unless_answered
from survey_app.store.cases import Case
from survey_app.store.services import programme_in_force


@dataclass(frozen=True)
class LeftOut:
    """The service's terms for young people, and which of the cases are theirs."""

    terms: YoungTerms
    young: frozenset[int]

    @classmethod
    def of(cls, session: Session, service_id: int, case_ids: Collection[int]) -> Self:
        """Read by the programme in force; a service without one leaves nothing out."""
        stored = programme_in_force(session, service_id)
        if stored is None:
            return cls(YoungTerms(), frozenset())
        young = session.scalars(
            select(Case.id).where(Case.id.in_(case_ids), Case.is_young_person.is_(True))
        )
        return cls(Programme.model_validate(stored.content).young_person, frozenset(young))

    def find(
        self, case_id: int, instrument: Instrument, answers: Mapping[str, Answer]
    ) -> str | None:
        """As a response keeps it: `;`-separated items, None where it was asked whole."""
        if case_id not in self.young:
            return None
        return ";".join(sorted(left_out_unless_answered(instrument, self.terms, answers))) or None
