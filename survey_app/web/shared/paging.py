"""From where on is a list shown? Lists page by key, so an address carries the last key."""

from flask import request


def before_key() -> int | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    typed = request.args.get("before", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
