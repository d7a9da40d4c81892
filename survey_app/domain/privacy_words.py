"""What has a service to tell the people it asks (UK GDPR, Article 13), and in which language?"""

from collections.abc import Mapping
from typing import Any

KEYS = (
    "controller",
    "contact",
    "protection_officer",
    "purpose",
    "lawful_basis",
    "recipients",
    "retention",
    "rights",
    "complaints",
)
"""In the order in which they are told."""

ONLY_THE_SERVICE_KNOWS = frozenset({"contact", "protection_officer", "lawful_basis", "retention"})
"""For the others the product has words of its own."""

FIRST_LANGUAGE = "en"


def words_in(privacy: Mapping[str, Any], language: str) -> dict[str, str]:
    """The service's own words in one language, by key; only what it wrote."""
    found = privacy if language == FIRST_LANGUAGE else privacy.get(language) or {}
    return {key: str(found[key]) for key in KEYS if found.get(key)}


def with_words(
    privacy: Mapping[str, Any], language: str, words: Mapping[str, str]
) -> dict[str, Any]:
    """The same with its words in one language replaced; blank ones go."""
    written = {key: words[key] for key in KEYS if words.get(key)}
    kept = {key: value for key, value in privacy.items() if key not in KEYS}
    if language != FIRST_LANGUAGE:
        first = words_in(privacy, FIRST_LANGUAGE)
        return {**first, **kept, language: written}
    return {**kept, **written}


def missing_words(privacy: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """What only the service can say and has not said in this language."""
    said = words_in(privacy, language)
    return tuple(key for key in KEYS if key in ONLY_THE_SERVICE_KNOWS and key not in said)


def unsaid_words(privacy: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """All that the service has not said itself in this language, whether or not the product has
    words of its own for it: before people are texted, a service stands by every one of the nine."""
    said = words_in(privacy, language)
    return tuple(key for key in KEYS if not said.get(key, "").strip())
