"""Who is asked what, when and how: what is a programme, and which definitions of one are refused?

The shape is FORMATS.md, "Instruments and programmes (YAML)". A file is a template: a service holds
its own copies, none of which ever changes.
"""

from collections.abc import Iterator, Mapping
from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationError

from survey_app.domain.asks import Ask, Days
from survey_app.domain.cases import ClosureReason, SupportLevel, Weekday
from survey_app.domain.closure_codes import OwnCodes
from survey_app.domain.definitions import (
    Definition,
    Fault,
    FaultCode,
    Faults,
    Slug,
    Wording,
    duplicates,
    shape_faults,
    whole_number_as_text,
)
from survey_app.domain.instruments import Instrument, InstrumentKind, may_use
from survey_app.domain.tier_table import Tier, TierKey, TierRule


class Pages(StrEnum):
    """How many questions stand on a page."""

    ONE = "one"
    SECTION = "section"


def _minute(value: object) -> object:
    """Accept a time of day only as `HH:MM`, the one form that the case file knows too."""
    if isinstance(value, str) and (len(value) != 5 or value[2] != ":"):
        raise ValueError("a time of day is written HH:MM")
    return value


def _no_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("a time of day has no zone: it is Europe/London")
    return value


Minute = Annotated[
    time,
    BeforeValidator(_minute),
    AfterValidator(_no_zone),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str, when_used="json"),
]
"""A time of day in Europe/London, to the minute, written HH:MM."""


class ContactTerms(Definition):
    """When a service contacts people, and whom (safety rules 1 and 2).

    Hours are Europe/London. `cap_days`: at most one first text to a person in so many days.
    `youngest_age`: below it nobody is texted; below `decision_under_age` only after a recorded
    decision. `stale_after_days`: how long checked safety details hold. `skip_bank_holidays`: nobody
    is texted or called on a bank holiday of England and Wales.
    """

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    hours_from: Minute
    hours_until: Minute
    cap_days: Days
    youngest_age: Annotated[int, Field(ge=0, le=120)]
    decision_under_age: Annotated[int, Field(ge=0, le=120)]
    stale_after_days: Days
    skip_bank_holidays: bool = False


