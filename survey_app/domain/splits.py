"""Which counts of a table split into groups stay out, given that other splits are published too?

All splits of a quarter share one table: that of everyone. It is settled first (see `disclosure`).
Then each split is settled against it alone, in a way that holds whatever the others show:

- A hidden count of a group is protected by an *exchange*: some people change places between two
  groups, so that the table of everyone, and with it every other split, stays as it is.
- A hidden count of everyone is protected by its twins; every split *takes up* each twin in one of
  its groups, hiding there what the twin passes through.

Where neither cannot be had, all that hangs together with the count is hidden in all groups of the
split, so that the split tells of it nothing beyond the table of everyone.
"""

from collections.abc import Hashable
from dataclasses import replace

from survey_app.domain.disclosure import Suppression
from survey_app.domain.groups import Place, Split, parts_of
from survey_app.domain.settling import PartSettling
from survey_app.domain.split_searches import SplitSearches


def suppress_split(split: Split, everyone: Suppression, threshold: int) -> frozenset[Place]:
    """The places to hide, jointly with the table of everyone and so with any other split of it."""
    return SplitSettler(split, threshold).settle(everyone, split.kept_back)


class SplitSettler:
    """Settles one split, again and again while more is kept back.

    Nothing in one part tells of another: a part for which nothing changed stays as it is settled.
    """

    def __init__(self, split: Split, threshold: int) -> None:
        self._unprinted = split.unprinted
        self._threshold = threshold
        self._parts = tuple((part, SplitSearches(part)) for part in parts_of(split))
        self._known: dict[Hashable, frozenset[Place]] = {}

    def settle(self, everyone: Suppression, kept_back: frozenset[Place]) -> frozenset[Place]:
        """The places to hide beside the settled table of everyone."""
        hidden: set[Place] = set()
        for part, searches in self._parts:
            hidden |= self._settled(part, searches, everyone, kept_back)
        return frozenset(place for place in hidden if place[1] not in self._unprinted)

    def _settled(
        self,
        part: Split,
        searches: SplitSearches,
        everyone: Suppression,
        kept_back: frozenset[Place],
    ) -> frozenset[Place]:
        own = {*part.everyone, *(cell for group in part.groups.values() for cell in group.counts)}
        part = replace(part, kept_back=frozenset(p for p in kept_back if p[1] in own))
        near = Suppression(
            everyone.hidden & own,
            everyone.withheld & own,
            tuple(twin for twin in everyone.twins if not own.isdisjoint(twin)),
        )
        twins = tuple(frozenset(twin.items()) for twin in near.twins)
        matters = (id(searches), part.kept_back, near.hidden, twins, near.withheld)
        if matters not in self._known:
            self._known[matters] = PartSettling(part, searches, near, self._threshold).settle()
        return self._known[matters]
