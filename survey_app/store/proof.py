"""Does something that seldom changes hold, without asking about it at every request?"""

from collections.abc import Callable, Sequence
from math import inf
from time import monotonic
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

AGAIN_SECONDS = 10.0
"""How long a question about the database that was answered badly is not asked again."""

FaultT = TypeVar("FaultT")


class Proof(Generic[FaultT]):
    """A question that is answered by what speaks against it, remembered for `seconds`.

    A good answer (nothing speaks against it) is remembered for `good_seconds`, by default as long
    as a bad one. `ask` may raise: where it was answered before, that answer stands meanwhile.
    """

    def __init__(
        self,
        ask: Callable[[], Sequence[FaultT]],
        *,
        seconds: float = AGAIN_SECONDS,
        good_seconds: float | None = None,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._good_seconds = seconds if good_seconds is None else good_seconds
        self._faults: tuple[FaultT, ...] | None = None
        self._until = -inf

    def faults(self) -> tuple[FaultT, ...]:
        """What speaks against it; raises SQLAlchemyError where nobody could say so far."""
        if self._faults is not None and monotonic() < self._until:
            return self._faults
        try:
            self._faults = tuple(self._ask())
        except SQLAlchemyError:
            if self._faults is None:
                raise
            # Whoever asks meanwhile does not wait for the database once more for this.
            self._until = monotonic() + self._seconds
            return self._faults
        self._until = monotonic() + (self._seconds if self._faults else self._good_seconds)
        return self._faults