class YoungTerms(Definition):
    """How young people are asked the same instruments: in their own wording, and with which
    questions left out, by instrument. Ids and codes stay, so that answers compare."""

    wording: bool = False
    leave_out: Mapping[Slug, Annotated[tuple[Slug, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )


class Programme(Definition):
    """What a service asks of whom; `targets` are percent completed of supported, by tier.

    `closure_codes` are this programme's own, beside those of `domain.closure_codes`.
    """

    key: Slug
    title: Wording
    tiers: Annotated[tuple[TierRule, ...], Field(min_length=1)]
    baseline: Mapping[SupportLevel, Ask] = Field(default_factory=dict)
    review: Mapping[SupportLevel, Ask] = Field(default_factory=dict)
    closure: Mapping[TierKey, Ask]
    not_asked_closure_reasons: tuple[ClosureReason, ...] = ()
    closure_codes: Mapping[ClosureReason, OwnCodes] = Field(default_factory=dict)
    history_after_days: Days
    contact: ContactTerms
    targets: Mapping[
        Annotated[str, BeforeValidator(whole_number_as_text)], Annotated[float, Field(ge=0, le=100)]
    ] = Field(default_factory=dict)
    pages: Pages = Pages.ONE
    young_person: YoungTerms = Field(default_factory=YoungTerms)

    @property
    def asks(self) -> Iterator[tuple[str, Ask]]:
        """Every ask with the place it stands at: `baseline.community`, `closure.2`, ..."""
        for level, ask in self.baseline.items():
            yield f"baseline.{level.value}", ask
        for level, ask in self.review.items():
            yield f"review.{level.value}", ask
        for tier, ask in self.closure.items():
            yield f"closure.{tier.value}", ask

    @property
    def link_keys(self) -> frozenset[str]:
        """Every instrument that a link may hold, so that people read it themselves."""
        return frozenset(key for _, ask in self.asks for key in ask.links)

    @property
    def instrument_keys(self) -> frozenset[str]:
        """Every instrument that the programme may ask."""
        return frozenset(key for _, ask in self.asks for key in ask.links | ask.readings)


def parse_programme(raw: Mapping[str, Any]) -> Programme | Faults:
    """Return the programme that `raw`, a mapping read from a file, defines, or what is wrong."""
    try:
        programme = Programme.model_validate(raw)
    except ValidationError as error:
        return shape_faults(error, raw)
    faults = (*_tier_faults(programme), *_ask_faults(programme), *_contact_faults(programme))
    return Faults(faults) if faults else programme


def instrument_faults(programme: Programme, newest: Mapping[str, Instrument]) -> tuple[Fault, ...]:
    """Return what is wrong with the instruments that a programme names, given the newest by key."""
    named = (fault for place, ask in programme.asks for fault in _named_wrongly(place, ask, newest))
    return (*named, *_left_out_faults(programme.young_person, newest))


def licence_faults(
    programme: Programme, newest: Mapping[str, Instrument], recorded_licences: frozenset[str]
) -> tuple[Fault, ...]:
    """Return the instruments of a programme whose licence the service has not recorded."""
    return tuple(
        Fault(None, FaultCode.LICENCE_NOT_RECORDED, key)
        for key in sorted(programme.instrument_keys & newest.keys())
        if not may_use(newest[key], recorded_licences)
    )


def _tier_faults(programme: Programme) -> Iterator[Fault]:
    known = {rule.tier for rule in programme.tiers}
    for rule in programme.tiers:
        if rule.tier is Tier.NONE:
            yield Fault("tiers", FaultCode.UNKNOWN_TIER, "none")
        if rule.deliveries_to is not None and rule.deliveries_to < rule.deliveries_from:
            yield Fault(f"tiers.{rule.tier.value}", FaultCode.RANGE_BACKWARDS, "deliveries_to")
    for tier in programme.closure:
        if tier not in known:
            yield Fault("closure", FaultCode.UNKNOWN_TIER, tier.value)
    for target in programme.targets:
        if target not in {*known, "all"}:
            yield Fault("targets", FaultCode.UNKNOWN_TIER, target)


def _ask_faults(programme: Programme) -> Iterator[Fault]:
    for place, ask in programme.asks:
        if not ask.links and not ask.readings:
            yield Fault(place, FaultCode.NOTHING_ASKED, "instruments")
        if ask.links and not ask.channels:
            yield Fault(place, FaultCode.NO_CHANNEL, "channels")
        for repeated in duplicates((*ask.instruments, *ask.channels)):
            yield Fault(place, FaultCode.DUPLICATE_CODE, repeated)
        if list(ask.reminders) != sorted(set(ask.reminders)):
            yield Fault(place, FaultCode.REMINDERS_OUT_OF_ORDER, "reminders")
        elif ask.reminders and ask.reminders[-1] >= ask.expires_after_days:
            yield Fault(place, FaultCode.REMINDERS_OUT_OF_ORDER, "expires_after_days")


def _contact_faults(programme: Programme) -> Iterator[Fault]:
    contact = programme.contact
    if contact.hours_until <= contact.hours_from:
        yield Fault("contact", FaultCode.RANGE_BACKWARDS, "hours_until")
    if contact.decision_under_age < contact.youngest_age:
        yield Fault("contact", FaultCode.RANGE_BACKWARDS, "decision_under_age")


def _named_wrongly(place: str, ask: Ask, newest: Mapping[str, Instrument]) -> Iterator[Fault]:
    for key in sorted((ask.links | ask.readings) - newest.keys()):
        yield Fault(place, FaultCode.UNKNOWN_INSTRUMENT, key)
    for key in sorted(ask.links & newest.keys()):
        if newest[key].kind is InstrumentKind.STAR:
            yield Fault(place, FaultCode.STAR_IN_LINK, key)
    for key in sorted(ask.readings & newest.keys()):
        if newest[key].kind is not InstrumentKind.STAR:
            yield Fault(place, FaultCode.READING_NOT_STAR, key)


def _left_out_faults(terms: YoungTerms, newest: Mapping[str, Instrument]) -> Iterator[Fault]:
    """A question that another leads to goes with it: else nobody could tell why it is empty."""
    place = "young_person.leave_out"
    for key, items in terms.leave_out.items():
        if key not in newest:
            yield Fault(place, FaultCode.UNKNOWN_INSTRUMENT, key)
            continue
        instrument = newest[key]
        for item_id in items:
            item = instrument.find_item(item_id)
            if item is None:
                yield Fault(place, FaultCode.UNKNOWN_ITEM, f"{key}: {item_id}")
            elif item.ask_when is not None and item.ask_when.item not in items:
                yield Fault(place, FaultCode.LEFT_OUT_IN_HALVES, f"{key}: {item_id}")
        if {item.id for item in instrument.items} <= set(items):
            yield Fault(place, FaultCode.NOTHING_LEFT, key)
