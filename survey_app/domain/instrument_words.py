"""Which words of an instrument does a person read, and how is a question put into a language?

Each wording is looked up by its English and by where it stands, so that the same English may be
said differently: `sus-tier-1/use-again` for the text and the hint of a question,
`sus-tier-1/use-again/yes` for an option.
"""

from collections.abc import Callable, Iterator

from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item

Say = Callable[[str, str], str]
"""Gives the translation of an English wording, by its context and itself."""


def wordings(instrument: Instrument) -> Iterator[tuple[str, str]]:
    """Every context and wording that a person may read, in the order of the instrument.

    Titles and labels are for staff and stay in English.
    """
    for item in instrument.items:
        place = _place(instrument.key, item)
        yield place, item.text
        if item.hint is not None:
            yield place, item.hint
        for option in item.options:
            yield f"{place}/{option.code}", option.text
        yield from _young_wordings(place, item)


def _young_wordings(place: str, item: Item) -> Iterator[tuple[str, str]]:
    """What young people read instead, where it is not the same."""
    young = item.young_person
    if young is None:
        return
    for wording, usual in ((young.text, item.text), (young.hint, item.hint)):
        if wording is not None and wording != usual:
            yield place, wording
    for option in item.options:
        wording = young.options.get(option.code, option.text)
        if wording != option.text:
            yield f"{place}/{option.code}", wording


def in_words_of(say: Say, instrument_key: str, item: Item) -> Item:
    """The same question with its wordings replaced by what `say` gives; codes stay."""
    place = _place(instrument_key, item)
    options = tuple(
        option.model_copy(update={"text": say(f"{place}/{option.code}", option.text)})
        for option in item.options
    )
    words: dict[str, object] = {"text": say(place, item.text), "options": options}
    if item.hint is not None:
        words["hint"] = say(place, item.hint)
    return item.model_copy(update=words)


def _place(instrument_key: str, item: Item) -> str:
    return f"{instrument_key}/{item.id}"
