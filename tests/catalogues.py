"""Catalogues for tests: whole ones of made-up words, so that no test waits for a translator."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po

from survey_app.domain.languages import ENGLISH, LANGUAGES
from survey_app.store import catalogues
from survey_app.store.catalogues import (
    Catalogues,
    WordsOf,
    catalogue_path,
    key_of,
    messages_of,
    read_catalogue,
    shipped_catalogues,
    template_path,
)

SHIPPED = catalogues.TRANSLATIONS
OPEN, CLOSE = "⟦", "⟧"


def made_up(english: str, tag: str) -> str:
    """A translation that shows its language and its ends, with the placeholders of its English."""
    return f"{OPEN}{tag} {english}{CLOSE}"


def made_up_catalogue(tag: str, words: WordsOf, folder: Path = SHIPPED) -> Catalog:
    """A whole catalogue of made-up words, from the shipped template."""
    catalogue = Catalog(locale=tag)
    for message in messages_of(read_catalogue(template_path(folder, words), None)):
        catalogue.add(message.id, _made_up(message, tag, catalogue), context=message.context)
    return catalogue


def _made_up(message: Message, tag: str, catalogue: Catalog) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return made_up(message.id, tag)
    return tuple(made_up(message.id[1], tag) for _ in range(catalogue.num_plurals))


def keep(folder: Path, tag: str, words: WordsOf, catalogue: Catalog) -> None:
    """Write a catalogue where it belongs."""
    path = catalogue_path(folder, tag, words)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue)


class CatalogueFolder:
    """A folder of catalogues of the test's own, which the app reads instead of the shipped one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for words in WordsOf:
            shutil.copy(template_path(SHIPPED, words), folder)

    def make(self, *tags: str) -> None:
        """Add whole languages of made-up words."""
        for tag in tags:
            for words in WordsOf:
                keep(self.folder, tag, words, made_up_catalogue(tag, words))
        self.read_again()

    def change(self, tag: str, words: WordsOf, change: Callable[[Catalog], object]) -> None:
        """Change a language's file."""
        catalogue = read_catalogue(catalogue_path(self.folder, tag, words), tag)
        change(catalogue)
        keep(self.folder, tag, words, catalogue)
        self.read_again()

    def say(self, tag: str, words: WordsOf, english: str, translated: str) -> None:
        """Let a language say this for a message without context."""

        def change(catalogue: Catalog) -> None:
            message = catalogue.get(english)
            assert message is not None
            message.string = translated

        self.change(tag, words, change)

    def read_again(self) -> Catalogues:
        """Forget what was read before."""
        shipped_catalogues.cache_clear()
        return shipped_catalogues()


def complete(folder: CatalogueFolder, shipped: Catalogues, tag: str) -> None:
    """Add a shipped language, with made-up words for what a translator still owes."""
    if all(shipped.wanted[words] <= shipped.get(tag).sound[words] for words in WordsOf):
        shutil.copytree(SHIPPED / tag, folder.folder / tag)
        return
    for words in WordsOf:
        catalogue = made_up_catalogue(tag, words)
        for message in messages_of(read_catalogue(catalogue_path(SHIPPED, tag, words), tag)):
            own = catalogue.get(message.id, message.context)
            if own is not None and key_of(message) in shipped.get(tag).sound[words]:
                own.string = message.string
        keep(folder.folder, tag, words, catalogue)


@pytest.fixture
def all_languages(catalogue_folder: "CatalogueFolder") -> list[str]:
    """Every shipped language, whole, so that its pages can be looked at; English last."""
    tags = [language.tag for language in LANGUAGES if language is not ENGLISH]
    shipped = Catalogues(SHIPPED)
    for tag in tags:
        complete(catalogue_folder, shipped, tag)
    catalogue_folder.read_again()
    return [*tags, ENGLISH.tag]


@pytest.fixture
def catalogue_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CatalogueFolder]:
    """Catalogues that a test may break."""
    folder = tmp_path / "translations"
    folder.mkdir()
    monkeypatch.setattr(catalogues, "TRANSLATIONS", folder)
    shipped_catalogues.cache_clear()
    yield CatalogueFolder(folder)
    monkeypatch.undo()
    shipped_catalogues.cache_clear()
