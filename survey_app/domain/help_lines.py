"""Which help lines does somebody see, by their service, area and language, and in which words?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from survey_app.domain.languages import ENGLISH
from survey_app.domain.opening_hours import OpeningHours, read_opening_hours


@dataclass(frozen=True)
class LineWords:
    """What a service says of a line in one other language than English."""

    language: str
    name: str = ""
    hours: str = ""


@dataclass(frozen=True)
class HelpLine:
    """Where someone finds help: a name, a number as it is said, an address, when it is open.

    `areas` are local authorities, `languages` BCP 47; with none it is for everyone. `opens` is said
    in every language, `hours` are the service's own words, in English unless `said_in` gave others.
    `is_name` means that the name is nobody's language, as "Samaritans" is.
    """

    name: str
    number: str = ""
    url: str = ""
    hours: str = ""
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    opens: OpeningHours = field(default_factory=OpeningHours)
    is_name: bool = False
    words: tuple[LineWords, ...] = ()

    @property
    def dial(self) -> str:
        """The number as a phone dials it."""
        return self.number.replace(" ", "")

    def words_in(self, language: str) -> LineWords:
        """What the service wrote for exactly this other language; blank where it did not."""
        return next((w for w in self.words if w.language == language), LineWords(language))

    def said_in(self, language: str) -> "HelpLine":
        """The line with the name and hours that may stand on a page of this language.

        A page never mixes languages, so what the service wrote in English alone is blank elsewhere;
        but for a name that is nobody's language, and a line that is for this one language only.
        """
        if language == ENGLISH.tag or self._is_only_for(language):
            return self
        own = self.words_in(language)
        return replace(self, name=own.name or (self.name if self.is_name else ""), hours=own.hours)

    def _is_only_for(self, language: str) -> bool:
        return {_base(spoken) for spoken in self.languages} == {_base(language)}

    def as_stored(self) -> dict[str, Any]:
        """As the service keeps it: only what was given."""
        kept: dict[str, Any] = {name: getattr(self, name) for name in _TEXTS if getattr(self, name)}
        kept |= {name: list(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        if self.opens:
            kept["opens"] = self.opens.as_stored()
        if self.is_name:
            kept["is_name"] = True
        written = {w.language: {"name": w.name, "hours": w.hours} for w in self.words}
        return {**kept, "words": written} if written else kept


_TEXTS = ("name", "number", "url", "hours")
_LISTS = ("areas", "languages")


def read_help_line(stored: Mapping[str, Any]) -> HelpLine:
    """A line as the service keeps it; unknown keys are left aside."""
    words = dict(stored.get("words") or {})
    return HelpLine(
        name=str(stored.get("name") or ""),
        number=str(stored.get("number") or ""),
        url=str(stored.get("url") or ""),
        hours=str(stored.get("hours") or ""),
        areas=tuple(map(str, stored.get("areas") or ())),
        languages=tuple(map(str, stored.get("languages") or ())),
        opens=read_opening_hours(stored.get("opens")),
        is_name=bool(stored.get("is_name")),
        words=tuple(
            LineWords(tag, str(said.get("name") or ""), str(said.get("hours") or ""))
            for tag, said in words.items()
        ),
    )


def help_lines_for(
    stored: Iterable[Mapping[str, Any]], *, area: str | None, language: str
) -> list[HelpLine]:
    """The service's lines for somebody of this area who reads this language, in its order, each
    with the words that may stand on a page of that language."""
    lines = map(read_help_line, stored)
    shown = (line for line in lines if _is_for_area(line, area) and _speaks(line, language))
    return [line.said_in(language) for line in shown]


def with_line_words(
    lines: Sequence[HelpLine], before: Sequence[HelpLine], language: str
) -> list[HelpLine]:
    """The lines as they came while `language` was written, each with what the others said before.

    The same number and address, or else the same name, is the same line.
    """
    kept = []
    for line in lines:
        known = _same_line(line, before)
        others = tuple(w for w in known.words if w.language != language) if known else ()
        own = tuple(w for w in line.words if w.language == language and (w.name or w.hours))
        kept.append(replace(line, words=tuple(sorted((*others, *own), key=_language_of))))
    return kept


def _same_line(line: HelpLine, among: Sequence[HelpLine]) -> HelpLine | None:
    by_way = (old for old in among if (old.dial, old.url) == (line.dial, line.url))
    by_name = (old for old in among if old.name == line.name)
    return next(by_way, None) or next(by_name, None)


def _language_of(words: LineWords) -> str:
    return words.language


def _is_for_area(line: HelpLine, area: str | None) -> bool:
    return not line.areas or (area or "").strip().casefold() in {a.casefold() for a in line.areas}


def _speaks(line: HelpLine, language: str) -> bool:
    """Whether a line has the language, whatever region or script either names."""
    return not line.languages or _base(language) in {_base(spoken) for spoken in line.languages}


def _base(tag: str) -> str:
    return tag.split("-")[0]
