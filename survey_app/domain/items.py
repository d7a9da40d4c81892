"""What is one question: how is it answered, when is it asked, and what does it measure?"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from survey_app.domain.definitions import Definition, Slug, Wording
from survey_app.domain.requests import AlertKind


class ItemType(StrEnum):
    """How an item is answered."""

    CHOICE = "choice"
    SCALE = "scale"
    YES_NO = "yes-no"
    MANY = "many"
    TEXT = "text"


class Polarity(StrEnum):
    """Which end of a scale is good."""

    HIGHER_IS_BETTER = "higher-is-better"
    LOWER_IS_BETTER = "lower-is-better"


class OutsideCode(StrEnum):
    """Codes that are answers, but never in the base of a percentage (DOMAIN.md)."""

    DOES_NOT_APPLY = "does-not-apply"
    PREFER_NOT_TO_SAY = "prefer-not-to-say"
    NOT_NEEDED = "not-needed"


class Option(Definition):
    """One answer that may be chosen; `value` is its place on a scale."""

    code: Slug
    text: Wording
    value: int | None = None


class AskWhen(Definition):
    """An item is asked only when an earlier item was answered with one of these codes."""

    item: Slug
    codes: Annotated[tuple[Slug, ...], Field(min_length=1)]


class Measure(Definition):
    """A figure "% of those surveyed" that an item feeds: codes that count for it, codes outside it.

    `label` is its short name in tables and charts; without one, the item's label stands.
    """

    key: Slug
    positive: Annotated[tuple[Slug, ...], Field(min_length=1)]
    outside: tuple[Slug, ...] = ()
    label: Wording | None = None


class AlertWhen(Definition):
    """Which codes make an alert for staff, and of which kind. Free text always makes one."""

    codes: Annotated[tuple[Slug, ...], Field(min_length=1)]
    kind: AlertKind


class YoungWording(Definition):
    """How a question reads for a young person; what is not given reads as for everyone."""

    text: Wording | None = None
    hint: Wording | None = None
    options: Mapping[Slug, Wording] = Field(default_factory=dict)
    """By code; every code stays what it is."""


class Item(Definition):
    """One question. `label` is its short name in tables and charts; else its text stands."""

    id: Slug
    type: ItemType
    text: Wording
    label: Wording | None = None
    hint: Wording | None = None
    options: tuple[Option, ...] = ()
    ask_when: AskWhen | None = None
    measures: tuple[Measure, ...] = ()
    outcome: Slug | None = None
    polarity: Polarity | None = None
    minimum_change: Annotated[int, Field(ge=1)] | None = None
    doing_well_from: int | None = None
    alert_when: AlertWhen | None = None
    young_person: YoungWording | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that may be chosen, in the order in which they are shown."""
        return tuple(option.code for option in self.options)

    @property
    def values(self) -> Mapping[str, int]:
        """The scale value of each code that has one."""
        return {option.code: option.value for option in self.options if option.value is not None}

    @property
    def best(self) -> int:
        """The best value of a scale. Raises NotAScale where there is none."""
        return self._end(is_best=True)

    @property
    def worst(self) -> int:
        """The worst value of a scale. Raises NotAScale where there is none."""
        return self._end(is_best=False)

    def _end(self, *, is_best: bool) -> int:
        values = self.values.values()
        if not values or self.polarity is None:
            raise NotAScale(self.id)
        is_highest = (self.polarity is Polarity.HIGHER_IS_BETTER) == is_best
        return max(values) if is_highest else min(values)


class NotAScale(LookupError):
    """The best or worst value was asked of an item that is not a scale."""
