"""Which questions does someone meet, given what they have answered so far?

The path is worked out anew from the answers at each step and never stored, so it cannot disagree
with them. `answers` maps item ids to answers: an item in it was seen, a blank one was skipped.
"""

from collections.abc import Mapping
from typing import TypeAlias

from survey_app.domain.answers import Answer, Standing, standing
from survey_app.domain.instruments import Instrument
from survey_app.domain.items import Item

Answers: TypeAlias = Mapping[str, Answer]


def route(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Return the ids of the items that apply, in order.

    A condition holds only if the item it looks at is itself on the route: an answer that no longer
    applies decides nothing.
    """
    visited: dict[str, None] = {}
    for item in instrument.items:
        if _is_asked(item, visited, answers):
            visited[item.id] = None
    return tuple(visited)


def _is_asked(item: Item, visited: Mapping[str, None], answers: Answers) -> bool:
    if item.ask_when is None:
        return True
    if item.ask_when.item not in visited:
        return False
    given = answers.get(item.ask_when.item)
    return given is not None and any(code in item.ask_when.codes for code in given.codes)


def find_next_item(instrument: Instrument, answers: Answers) -> Item | None:
    """Return the first item on the route neither answered nor skipped, or None at the end."""
    for item_id in route(instrument, answers):
        if item_id not in answers:
            return instrument.item(item_id)
    return None


def answers_off_route(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Return the ids of given answers that the other answers rule out, in the order of the items.

    A skip is no answer, so it is never among them.
    """
    on_route = set(route(instrument, answers))
    return tuple(
        item.id
        for item in instrument.items
        if item.id in answers and item.id not in on_route and not answers[item.id].is_blank
    )


def dropped_by_change(
    instrument: Instrument, answers: Answers, item_id: str, changed: Answer
) -> tuple[str, ...]:
    """Return the ids of answers that no longer apply once `item_id` is answered by `changed`."""
    before = set(answers_off_route(instrument, answers))
    after = answers_off_route(instrument, {**answers, item_id: changed})
    return tuple(dropped for dropped in after if dropped not in before)


def standings(instrument: Instrument, answers: Answers) -> dict[str, Standing]:
    """Return how one response stands to each measure of its instrument, by measure key.

    An item off the route was not asked; one on the route and not reached is blank (FORMATS.md).
    """
    on_route = set(route(instrument, answers))
    return {
        measure.key: standing(measure, answers.get(item.id))
        if item.id in on_route
        else Standing.NOT_ASKED
        for item in instrument.items
        for measure in item.measures
    }
