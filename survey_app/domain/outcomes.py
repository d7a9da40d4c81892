"""What changed for a person between their first and their last answer (FORMATS.md, "Pairs")?

Works on plain values: who calls it has already left out superseded readings and keeps apart what is
not comparable (another instrument, another version).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from survey_app.domain.items import Polarity
from survey_app.domain.requests import Wave

When = TypeVar("When", date, datetime)


class Change(StrEnum):
    """What became of one outcome area between the first and the last value."""

    IMPROVED = "improved"
    SUSTAINED_WELL = "sustained-well"
    SUSTAINED_LOW = "sustained-low"
    DECLINED = "declined"


class Move(StrEnum):
    """What became of one area of a star; up is the good direction, whatever the polarity."""

    INCREASED = "increased"
    MAINTAINED = "maintained"
    DECREASED = "decreased"


class Standing(StrEnum):
    """How far the values of one case and area make a pair."""

    PAIRED = "paired"
    BASELINE_ONLY = "baseline-only"
    CLOSURE_ONLY = "closure-only"
    REVIEW_ONLY = "review-only"
    ONE_READING = "one-reading"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Scale:
    """How the values of one item are read: all four facts are the instrument's own."""

    polarity: Polarity
    minimum_change: float
    doing_well_from: float
    best: float

    def gain(self, first: float, last: float) -> float:
        """How far it went in the good direction; negative when it got worse."""
        return last - first if self.polarity is Polarity.HIGHER_IS_BETTER else first - last

    def is_doing_well(self, value: float) -> bool:
        """Whether a value is at or past the "doing well" level."""
        return self.gain(self.doing_well_from, value) >= 0

    def has_room(self, first: float) -> bool:
        """Whether it could still get better from here: the baseline is not at the best value."""
        return self.gain(first, self.best) > 0


@dataclass(frozen=True)
class DatedValue(Generic[When]):
    """One value of one case and area; None where it was asked and left empty."""

    wave: Wave
    on: When
    value: float | None


@dataclass(frozen=True)
class Pair(Generic[When]):
    """What there is to compare for one case and area: the first and the last value that count.

    Where there is one value only, it is both: a pair is one only by its `standing`.
    """

    standing: Standing
    first: DatedValue[When] | None = None
    last: DatedValue[When] | None = None

    @property
    def is_review_last(self) -> bool:
        """Whether a review stands in for the closure that was not answered."""
        return self.standing is Standing.PAIRED and _is_review(self.last)


def classify(scale: Scale, first: float, last: float) -> Change:
    """Improved or declined when moved by the minimum change or more, else sustained."""
    gain = scale.gain(first, last)
    if gain >= scale.minimum_change:
        return Change.IMPROVED
    if -gain >= scale.minimum_change:
        return Change.DECLINED
    return Change.SUSTAINED_WELL if scale.is_doing_well(last) else Change.SUSTAINED_LOW


def classify_move(scale: Scale, first: float, last: float) -> Move:
    """The same question for a star's area, where "sustained" is not split."""
    change = classify(scale, first, last)
    return _MOVES.get(change, Move.MAINTAINED)


_MOVES = {Change.IMPROVED: Move.INCREASED, Change.DECLINED: Move.DECREASED}


def make_pair(values: Sequence[DatedValue[When]]) -> Pair[When]:
    """Earliest baseline value with the latest closure value, else with the latest review, flagged.

    Values left empty do not count. Of two on the same day the order given decides. A review with
    neither baseline nor closure makes no pair and is in neither `..._only` (FORMATS.md, "Pairs").
    """
    answered = _in_order(values)
    baselines = [value for value in answered if value.wave is Wave.BASELINE]
    closures = [value for value in answered if value.wave is Wave.CLOSURE]
    reviews = [value for value in answered if value.wave is Wave.REVIEW]
    lasts = closures or reviews
    if baselines and lasts:
        return Pair(Standing.PAIRED, baselines[0], lasts[-1])
    if baselines:
        return Pair(Standing.BASELINE_ONLY, baselines[0], baselines[0])
    if closures:
        return Pair(Standing.CLOSURE_ONLY, closures[-1], closures[-1])
    if reviews:
        return Pair(Standing.REVIEW_ONLY, reviews[-1], reviews[-1])
    return Pair(Standing.NOTHING)


def make_star_pair(values: Sequence[DatedValue[When]]) -> Pair[When]:
    """First and last of at least two readings of one area, whatever their waves."""
    answered = _in_order(values)
    if len(answered) >= 2:
        return Pair(Standing.PAIRED, answered[0], answered[-1])
    if answered:
        return Pair(Standing.ONE_READING, answered[0], answered[0])
    return Pair(Standing.NOTHING)


def _is_review(value: DatedValue[When] | None) -> bool:
    return value is not None and value.wave is Wave.REVIEW


def _in_order(values: Sequence[DatedValue[When]]) -> list[DatedValue[When]]:
    return sorted((value for value in values if value.value is not None), key=lambda v: v.on)
