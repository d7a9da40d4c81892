"""Whose is a text that a provider shows: the one that was asked for, another one of ours, or whose?

A text is known by its link, whose token was made for it alone. A provider may put words before a
text or change its letters; but what was cut before the end of its link could be any text. So what
is not fully recognised says nothing, and is never taken for another text.
"""

import re
from enum import StrEnum

_LINK = re.compile(r"(\S+/s/)[2-9a-z]{12}(?![0-9a-z])")


class Whose(StrEnum):
    """What a shown text is, held against the one that is asked for."""

    OURS = "ours"
    ANOTHERS = "another's"
    """It has a whole link of this installation, and not this text's."""
    UNRECOGNISED = "unrecognised"


def whose(shown: str | None, body: str) -> Whose:
    """What a provider's copy of a text is, beside the words that were handed over."""
    shown = shown or ""
    link = _LINK.search(body)
    if link is None:
        return Whose.OURS if shown.strip() == body.strip() else Whose.UNRECOGNISED
    found = set(re.findall(re.escape(link[1]) + r"[2-9a-z]{12}(?![0-9a-z])", shown))
    if link[0] in found:
        return Whose.OURS
    return Whose.ANOTHERS if found else Whose.UNRECOGNISED
