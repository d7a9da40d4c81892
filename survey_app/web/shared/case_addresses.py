"""How does an address carry a case's reference, whatever it is made of?

Other systems' references have slashes, dots, question marks and letters of every script. Percent
encoding does not carry them: servers undo it before routes are matched, so that `%2F` is a slash
again, and browsers fold `..` away. What is not a plain letter, digit or one of `-_.` is therefore
written as `~` and the two hexadecimal digits of each byte of UTF-8: no server, browser or proxy
reads anything into that, and plain references stand in addresses as they are.
"""

import re
from urllib.parse import unquote_to_bytes

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

_NOT_PLAIN = re.compile(rb"[^A-Za-z0-9_.-]")
_ONLY_DOTS = re.compile(r"\.+")
_ESCAPED = re.compile(r"~([0-9A-F]{2})")


class CaseReference(BaseConverter):
    """`<ref:case_ref>` in a route."""

    def to_url(self, value: str) -> str:
        """The reference as an address carries it: ASCII alone, one segment of a path."""
        if _ONLY_DOTS.fullmatch(value):
            return value.replace(".", "~2E")
        return _NOT_PLAIN.sub(lambda found: b"~%02X" % ord(found[0]), value.encode()).decode()

    def to_python(self, value: str) -> str:
        """The reference again. What somebody typed without escapes is taken as it stands."""
        escaped = _ESCAPED.sub(r"%\1", value.replace("%", "%25"))
        try:
            return unquote_to_bytes(escaped).decode()
        except UnicodeDecodeError as error:
            raise ValidationError from error


def read_case_references(app: Flask) -> None:
    """Let routes say `<ref:case_ref>`."""
    app.url_map.converters["ref"] = CaseReference
