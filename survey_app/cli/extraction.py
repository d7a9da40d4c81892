"""Which strings do people read, and how do they get into the catalogues?

Pages and texts are found in our own files by Babel; instruments have their own extractor, which
follows `domain.instrument_words`. Catalogues are brought up to date without losing a translation:
what is no longer said stays in the file as a comment, in case it comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import write_po

from survey_app.domain.instrument_words import wordings
from survey_app.domain.instruments import InstrumentKind, latest_versions
from survey_app.domain.languages import ENGLISH, LANGUAGES
from survey_app.store.catalogues import (
    WordsOf,
    catalogue_path,
    read_catalogue,
    template_path,
)
from survey_app.store.definition_files import SHIPPED, load_instruments

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = (
    "survey_app/web/victim/**/*.py",
    "survey_app/web/victim/**/*.html",
    "survey_app/web/shared/errors.py",
    "survey_app/web/shared/help_line_words.py",
    "survey_app/web/shared/privacy.py",
    "survey_app/web/shared/templates/layouts/victim.html",
    "survey_app/web/shared/templates/macros/questions.html",
    "survey_app/web/shared/templates/errors/neutral.html",
    "survey_app/web/shared/templates/paper/form.html",
)
"""Files whose strings people read on their phones; staff pages are in English."""
TEXTS = ("survey_app/messaging/texts.py",)
_KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None}
_METHODS = {".py": "python", ".html": "jinja2"}
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
_PLURALS = '"Plural-Forms: {plurals}\\n"\n'


@dataclass(frozen=True)
class CatalogueFile:
    """One file of `translations/` as it should be."""

    path: Path
    content: bytes

    @property
    def is_up_to_date(self) -> bool:
        """Whether the file says exactly this."""
        return self.path.exists() and self.path.read_bytes() == self.content


def extract(folder: Path) -> Iterator[CatalogueFile]:
    """Every template and catalogue of `folder`, brought up to date; nothing is written."""
    for words, template in templates().items():
        yield CatalogueFile(template_path(folder, words), _as_po(template, None))
        for language in LANGUAGES:
            if language is not ENGLISH:
                path = catalogue_path(folder, language.tag, words)
                kept = brought_up_to_date(path, language.tag, template)
                yield CatalogueFile(path, _as_po(kept, language.tag))


def brought_up_to_date(path: Path, tag: str, template: Catalog) -> Catalog:
    """The catalogue of a file with the template's messages, in its order, none of them lost.

    What went out of use before takes part again, so that it comes back translated.
    """
    kept = read_catalogue(path, tag)
    for old in kept.obsolete.values():
        kept.add(old.id, old.string, context=old.context)
    kept.update(template, no_fuzzy_matching=True)
    return kept


def templates() -> dict[WordsOf, Catalog]:
    """All that is to be translated, by domain."""
    return {
        WordsOf.PAGES: _of_files(PAGES),
        WordsOf.TEXTS: _of_files(TEXTS),
        WordsOf.INSTRUMENTS: _of_instruments(),
    }


def _of_files(patterns: tuple[str, ...]) -> Catalog:
    found = Catalog()
    paths = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    for path in paths:
        place = path.relative_to(ROOT).as_posix()
        strings = extract_from_file(
            _METHODS[path.suffix],
            str(path),
            keywords=_KEYWORDS,
            comment_tags=("Translators:",),
            options={"encoding": "utf-8"},
            strip_comment_tags=True,
        )
        for line, message, notes, context in strings:
            found.add(message, None, [(place, line)], auto_comments=notes, context=context)
    return found


def _of_instruments() -> Catalog:
    """Those that people answer themselves; a star is scored with staff, from staff pages."""
    found = Catalog()
    newest = latest_versions(load_instruments(SHIPPED).values())
    for key, instrument in sorted(newest.items()):
        if instrument.kind is not InstrumentKind.STAR:
            for context, english in wordings(instrument):
                found.add(english, None, [(f"instruments/{key}.yaml", 0)], context=context)
    return found


def _as_po(catalogue: Catalog, tag: str | None) -> bytes:
    """The file, with a header of our own: no dates and no tool versions, which only make noise."""
    body = BytesIO()
    write_po(body, catalogue, width=0, omit_header=True, include_lineno=False)
    header = _HEADER.format(language=tag or "")
    if tag is not None:
        header += _PLURALS.format(plurals=catalogue.plural_forms.rstrip(";") + ";")
    return f"{header}\n".encode() + body.getvalue().rstrip(b"\n") + b"\n"
