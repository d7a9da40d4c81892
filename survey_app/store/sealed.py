"""How are contact details and free text kept, so that a copied database tells nobody anything?

Values are encrypted with MultiFernet (newest key first). Numbers and tokens are found by a keyed
hash; the hash key does not rotate with the encryption keys, so its id stands beside each hash. A
value that does not open is loaded as an `Unreadable`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from survey_app.settings import Keys
from survey_app.store.unreadable import UNREADABLE_VALUE

T = TypeVar("T")


class NotUnlocked(Exception):
    """Sealed values were used before `use_keys`."""


class _KeyRing:
    """The process's keys; set once at start, so that column types need no argument."""

    fernet: MultiFernet | None = None
    by_id: Mapping[str, Fernet] = MappingProxyType({})
    """Each encryption key alone, newest first."""
    lookup: bytes = b""
    lookup_key_id: str = ""


def key_id(key: str) -> str:
    """What may be told of a key: the first 8 hex digits of SHA-256("id:" + key)."""
    return hashlib.sha256(f"id:{key}".encode()).hexdigest()[:8]


def use_keys(keys: Keys) -> None:
    """Unlock sealed columns and lookup hashes for this process."""
    by_id = {key_id(key): Fernet(key) for key in keys.encryption}
    _KeyRing.fernet = MultiFernet(by_id.values())
    _KeyRing.by_id = MappingProxyType(by_id)
    _KeyRing.lookup = keys.lookup.encode()
    _KeyRing.lookup_key_id = key_id(keys.lookup)


def _fernet() -> MultiFernet:
    if _KeyRing.fernet is None:
        raise NotUnlocked("call use_keys(settings.keys) first")
    return _KeyRing.fernet


def lookup_hash(value: str, purpose: str) -> str:
    """Keyed HMAC-SHA-256 (hex) of a value; `purpose` keeps numbers and tokens apart."""
    if not _KeyRing.lookup:
        raise NotUnlocked("call use_keys(settings.keys) first")
    return hmac.digest(_KeyRing.lookup, f"{purpose}:{value}".encode(), "sha256").hex()


def lookup_key_id() -> str:
    """The id to store beside each hash, so that a changed LOOKUP_KEY is noticed."""
    if not _KeyRing.lookup_key_id:
        raise NotUnlocked("call use_keys(settings.keys) first")
    return _KeyRing.lookup_key_id


def encryption_key_ids() -> tuple[str, ...]:
    """The ids of this process's encryption keys, newest first."""
    _fernet()
    return tuple(_KeyRing.by_id)


def seal_with(an_id: str, value: bytes) -> bytes:
    """Seal under the one encryption key of this id; KeyError where it was not given."""
    return _KeyRing.by_id[an_id].encrypt(value)


def opens_with(an_id: str, sealed: bytes, value: bytes) -> bool:
    """Whether the one encryption key of this id opens it, and finds this value."""
    try:
        return hmac.compare_digest(_KeyRing.by_id[an_id].decrypt(sealed), value)
    except InvalidToken:
        return False


def opens(sealed: bytes) -> bool:
    """Whether any of this process's encryption keys opens it."""
    try:
        _fernet().decrypt(sealed)
    except InvalidToken:
        return False
    return True


class _AnyBytes(LargeBinary):
    """What the driver gives as it is: another type would be refused while rows are loaded."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


def _opened(value: Any, read: Callable[[bytes], T]) -> T:
    """What was sealed; an `Unreadable` where it does not open, or is not what the column holds."""
    fernet = _fernet()
    if not isinstance(value, bytes | bytearray | memoryview):
        return cast(T, UNREADABLE_VALUE)
    try:
        return read(fernet.decrypt(bytes(value)))
    except (InvalidToken, ValueError):  # bytes that are no UTF-8, no date, no JSON are ValueErrors
        return cast(T, UNREADABLE_VALUE)


class SealedText(TypeDecorator[str]):
    """Text, encrypted at rest. Equality cannot be asked of it: use a lookup hash."""

    impl = _AnyBytes
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _fernet().encrypt(value.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _opened(value, bytes.decode)


class SealedDate(TypeDecorator[date]):
    """A date, encrypted at rest."""

    impl = _AnyBytes
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _fernet().encrypt(value.isoformat().encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        if value is None:
            return None
        return _opened(value, lambda opened: date.fromisoformat(opened.decode()))


class SealedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object, encrypted at rest."""

    impl = _AnyBytes
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return _fernet().encrypt(json.dumps(value, sort_keys=True, default=str).encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else _opened(value, json.loads)


SEALED_TYPES = (SealedText, SealedDate, SealedJson)
"""Every type of a column that only the encryption keys open."""
