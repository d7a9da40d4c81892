"""Is this the word that was agreed with the person?"""

import unicodedata


def is_agreed_word(typed: str, agreed: str) -> bool:
    """Compared as people write: letter case, spaces and hyphens are forgiven, and how accents
    are put together."""
    return bool(_plain(agreed)) and _plain(typed) == _plain(agreed)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return "".join(c for c in folded if c.isalnum() or unicodedata.category(c)[0] == "M")
