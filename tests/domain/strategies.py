"""Hypothesis strategies: instruments with conditions, and answers to them."""

from typing import Any

from hypothesis import strategies as st

from survey_app.domain.answers import SKIPPED, Answer
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item, ItemType
from tests.domain.definitions import an_instrument_of, raw_instrument, scale, text, yes_no

_KINDS = {"yes-no": yes_no, "scale": scale, "text": text}


def _many(item_id: str, **parts: Any) -> dict[str, Any]:
    return yes_no(item_id, type="many", **parts)


@st.composite
def raw_instruments(draw: st.DrawFn) -> dict[str, Any]:
    """A well-formed instrument of up to eight items, any of which may hang on an earlier one."""
    items: list[dict[str, Any]] = []
    for number in range(draw(st.integers(1, 8))):
        make = draw(st.sampled_from([*_KINDS.values(), _many]))
        item = make(f"item-{number}")
        closed = [earlier for earlier in items if "options" in earlier]
        if closed and draw(st.booleans()):
            on = draw(st.sampled_from(closed))
            codes = [option["code"] for option in on["options"]]
            asked_on = draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
            item["ask_when"] = {"item": on["id"], "codes": asked_on}
        items.append(item)
    return raw_instrument(*items)


@st.composite
def instruments(draw: st.DrawFn, key: str = "small") -> Instrument:
    """A parsed instrument."""
    raw = draw(raw_instruments())
    return an_instrument_of(*raw["items"], key=key)


def answers_to_item(item: Item) -> st.SearchStrategy[Answer]:
    """Any answer to one item, or a skip."""
    if item.type is ItemType.TEXT:
        return st.one_of(st.just(SKIPPED), st.just(Answer(text="Something")))
    codes = st.sampled_from(item.codes)
    chosen: st.SearchStrategy[tuple[str, ...]] = codes.map(lambda code: (code,))
    if item.type is ItemType.MANY:
        chosen = st.lists(codes, min_size=1, unique=True).map(tuple)
    return st.one_of(st.just(SKIPPED), chosen.map(lambda given: Answer(codes=given)))


@st.composite
def answers_to(draw: st.DrawFn, instrument: Instrument) -> dict[str, Answer]:
    """Answers to some of the items, also to items that are not on the route."""
    return {
        item.id: draw(answers_to_item(item)) for item in instrument.items if draw(st.booleans())
    }


@st.composite
def answered_instruments(draw: st.DrawFn) -> tuple[Instrument, dict[str, Answer]]:
    """An instrument and some answers to it."""
    instrument = draw(instruments())
    return instrument, draw(answers_to(instrument))
