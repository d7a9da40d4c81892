"""Where is someone in a link that asks several instruments, and how far is it still?

One link asks its instruments in order. A page names the step that it answers, so that a late or
repeated submission lands on its own question and on no other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from survey_app.domain.instruments import Instrument
from survey_app.domain.routing import Answers, route


@dataclass(frozen=True, order=True)
class Step:
    """One question of one instrument version within a link."""

    instrument: str
    version: str
    item: str

    @property
    def name(self) -> str:
        """The step as a page writes it: `instrument:version:item`, none of which has a colon."""
        return f"{self.instrument}:{self.version}:{self.item}"


@dataclass(frozen=True)
class Progress:
    """Question `number` (from 1) of about `of`: yes to a question may add one."""

    number: int
    of: int


def steps(
    instruments: Sequence[Instrument], answers_by_instrument: Mapping[str, Answers]
) -> tuple[Step, ...]:
    """Return the steps that apply, given the answers so far by instrument key, in order."""
    return tuple(
        _step(instrument.key, instrument.version, item_id)
        for instrument in instruments
        for item_id in route(instrument, answers_by_instrument.get(instrument.key, {}))
    )


@lru_cache(4_096)
def _step(instrument: str, version: str, item: str) -> Step:
    """Made once: the same few stand on every page, and each page looks several times."""
    return Step(instrument, version, item)


def find_next_step(
    instruments: Sequence[Instrument], answers_by_instrument: Mapping[str, Answers]
) -> Step | None:
    """Return the first step that is neither answered nor skipped, or None at the end."""
    for step in steps(instruments, answers_by_instrument):
        if step.item not in answers_by_instrument.get(step.instrument, {}):
            return step
    return None


def find_step(taken: Sequence[Step], name: str) -> Step | None:
    """Return the step of this name among `taken`, or None: the page is of another link or route."""
    return next((step for step in taken if step.name == name), None)


def find_step_before(taken: Sequence[Step], step: Step) -> Step | None:
    """Return the step to go back to from `step`, or None at the first."""
    place = taken.index(step)
    return taken[place - 1] if place else None


def progress(taken: Sequence[Step], step: Step) -> Progress:
    """Return how far `step` is along the steps that apply. Raises ValueError off them."""
    return Progress(number=taken.index(step) + 1, of=len(taken))
