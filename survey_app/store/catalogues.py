"""What can be said in which language? The catalogues under `translations/`, read once a process.

A catalogue is three PO files a language, one a domain, and `status.yaml` (`catalogue_status`). They
are read as they stand and compiled in memory, so no compiled file can differ from its source
(docs/decisions/languages.md). What must be translated is told by the templates (`*.pot`) for pages
and texts, and by the instruments themselves. A translation that is fuzzy, lacks a plural form, or
does not hold exactly the placeholders of its English counts as missing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from survey_app.domain.instrument_words import wordings
from survey_app.domain.instruments import Instrument
from survey_app.domain.languages import ENGLISH, LANGUAGES, Language, get_language
from survey_app.store.catalogue_status import Status, has_review, read_status

TRANSLATIONS = Path(__file__).resolve().parent.parent.parent / "translations"

MessageKey = tuple[str | None, str]
"""The context, where there is one, and the English (its singular)."""


class WordsOf(StrEnum):
    """What a catalogue file is about; its name is the file's."""

    PAGES = "victim"
    TEXTS = "texts"
    INSTRUMENTS = "instruments"


_TOLD_BY_TEMPLATES = (WordsOf.PAGES, WordsOf.TEXTS)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%")
_COUNT = "%(num)s"


def template_path(folder: Path, words: WordsOf) -> Path:
    """Where the list of all that is to be translated stands."""
    return folder / f"{words}.pot"


def catalogue_path(folder: Path, tag: str, words: WordsOf) -> Path:
    """Where a language's translations stand."""
    return folder / tag / "LC_MESSAGES" / f"{words}.po"


def key_of(message: Message) -> MessageKey:
    """By what a message is looked up."""
    english = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, english


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Every message but the header."""
    return (message for message in catalogue if message.id)


def is_sound(message: Message, plural_forms: int) -> bool:
    """Whether the translation is there, whole, and can be filled in as its English can."""
    if message.fuzzy:
        return False
    if isinstance(message.id, str):
        return isinstance(message.string, str) and _says_the_same(message.id, message.string)
    forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return len(forms) == plural_forms and all(
        _says_the_same(message.id[-1], form, is_plural=True) for form in forms
    )


def _says_the_same(english: str, translated: str, *, is_plural: bool = False) -> bool:
    if not translated.strip():
        return False
    wanted, found = _placeholders(english), _placeholders(translated)
    # Some languages say one and two without a figure.
    return found == wanted or (is_plural and found == wanted - Counter([_COUNT]))


def _placeholders(wording: str) -> Counter[str]:
    return Counter(match.group() for match in _PLACEHOLDER.finditer(wording))


@dataclass(frozen=True)
class Catalogue:
    """One language: what it can say, by domain, and whether somebody who speaks it has read it."""

    language: Language
    status: Status
    words: Mapping[WordsOf, NullTranslations]
    sound: Mapping[WordsOf, frozenset[MessageKey]]
    missing: Mapping[WordsOf, int]
    """How many of the template's messages it cannot say; pages and texts only."""

    @property
    def can_text(self) -> bool:
        """Whether every text can be written in it."""
        return not self.missing[WordsOf.TEXTS]

    @property
    def can_show_pages(self) -> bool:
        """Whether every page can be shown in it, questions apart."""
        return not self.missing[WordsOf.PAGES]

    def can_ask(self, wanted: frozenset[MessageKey]) -> bool:
        """Whether it has all these wordings of instruments."""
        return self.language is ENGLISH or wanted <= self.sound[WordsOf.INSTRUMENTS]

    def is_whole(self, wanted: frozenset[MessageKey]) -> bool:
        """Whether it can say every string of the pages, the texts and these wordings."""
        return not any(self.missing.values()) and self.can_ask(wanted)

    def count_missing(self, wanted: frozenset[MessageKey]) -> int:
        """How many strings of the pages, the texts and these wordings it cannot say."""
        if self.language is ENGLISH:
            return 0
        return sum(self.missing.values()) + len(wanted - self.sound[WordsOf.INSTRUMENTS])

    def ask(self, context: str, english: str) -> str:
        """A wording of an instrument in this language."""
        return str(self.words[WordsOf.INSTRUMENTS].pgettext(context, english))


class Catalogues:
    """Every catalogue of a folder; each is read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, Catalogue] = {ENGLISH.tag: _english()}

    def get(self, tag: str) -> Catalogue:
        """The catalogue of one of our languages. Raises UnknownLanguage."""
        if tag not in self._known:
            files = {words: self._read(tag, words) for words in WordsOf}
            status = read_status(self._folder / tag, files.values())
            self._known[tag] = compiled(get_language(tag), status, files, self.wanted)
        return self._known[tag]

    def __iter__(self) -> Iterator[Catalogue]:
        """Every language of ours, in their order, English first."""
        return (self.get(language.tag) for language in LANGUAGES)

    @cached_property
    def reviewed_tags(self) -> frozenset[str]:
        """The languages that somebody has reviewed, perhaps in an older state."""
        return frozenset(
            language.tag for language in LANGUAGES if has_review(self._folder / language.tag)
        )

    @cached_property
    def wanted(self) -> dict[WordsOf, frozenset[MessageKey]]:
        """What the templates say must be translated."""
        return {
            words: frozenset(map(key_of, messages_of(self._template(words)))) for words in WordsOf
        }

    def _template(self, words: WordsOf) -> Catalog:
        return read_catalogue(template_path(self._folder, words), None)

    def _read(self, tag: str, words: WordsOf) -> Catalog:
        return read_catalogue(catalogue_path(self._folder, tag, words), tag)


def read_catalogue(path: Path, tag: str | None) -> Catalog:
    """The messages of a PO file; none where there is no file."""
    if not path.exists():
        return Catalog(locale=tag)
    with path.open("rb") as file:
        return read_po(file, locale=tag, abort_invalid=True)


def compiled(
    language: Language,
    status: Status,
    files: Mapping[WordsOf, Catalog],
    wanted: Mapping[WordsOf, frozenset[MessageKey]],
) -> Catalogue:
    """The catalogue that these files make; whatever is not sound is left out of it."""
    words: dict[WordsOf, NullTranslations] = {}
    sound: dict[WordsOf, frozenset[MessageKey]] = {}
    for name, file in files.items():
        kept = Catalog(locale=language.tag)
        kept._num_plurals, kept._plural_expr = file.num_plurals, file.plural_expr  # noqa: SLF001
        good = [message for message in messages_of(file) if is_sound(message, file.num_plurals)]
        for message in good:
            kept.add(message.id, message.string, context=message.context)
        words[name] = _in_memory(kept)
        sound[name] = frozenset(map(key_of, good))
    missing = {name: len(wanted[name] - sound[name]) for name in _TOLD_BY_TEMPLATES}
    return Catalogue(language, status, words, sound, missing)


def _in_memory(catalogue: Catalog) -> Translations:
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file)


def _english() -> Catalogue:
    return Catalogue(
        language=ENGLISH,
        status=Status.of_source(),
        words=dict.fromkeys(WordsOf, NullTranslations()),
        sound=dict.fromkeys(WordsOf, frozenset()),
        missing=dict.fromkeys(_TOLD_BY_TEMPLATES, 0),
    )


def wordings_of(instruments: Iterable[Instrument]) -> frozenset[MessageKey]:
    """All that a person reads in these instruments."""
    return frozenset(found for instrument in instruments for found in wordings(instrument))


@cache
def shipped_catalogues() -> Catalogues:
    """The catalogues that come with this release."""
    return Catalogues(TRANSLATIONS)
