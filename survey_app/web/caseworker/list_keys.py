"""How does an address carry the place in a list that pages by key?"""

from datetime import datetime


def write_key(key: tuple[str, int]) -> str:
    """A list's key as an address carries it."""
    return f"{key[0]}~{key[1]}"


def read_key(said: str | None) -> tuple[str, int] | None:
    """The key in an address; whatever else stands there begins at the first page."""
    at, _, last = (said or "").rpartition("~")
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return None
    return (at, int(last)) if last.isascii() and last.isdigit() and len(last) < 18 else None
