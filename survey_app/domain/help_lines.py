"""Which help lines does somebody see, by their service, area and language?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HelpLine:
    """Where someone finds help: a name, a number as it is said, an address, when it is open.

    `areas` are local authorities, `languages` BCP 47; with none it is for everyone.
    """

    name: str
    number: str = ""
    url: str = ""
    hours: str = ""
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return self.number.replace(" ", "")

    def as_stored(self) -> dict[str, Any]:
        """As the service keeps it: only what was given."""
        kept = {name: getattr(self, name) for name in _TEXTS if getattr(self, name)}
        lists = {name: list(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        return {**kept, **lists}


_TEXTS = ("name", "number", "url", "hours")
_LISTS = ("areas", "languages")


def read_help_line(stored: Mapping[str, Any]) -> HelpLine:
    """A line as the service keeps it; unknown keys are left aside."""
    return HelpLine(
        name=str(stored.get("name") or ""),
        number=str(stored.get("number") or ""),
        url=str(stored.get("url") or ""),
        hours=str(stored.get("hours") or ""),
        areas=tuple(map(str, stored.get("areas") or ())),
        languages=tuple(map(str, stored.get("languages") or ())),
    )


def help_lines_for(
    stored: Iterable[Mapping[str, Any]], *, area: str | None, language: str
) -> list[HelpLine]:
    """The service's lines for somebody of this area who reads this language, in its order."""
    lines = map(read_help_line, stored)
    return [line for line in lines if _is_for_area(line, area) and _speaks(line, language)]


def _is_for_area(line: HelpLine, area: str | None) -> bool:
    return not line.areas or (area or "").strip().casefold() in {a.casefold() for a in line.areas}


def _speaks(line: HelpLine, language: str) -> bool:
    """Whether a line has the language, whatever region or script either names."""
    base = language.split("-")[0]
    return not line.languages or base in {spoken.split("-")[0] for spoken in line.languages}
