"""How does a number with spaces keep its order on a page that is read from right to left?"""

import re

from survey_app.web.shared.page_language import page_catalogue

_ISOLATE, _END = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_GROUPS = re.compile(r"\+?\(?\d[\d()]*(?:[ -][\d()]+)+")


def numbers_in_order(words: str) -> str:
    """What a service wrote, with its numbers to ring said as one; as it is from left to right."""
    if page_catalogue().language.direction == "ltr":
        return words
    return _GROUPS.sub(lambda found: f"{_ISOLATE}{found[0]}{_END}", words)
