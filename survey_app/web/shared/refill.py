"""How is a form shown again with what somebody had entered, whatever form it is?

Works on the finished page, so that no view has to know of it: the form that is sent to the same
address has its fields set to what was entered. Everything else of the page stays as it is, byte for
byte. Passwords are never put back, nor is the form's own token.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

Fields = Mapping[str, Sequence[str]]
Attributes = list[tuple[str, str | None]]
_NEVER = {"csrf_token"}
_NOT_FILLED = {"password", "file", "submit", "button", "image", "reset"}


@dataclass
class _Control:
    """One field of a form: where its tag stands, and where its content does."""

    kind: str
    attributes: Attributes
    start: int
    end: int
    name: str
    content_end: int | None = None


@dataclass
class _Form:
    target: str
    controls: list[_Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {control.name for control in self.controls}


class _Reader(HTMLParser):
    """Finds the forms of a page that are sent by POST, and where their fields stand."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__(convert_charrefs=False)
        self._address = address
        self._lines = [0]
        # As the parser counts: other characters that end a line in Python do not here.
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._select = ""
        self._textarea: _Control | None = None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        known = dict(attrs)
        if tag == "form":
            is_post = (known.get("method") or "").casefold() == "post"
            self._form = _Form(known.get("action") or self._address) if is_post else None
            if self._form is not None:
                self.forms.append(self._form)
            return
        if self._form is None or tag not in ("input", "textarea", "select", "option"):
            return
        if tag == "select":
            self._select = known.get("name") or ""
            return
        name = self._select if tag == "option" else known.get("name")
        if not name:
            return
        kind = (known.get("type") or "text").casefold() if tag == "input" else tag
        start = self._here()
        end = start + len(self.get_starttag_text() or "")
        control = _Control(kind, attrs, start, end, name)
        self._form.controls.append(control)
        if tag == "textarea":
            self._textarea = control

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea is not None:
            self._textarea.content_end = self._here()
            self._textarea = None

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def refill(page: str, address: str, target: str, fields: Fields) -> str | None:
    """The page at `address` with its form to `target` filled in; None where it has no such form.

    Among several forms to one address it is the one that asks for the most of what was entered.
    """
    wanted = urlsplit(target).path
    found = [f for f in _Reader(page, address).forms if urlsplit(f.target).path == wanted]
    named = set(fields) - _NEVER
    best = max(found, key=lambda form: len(form.names & named), default=None)
    if best is None or not best.names & named:
        return None
    edits = _edits(best, fields)
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return page


def _edits(form: _Form, fields: Fields) -> list[tuple[int, int, str]]:
    left = {name: list(values) for name, values in fields.items()}
    edits = []
    for control in form.controls:
        if control.name in _NEVER or control.kind in _NOT_FILLED:
            continue
        given = fields.get(control.name, ())
        value = dict(control.attributes).get("value")
        if control.kind in ("radio", "checkbox"):
            is_on = ("on" if value is None else value) in given
            edits.append((control.start, control.end, _tag("input", control, checked=is_on)))
        elif control.kind == "option":
            if value is not None and given:
                edits.append(
                    (control.start, control.end, _tag("option", control, selected=value in given))
                )
        elif left.get(control.name):
            text = left[control.name].pop(0)
            if control.kind != "textarea":
                edits.append((control.start, control.end, _tag("input", control, value=text)))
            elif control.content_end is not None:
                # A browser drops one line break right after the tag.
                edits.append((control.end, control.content_end, "\n" + escape(text)))
    return edits


def _tag(tag: str, control: _Control, **changed: str | bool) -> str:
    """The tag anew: attributes that are True stand alone, those that are False go."""
    kept: list[tuple[str, str | bool | None]] = [
        (name, value) for name, value in control.attributes if name not in changed
    ]
    parts = [tag]
    for name, value in [*kept, *changed.items()]:
        if value is None or value is True:
            parts.append(name)
        elif value is not False:
            parts.append(f'{name}="{escape(str(value))}"')
    return f"<{' '.join(parts)}>"
