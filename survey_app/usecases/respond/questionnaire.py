"""Which questions does a link ask, and which number has each?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from survey_app.domain.definitions import Faults
from survey_app.domain.instruments import Instrument, parse_instrument
from survey_app.domain.items import Item
from survey_app.domain.programmes import Programme, YoungTerms
from survey_app.domain.steps import Step
from survey_app.domain.young_people import as_asked, left_out_items
from survey_app.store.catalogues import MessageKey, wordings_of
from survey_app.store.services import InstrumentSnapshot, ProgrammeVersion

Versions = tuple[tuple[str, str], ...]
"""Keys and versions, in the order asked."""


class InstrumentGone(LookupError):
    """A request names an instrument version of which there is no readable snapshot."""


@dataclass(frozen=True)
class Questionnaire:
    """The instruments of one link. A step's number counts every step, asked or not, from 1.

    So a number stands for one question, however the answers before it turn out.
    """

    instruments: tuple[Instrument, ...]
    snapshot_ids: Mapping[str, int]
    """Instrument key to the id of its snapshot."""
    all_steps: tuple[Step, ...]
    is_for_young_people: bool = False
    """Whether it is worded for them: with larger letters and faces."""
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Instrument key to the items that young people are not asked under their programme."""

    @cached_property
    def wordings(self) -> frozenset[MessageKey]:
        """All that a language has to say to ask it."""
        return wordings_of(self.instruments)

    def find_step(self, number: int) -> Step | None:
        """The step of this number."""
        return self.all_steps[number - 1] if 0 < number <= len(self.all_steps) else None

    def number_of(self, step: Step) -> int:
        """The step's number."""
        return self.all_steps.index(step) + 1

    def instrument_of(self, step: Step) -> Instrument:
        """The instrument that a step of this questionnaire belongs to."""
        return next(found for found in self.instruments if found.key == step.instrument)

    def item_of(self, step: Step) -> Item:
        """The question that a step of this questionnaire asks."""
        return self.instrument_of(step).item(step.item)


@dataclass(frozen=True)
class Shelf:
    """The questionnaires already read by this process: a version never changes once used."""

    _known: dict[tuple[Versions, int | None], Questionnaire] = field(default_factory=dict)

    def get(
        self, session: Session, versions: Versions, young_under: int | None = None
    ) -> Questionnaire:
        """The questionnaire of these versions; raises InstrumentGone for a missing one.

        `young_under`: the programme version (none of which ever changes) whose terms for young
        people hold; None for an adult.
        """
        kind = versions, young_under
        if kind not in self._known:
            terms = None if young_under is None else _young_terms(session, young_under)
            self._known[kind] = _read(session, versions, terms)
        return self._known[kind]


def _young_terms(session: Session, programme_version_id: int) -> YoungTerms:
    version = session.get_one(ProgrammeVersion, programme_version_id)
    return Programme.model_validate(version.content).young_person


def _read(session: Session, versions: Versions, young: YoungTerms | None) -> Questionnaire:
    rows = session.execute(
        select(
            InstrumentSnapshot.id,
            InstrumentSnapshot.key,
            InstrumentSnapshot.version,
            InstrumentSnapshot.content,
        ).where(tuple_(InstrumentSnapshot.key, InstrumentSnapshot.version).in_(versions))
    )
    found = {(row.key, row.version): row for row in rows}
    instruments = []
    for version in versions:
        parsed = parse_instrument(found[version].content) if version in found else None
        if parsed is None or isinstance(parsed, Faults):
            raise InstrumentGone(version)
        instruments.append(parsed)
    terms = young or YoungTerms()
    left_out = {each.key: left_out_items(each, terms) for each in instruments}
    instruments = [as_asked(each, terms) for each in instruments]
    return Questionnaire(
        instruments=tuple(instruments),
        snapshot_ids={key: row.id for (key, _), row in found.items()},
        all_steps=tuple(
            Step(instrument.key, instrument.version, item.id)
            for instrument in instruments
            for item in instrument.items
        ),
        is_for_young_people=young is not None and young.wording,
        left_out=left_out,
    )
