"""In how many parts does a text travel, and so what does it cost?

GSM 03.38 (3GPP TS 23.038): 160 septets in one part, 153 in each of several; a character of the
extension table takes two, and the pair is never split. Any other character turns the whole text
into UCS-2: 70 units in one part, 67 in each of several; a surrogate pair is never split either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """How the characters travel."""

    GSM_7 = "gsm-7"
    UCS_2 = "ucs-2"


@dataclass(frozen=True)
class Segmented:
    """`units` are septets or UTF-16 units; `segments` is what is paid for."""

    encoding: Encoding
    units: int
    segments: int


def segmented(body: str) -> Segmented:
    """How a text travels. An empty text is one segment."""
    if all(c in _BASIC or c in _EXTENSION for c in body):
        return _counted(Encoding.GSM_7, (1 + (c in _EXTENSION) for c in body), 160, 153)
    return _counted(Encoding.UCS_2, (1 + (ord(c) > 0xFFFF) for c in body), 70, 67)


def _counted(encoding: Encoding, widths: Iterable[int], alone: int, joined: int) -> Segmented:
    units, parts, filled = 0, 1, 0
    for width in widths:
        units += width
        if filled + width > joined:
            parts, filled = parts + 1, 0
        filled += width
    return Segmented(encoding, units, 1 if units <= alone else parts)
