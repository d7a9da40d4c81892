"""Which languages can people read and be texted in, and which of them fits what is recorded?"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language of ours. `own_name` is what its readers look for; `script` is ISO 15924.

    `foreign_regions` write the language in another script where none is named: Punjabi in Pakistan
    is written in Shahmukhi, which our Gurmukhi pages are no help for.
    """

    tag: str
    own_name: str
    english_name: str
    script: str
    direction: Direction = "ltr"
    foreign_regions: frozenset[str] = frozenset()


ENGLISH: Final = Language("en", "English", "English", "Latn")
LANGUAGES: Final = (
    ENGLISH,
    Language("cy", "Cymraeg", "Welsh", "Latn"),
    Language("pl", "Polski", "Polish", "Latn"),
    Language("ur", "اردو", "Urdu", "Arab", "rtl"),
    Language("pa", "ਪੰਜਾਬੀ", "Punjabi (Gurmukhi)", "Guru", foreign_regions=frozenset({"PK"})),
    Language("ar", "العربية", "Arabic", "Arab", "rtl"),
    Language("ro", "Română", "Romanian", "Latn"),
    Language("bn", "বাংলা", "Bengali", "Beng"),
    Language("uk", "Українська", "Ukrainian", "Cyrl"),
    Language("so", "Soomaali", "Somali", "Latn"),
)
"""In the order in which they are offered; English, the language of the source, first."""

_BY_TAG = {language.tag: language for language in LANGUAGES}


class UnknownLanguage(LookupError):
    """A language was asked for that we do not have."""


def find_language(tag: str) -> Language | None:
    """The language of exactly this tag."""
    return _BY_TAG.get(tag)


def get_language(tag: str) -> Language:
    """The language of exactly this tag. Raises UnknownLanguage."""
    language = _BY_TAG.get(tag)
    if language is None:
        raise UnknownLanguage(tag)
    return language


def fitting_language(recorded: str | None, offered: Collection[str]) -> Language:
    """The language among the tags `offered` in which someone reads, else English.

    `recorded` is BCP 47, as kept with a person (`pa-Guru`, `ur-PK`); None is not recorded.
    """
    fitting = (each for each in LANGUAGES if each.tag in offered and is_read_by(recorded, each))
    return next(fitting, ENGLISH)


def is_read_by(recorded: str | None, language: Language) -> bool:
    """Whether someone whose language is recorded so reads this one.

    A script that is named must be ours: nobody is sent letters that they may not read.
    """
    first, *rest = (recorded or "").replace("_", "-").split("-")
    if first.lower() != language.tag:
        return False
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), None)
    region = next((part.upper() for part in rest if len(part) == 2), None)
    if script is None:
        return region not in language.foreign_regions
    return script == language.script
