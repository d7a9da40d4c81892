"""What is an instrument, and which definitions of one are refused?

The shape is FORMATS.md, "Instruments and programmes (YAML)". An instrument version never changes
once it is used; `definitions.content_hash` tells whether it did.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError

from survey_app.domain.definitions import (
    Definition,
    Faults,
    Slug,
    Wording,
    shape_faults,
    whole_number_as_text,
)
from survey_app.domain.item_faults import item_faults
from survey_app.domain.items import Item


class InstrumentKind(StrEnum):
    """What an instrument is for."""

    SURVEY = "survey"
    SELF_ASSESSMENT = "self-assessment"
    STAR = "star"


class Audience(StrEnum):
    """Who an instrument is written for."""

    ADULT = "adult"
    YOUNG_PERSON = "young-person"
    ANY = "any"


class Licence(StrEnum):
    """Whether a service needs a licence of someone else's to use an instrument."""

    OWN = "own"
    REQUIRED = "required"


Version = Annotated[
    str,
    BeforeValidator(whole_number_as_text),
    StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=16),
]
"""Digits and dots, so that versions have an order; kept as text, so that 1.10 is not 1.1."""


class Instrument(Definition):
    """A versioned questionnaire or scored tool."""

    key: Slug
    version: Version
    kind: InstrumentKind
    title: Wording
    audience: Audience
    licence: Licence
    comparable_with: tuple[Version, ...] = ()
    """Versions whose values may stand in one pair with its own (`domain.comparability`)."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]

    def find_item(self, item_id: str) -> Item | None:
        """Return the item of this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def item(self, item_id: str) -> Item:
        """Return the item of this id. Raises UnknownItem."""
        found = self.find_item(item_id)
        if found is None:
            raise UnknownItem(self.key, self.version, item_id)
        return found

    @property
    def outcome_items(self) -> tuple[Item, ...]:
        """The items that are read as an area of life: scored at several waves and paired."""
        return tuple(item for item in self.items if item.outcome is not None)


class UnknownItem(LookupError):
    """An item was asked for that the instrument version does not have."""


def parse_instrument(raw: Mapping[str, Any]) -> Instrument | Faults:
    """Return the instrument that `raw`, a mapping read from a file, defines, or what is wrong."""
    try:
        instrument = Instrument.model_validate(raw)
    except ValidationError as error:
        return shape_faults(error, raw)
    faults = item_faults(instrument.items)
    return Faults(faults) if faults else instrument


def version_order(version: str) -> tuple[int, ...]:
    """Return a key that sorts versions as people count them: 1, 1.2, 1.10, 2."""
    return tuple(int(part) for part in version.split("."))


def latest_versions(instruments: Iterable[Instrument]) -> dict[str, Instrument]:
    """Return the newest version of each instrument by key: the one that a new request asks."""
    newest: dict[str, Instrument] = {}
    for instrument in instruments:
        known = newest.get(instrument.key)
        if known is None or version_order(known.version) < version_order(instrument.version):
            newest[instrument.key] = instrument
    return newest


def may_use(instrument: Instrument, recorded_licences: Collection[str]) -> bool:
    """Whether a service may use an instrument, given the keys whose licence it has recorded."""
    return instrument.licence is Licence.OWN or instrument.key in recorded_licences
