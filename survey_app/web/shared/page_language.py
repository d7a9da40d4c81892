"""In which language is this page, and where do its words come from?

Staff pages are in English. A page on the phone is in the language that its view settled on with
`speak`; until then, and where there is no link, in the one that this phone chose before. Words are
looked up in catalogues that the process has read already.
"""

from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, Domain

from survey_app.domain.languages import ENGLISH, Language, find_language
from survey_app.store.catalogues import Catalogue, WordsOf, shipped_catalogues

CHOICE = "l"
"""The session's note of the language chosen on this phone: its tag, and the request it was for."""


class PageWords(Domain):
    """Gives Flask-Babel the catalogue of the page's language, by one look at a dictionary."""

    def get_translations(self) -> NullTranslations:
        """The words of this page."""
        return page_catalogue().words[WordsOf.PAGES]


def speak_page_languages(app: Flask) -> None:
    """Let every page have a language, and tell templates `language` and `direction`."""
    babel = Babel(app, locale_selector=page_tag)
    babel.domain_instance = PageWords()
    app.context_processor(page_words)


def speak(language: Language) -> None:
    """This page is in this language."""
    g.catalogue = shipped_catalogues().get(language.tag)


def page_catalogue() -> Catalogue:
    """What this page can say; English outside a request."""
    if not has_request_context():
        return shipped_catalogues().get(ENGLISH.tag)
    if "catalogue" not in g:
        g.catalogue = _before_a_link_says_otherwise()
    found = g.catalogue
    assert isinstance(found, Catalogue)
    return found


def page_tag() -> str:
    """The tag of this page's language."""
    return page_catalogue().language.tag


def chosen_here() -> tuple[str, int] | None:
    """The tag that this phone chose, and the id of the request that it was chosen for."""
    chosen = session.get(CHOICE)
    return None if chosen is None else (chosen[0], chosen[1])


def _before_a_link_says_otherwise() -> Catalogue:
    english = shipped_catalogues().get(ENGLISH.tag)
    is_for_people = request.blueprint == "victim" or request.path.startswith("/s/")
    chosen = chosen_here() if is_for_people else None
    if chosen is None or find_language(chosen[0]) is None:
        return english
    catalogue = shipped_catalogues().get(chosen[0])
    return catalogue if catalogue.can_show_pages else english


def page_words() -> dict[str, Any]:
    """What every template is told of its page's language."""
    language = page_catalogue().language
    return {"language": language.tag, "direction": language.direction}
