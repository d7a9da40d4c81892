"""Where does the ladder lose most, and what would one step better bring?

For each step: how many of those who came so far went no further, how many more would have completed
had it lost nobody, all later steps losing as they do now, and what that means for the target.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from survey_app.domain.ladder import STEPS
from survey_app.domain.statistics import tenths


@dataclass(frozen=True)
class Loss:
    """One step of the ladder, in people.

    `gained` is how many more would complete if nobody were lost at this step, and `needed` how many
    fewer must be lost at it alone to reach the target; None where even none lost would not do it,
    or there is no target.
    """

    step: str
    before: int
    after: int
    gained: int
    completed_if_none_lost: float | None
    """Per cent of supported, to one place; None where nobody was supported."""
    needed: int | None

    @property
    def lost(self) -> int:
        """How many went no further."""
        return self.before - self.after


def losses(counts: Mapping[str, int], target: float | None) -> list[Loss]:
    """Every step after the first, in the order of the ladder. `target` is per cent of supported."""
    return [_loss(counts, before, step, target) for before, step in pairwise(STEPS)]


def biggest(found: Sequence[Loss]) -> Loss | None:
    """The step at which most are lost; the earliest of equals; None where nobody is lost.

    Who is not eligible was left out by the programme, so that step is none to work on.
    """
    lost = [loss for loss in found if loss.lost and loss.step != "eligible"]
    return max(lost, key=lambda loss: loss.lost) if lost else None


def _loss(counts: Mapping[str, int], before: str, step: str, target: float | None) -> Loss:
    lost = counts[before] - counts[step]
    kept = Fraction(counts["completed"], counts[step]) if counts[step] else Fraction(0)
    gained = lost * kept
    supported = counts["supported"]
    everyone = None
    if supported:
        everyone = tenths(100 * (counts["completed"] + gained) / supported)
    return Loss(
        step,
        counts[before],
        counts[step],
        int(gained),
        everyone,
        _needed(counts, lost, kept, target),
    )


def _needed(
    counts: Mapping[str, int], lost: int, kept: Fraction, target: float | None
) -> int | None:
    """The fewest that this step would have to keep; 0 where the target is met."""
    if target is None or not counts["supported"]:
        return None
    missing = Fraction(str(target)) * counts["supported"] / 100 - counts["completed"]
    if missing <= 0:
        return 0
    if kept == 0:
        return None
    fewest = -(-missing // kept)
    return int(fewest) if fewest <= lost else None
