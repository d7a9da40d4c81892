"""What is wrong with the items of an instrument, taken together?

Each check looks for one kind of mistake that would let a question be asked wrongly or a figure be
computed wrongly; shape alone (missing and unknown keys) is checked before.
"""

from collections.abc import Iterator, Sequence

from survey_app.domain.definitions import Fault, FaultCode, duplicates
from survey_app.domain.items import Item, ItemType, Measure, OutsideCode

_RESERVED = frozenset(OutsideCode)
_YES_NO = frozenset({"yes", "no"})


def item_faults(items: Sequence[Item]) -> tuple[Fault, ...]:
    """Return every fault of `items`, those of the whole first, then item by item."""
    faults = list(_repeated(items))
    for place, item in enumerate(items):
        faults += _option_faults(item)
        faults += _scale_faults(item)
        faults += _condition_faults(item, items, place)
        faults += _alert_faults(item)
        faults += _young_wording_faults(item)
        for measure in item.measures:
            faults += _measure_faults(item, measure)
    return tuple(faults)


def _repeated(items: Sequence[Item]) -> Iterator[Fault]:
    for item_id in duplicates(item.id for item in items):
        yield Fault(item_id, FaultCode.DUPLICATE_ITEM, item_id)
    for key in duplicates(measure.key for item in items for measure in item.measures):
        yield Fault(None, FaultCode.DUPLICATE_MEASURE, key)
    for area in duplicates(item.outcome for item in items if item.outcome is not None):
        yield Fault(None, FaultCode.DUPLICATE_OUTCOME, area)


def _option_faults(item: Item) -> Iterator[Fault]:
    if item.type is ItemType.TEXT:
        if item.options or item.measures or item.alert_when:
            yield Fault(item.id, FaultCode.TEXT_WITH_CODES, item.id)
        return
    for code in duplicates(item.codes):
        yield Fault(item.id, FaultCode.DUPLICATE_CODE, code)
    if OutsideCode.PREFER_NOT_TO_SAY not in item.codes:
        yield Fault(item.id, FaultCode.PREFER_NOT_TO_SAY_MISSING, OutsideCode.PREFER_NOT_TO_SAY)
    if not set(item.codes) - _RESERVED:
        yield Fault(item.id, FaultCode.MISSING_VALUE, "options")
    elif item.type is ItemType.YES_NO and set(item.codes) - _RESERVED != _YES_NO:
        yield Fault(item.id, FaultCode.NOT_YES_NO, ", ".join(item.codes))
    for option in item.options:
        if option.code in _RESERVED and option.value is not None:
            yield Fault(item.id, FaultCode.RESERVED_CODE_HAS_VALUE, option.code)


def _scale_faults(item: Item) -> Iterator[Fault]:
    if item.type is not ItemType.SCALE:
        if item.outcome is not None:
            yield Fault(item.id, FaultCode.OUTCOME_NOT_ON_SCALE, item.outcome)
        return
    for option in item.options:
        if option.value is None and option.code not in _RESERVED:
            yield Fault(item.id, FaultCode.SCALE_VALUE_MISSING, option.code)
    for value in duplicates(str(value) for value in item.values.values()):
        yield Fault(item.id, FaultCode.DUPLICATE_SCALE_VALUE, value)
    if item.polarity is None:
        yield Fault(item.id, FaultCode.POLARITY_MISSING, "polarity")
    if item.outcome is not None:
        yield from _outcome_faults(item)


def _outcome_faults(item: Item) -> Iterator[Fault]:
    if item.minimum_change is None:
        yield Fault(item.id, FaultCode.MISSING_VALUE, "minimum_change")
    if item.doing_well_from is None:
        yield Fault(item.id, FaultCode.MISSING_VALUE, "doing_well_from")
    elif item.doing_well_from not in item.values.values():
        yield Fault(item.id, FaultCode.DOING_WELL_OFF_SCALE, str(item.doing_well_from))


def _condition_faults(item: Item, items: Sequence[Item], place: int) -> Iterator[Fault]:
    if item.ask_when is None:
        return
    asked = next((other for other in items if other.id == item.ask_when.item), None)
    if asked is None:
        yield Fault(item.id, FaultCode.CONDITION_ON_UNKNOWN_ITEM, item.ask_when.item)
        return
    if asked not in items[:place]:
        yield Fault(item.id, FaultCode.CONDITION_ON_LATER_ITEM, asked.id)
    for code in item.ask_when.codes:
        if code not in asked.codes:
            yield Fault(item.id, FaultCode.UNKNOWN_CODE, f"ask_when: {asked.id} = {code}")


def _alert_faults(item: Item) -> Iterator[Fault]:
    if item.alert_when is None or item.type is ItemType.TEXT:
        return
    for code in item.alert_when.codes:
        if code not in item.codes:
            yield Fault(item.id, FaultCode.UNKNOWN_CODE, f"alert_when: {code}")


def _young_wording_faults(item: Item) -> Iterator[Fault]:
    if item.young_person is None:
        return
    for code in item.young_person.options:
        if code not in item.codes:
            yield Fault(item.id, FaultCode.UNKNOWN_CODE, f"young_person: {code}")


def _measure_faults(item: Item, measure: Measure) -> Iterator[Fault]:
    if item.type is ItemType.TEXT:
        return
    for part, codes in (("positive", measure.positive), ("outside", measure.outside)):
        for code in codes:
            if code not in item.codes:
                yield Fault(item.id, FaultCode.UNKNOWN_CODE, f"{measure.key} {part}: {code}")
    for code in measure.outside:
        if code in measure.positive:
            yield Fault(item.id, FaultCode.POSITIVE_AND_OUTSIDE, f"{measure.key}: {code}")
        if code not in _RESERVED:
            yield Fault(item.id, FaultCode.OUTSIDE_NOT_RESERVED, f"{measure.key}: {code}")
    for code in item.codes:
        if code in _RESERVED and code not in measure.outside:
            yield Fault(item.id, FaultCode.RESERVED_CODE_IN_BASE, f"{measure.key}: {code}")
