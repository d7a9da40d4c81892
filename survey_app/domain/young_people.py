"""How is a young person asked the same things: in which words, without which questions, with faces?

Ids, codes and values stay those of the instrument, so that answers of all ages compare and pair.
"""

from collections.abc import Collection, Mapping

from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, ItemType, OutsideCode, Polarity
from survey_app.domain.programmes import YoungTerms

FACES = 5
"""Faces stand beside the points of five-point scales: 1 is the saddest, 5 the happiest."""


def as_asked(instrument: Instrument, terms: YoungTerms) -> Instrument:
    """The instrument as a young person meets it under these terms of their programme.

    With the terms of nobody, `YoungTerms()`, it is everyone's. Either way it holds one wording.
    """
    left_out = set(terms.leave_out.get(instrument.key, ()))
    items = tuple(
        _in_young_words(item) if terms.wording else item.model_copy(update={"young_person": None})
        for item in instrument.items
        if item.id not in left_out and not _is_unreachable(item, left_out)
    )
    return instrument.model_copy(update={"items": items})


def left_out_items(instrument: Instrument, terms: YoungTerms) -> tuple[str, ...]:
    """The ids of the items that a young person does not meet, in the instrument's order."""
    asked = {item.id for item in as_asked(instrument, terms).items}
    return tuple(item.id for item in instrument.items if item.id not in asked)


def left_out_unless_answered(
    instrument: Instrument, terms: YoungTerms, answered: Collection[str]
) -> tuple[str, ...]:
    """The same of a response that came by another way, where such a question may have been put.

    An answer to it, or to what leads to it, shows that it was.
    """
    return tuple(
        item_id
        for item_id in left_out_items(instrument, terms)
        if not {item_id, _leading_to(instrument.item(item_id))} & set(answered)
    )


def faces_of(item: Item) -> Mapping[str, int]:
    """Which face stands beside which code: 1 the saddest to 5; none without a five-point scale."""
    codes = [code for code in item.codes if code not in set(OutsideCode)]
    if len(codes) != FACES:
        return {}
    if item.type is ItemType.SCALE:
        is_better_up = item.polarity is Polarity.HIGHER_IS_BETTER
        worst_first = sorted(codes, key=lambda code: item.values[code], reverse=not is_better_up)
    elif item.measures and codes[0] in item.measures[0].positive:
        worst_first = codes[::-1]
    else:
        return {}
    return {code: place for place, code in enumerate(worst_first, start=1)}


def _is_unreachable(item: Item, left_out: Collection[str]) -> bool:
    """Whether what leads to this item is left out."""
    return _leading_to(item) in left_out


def _leading_to(item: Item) -> str | None:
    return None if item.ask_when is None else item.ask_when.item


def _in_young_words(item: Item) -> Item:
    young = item.young_person
    if young is None:
        return item
    options = tuple(
        option.model_copy(update={"text": young.options.get(option.code, option.text)})
        for option in item.options
    )
    return item.model_copy(
        update={
            "text": young.text or item.text,
            "hint": young.hint or item.hint,
            "options": options,
            "young_person": None,
        }
    )
