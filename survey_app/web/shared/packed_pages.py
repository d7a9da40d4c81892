"""How is a page with two secrets in it sent compressed without compressing it each time?

Brotli streams are made of blocks, and a block may be plain bytes. So what stands around the secrets
is packed once, as slowly and as small as brotli can, and each secret is put between as a plain
block of its length. Packing a page anew took longer than asking the database for it
(docs/decisions/pages-laid-out-once.md).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Self

import brotli

QUALITY, WINDOW = 11, 16
TAIL = 2
"""Bytes after a secret that go with it: the next block's letters are guessed from the two before,
which therefore must be the same whatever the secret."""
NOWHERE = bytes((0x80 + 37 * place % 128) for place in range(128))
"""Bytes that stand for the secrets while their surroundings are packed: each once, in an order that
no page has, so that nothing is packed as a repetition of them."""


@dataclass(frozen=True)
class PackedPage:
    """A page's packed parts, and between them the places of its secrets."""

    parts: tuple[bytes, ...]
    places: tuple[tuple[str, bytes], ...]
    """The name of the secret that goes after each part but the last, and the tail that follows."""

    @classmethod
    def pack(cls, page: str, slots: Mapping[str, str], lengths: Mapping[str, int]) -> Self | None:
        """Pack a page in which `slots` (name to text) stand where secrets of `lengths` will.

        None for a page that cannot be packed so: it is tried out first.
        """
        names = {slot: name for name, slot in slots.items()}
        pieces = re.split(f"({'|'.join(map(re.escape, names))})", page)
        around = [piece.encode() for piece in pieces[0::2]]
        tails = [piece[:TAIL] for piece in around[1:]]
        if any(len(tail) < TAIL for tail in tails):
            return None
        places = tuple(zip([names[slot] for slot in pieces[1::2]], tails, strict=True))
        around[1:] = [piece[TAIL:] for piece in around[1:]]
        packed = cls(_pack(around, [(lengths[name], tail) for name, tail in places]), places)
        return packed if packed._holds(page, slots, lengths) else None

    def fill(self, secrets: Mapping[str, str]) -> bytes:
        """The packed page with these secrets, each of the length that was said."""
        plain = {name: secret.encode() for name, secret in secrets.items()}
        filled = [self.parts[0]]
        for (name, tail), part in zip(self.places, self.parts[1:], strict=True):
            filled += (_head(len(plain[name]) + len(tail)), plain[name], tail, part)
        return b"".join(filled)

    def _holds(self, page: str, slots: Mapping[str, str], lengths: Mapping[str, int]) -> bool:
        for letter in "aZ~":
            secrets = {name: letter * length for name, length in lengths.items()}
            meant = page
            for name, slot in slots.items():
                meant = meant.replace(slot, secrets[name])
            try:
                if brotli.decompress(self.fill(secrets)).decode() != meant:
                    return False
            except (brotli.error, UnicodeDecodeError):
                return False
        return True


def _pack(around: list[bytes], between: list[tuple[int, bytes]]) -> tuple[bytes, ...]:
    """Each part but the last ends on a whole byte, so that a plain block can follow it."""
    compressor = brotli.Compressor(mode=brotli.MODE_TEXT, quality=QUALITY, lgwin=WINDOW)
    nowhere = BytesIO(NOWHERE)
    parts = []
    for piece, (length, tail) in zip(around, between, strict=False):
        parts.append(compressor.process(piece) + compressor.flush())
        compressor.process(nowhere.read(length).ljust(length, NOWHERE[:1]) + tail)
        compressor.flush()
    parts.append(compressor.process(around[-1]) + compressor.finish())
    return tuple(parts)


@cache
def _head(length: int) -> bytes:
    """What goes before a block of so many plain bytes, at most 65,536 (RFC 7932, section 9.2).

    It says: not the last; four nibbles of length, less one; not compressed; then whole bytes.
    """
    return ((length - 1 << 3) | 1 << 19).to_bytes(3, "little")
