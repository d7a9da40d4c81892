"""Which versions of an instrument may stand in one pair?

Only equal versions, and those that an instrument file says are comparable (`comparable_with`); and
of those only areas that are answered on the very same scale. Whoever changes the words of a
question changes what is measured, so that nothing is comparable unless somebody said so.
"""

from collections.abc import Iterable

from survey_app.domain.instruments import Instrument, version_order
from survey_app.domain.items import Item

Versioned = tuple[str, str]
"""Key and version."""

ScaleMark = tuple[str, tuple[tuple[str, int], ...]]
"""Polarity, and every code with its value."""


def version_pools(instruments: Iterable[Instrument]) -> dict[Versioned, Versioned]:
    """The pool of each version, named after the oldest version in it.

    `comparable_with` holds both ways and from one to the next: who may be compared with 2, which
    may be compared with 1, may be compared with 1. A version that is not there is passed over.
    """
    ordered = sorted(instruments, key=lambda one: (one.key, version_order(one.version)))
    pools = {(one.key, one.version): (one.key, one.version) for one in ordered}
    for one in ordered:
        for other in one.comparable_with:
            if (one.key, other) in pools:
                _join(pools, (one.key, one.version), (one.key, other))
    return pools


def _join(pools: dict[Versioned, Versioned], one: Versioned, other: Versioned) -> None:
    oldest, newest = sorted(
        (pools[one], pools[other]), key=lambda place: (place[0], version_order(place[1]))
    )
    for place, pool in pools.items():
        if pool == newest:
            pools[place] = oldest


def scale_mark(item: Item) -> ScaleMark:
    """What two items must share for their values to be compared."""
    return str(item.polarity), tuple(sorted(item.values.items()))
