"""What does a programme ask of one tier or support level at one wave?"""

from typing import Annotated, Literal

from pydantic import Field

from survey_app.domain.definitions import Definition, Slug
from survey_app.domain.requests import Channel

Days = Annotated[int, Field(ge=0, le=3650)]
"""Whole days."""

LinkChannel = Literal[Channel.SMS, Channel.PHONE, Channel.IN_PERSON]
"""How a link's questions reach someone. What a caseworker scores is an ask's `reading` instead."""


class AskVariant(Definition):
    """What young people are asked instead; what is not given stays as for everyone."""

    instruments: tuple[Slug, ...] | None = None
    reading: Slug | None = None


class Ask(Definition):
    """What is asked: `instruments` in one link, in order, and the `reading` a caseworker scores.

    `channels` are tried in order. It is due `after_days` days after the wave's day, expires
    `expires_after_days` days after it became due, and reminds so many days after the first text.
    """

    instruments: tuple[Slug, ...] = ()
    reading: Slug | None = None
    channels: tuple[LinkChannel, ...] = ()
    after_days: Days
    expires_after_days: Annotated[int, Field(ge=1, le=3650)]
    reminders: tuple[Annotated[int, Field(ge=1, le=3650)], ...] = ()
    young_person: AskVariant | None = None

    def instruments_for(self, *, is_young_person: bool) -> tuple[str, ...]:
        """Return the keys of the link's instruments for an adult or a young person, in order."""
        variant = self.young_person if is_young_person else None
        if variant is None or variant.instruments is None:
            return self.instruments
        return variant.instruments

    def reading_for(self, *, is_young_person: bool) -> str | None:
        """Return the key of the star instrument for an adult or a young person, or None."""
        variant = self.young_person if is_young_person else None
        if variant is None or variant.reading is None:
            return self.reading
        return variant.reading

    @property
    def links(self) -> frozenset[str]:
        """Every instrument that a link of this ask may hold."""
        young = (self.young_person.instruments or ()) if self.young_person else ()
        return frozenset((*self.instruments, *young))

    @property
    def readings(self) -> frozenset[str]:
        """Every star instrument that this ask may be due."""
        young = self.young_person.reading if self.young_person else None
        return frozenset(key for key in (self.reading, young) if key is not None)
