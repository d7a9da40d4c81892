"""May these words of a service stand on a page in another language than they were written in?"""

import re
from collections.abc import Mapping

from survey_app.domain.languages import ENGLISH

_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+", re.IGNORECASE)


def is_nobodys_language(words: str) -> bool:
    """Whether it can be read in any language: a number to ring, an address, and no word."""
    return not any(letter.isalpha() for letter in _ADDRESS.sub("", words))


def words_for(english: str, others: Mapping[str, str], language: str) -> str:
    """What the service wrote in this language, else what needs none; else blank."""
    if language == ENGLISH.tag:
        return english
    own = others.get(language) or ""
    return own or (english if is_nobodys_language(english) else "")
