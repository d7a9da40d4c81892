"""What a page's forms hold, as a browser without script would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

BUTTONS = ("submit", "button", "reset", "image", "file")


@dataclass
class Control:
    """One field of a form; a choice has the values that it offers and those that are chosen."""

    name: str
    kind: str
    offered: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


@dataclass
class PageForm:
    """A form by its method and address, with its controls by name."""

    method: str
    action: str
    controls: dict[str, Control] = field(default_factory=dict)

    def control(self, name: str, kind: str) -> Control:
        """The control of this name, made when it is met first."""
        return self.controls.setdefault(name, Control(name, kind))

    @property
    def sent(self) -> dict[str, list[str]]:
        """What a browser sends."""
        return {name: control.chosen for name, control in self.controls.items() if control.chosen}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self.here: PageForm | None = None
        self.select: Control | None = None
        self.area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.here = PageForm(said.get("method", "get"), said.get("action", ""))
            self.forms.append(self.here)
        elif self.here is None:
            return
        elif tag == "input" and "name" in said and said.get("type") not in BUTTONS:
            self._input(self.here.control(said["name"], said.get("type", "text")), said)
        elif tag == "select" and "name" in said:
            self.select = self.here.control(said["name"], "select")
        elif tag == "option" and self.select is not None:
            self.select.offered.append(said.get("value", ""))
            if "selected" in said or len(self.select.offered) == 1:
                self.select.chosen = [said.get("value", "")]
        elif tag == "textarea" and "name" in said:
            self.area = self.here.control(said["name"], "textarea")
            self.area.chosen = [""]

    def _input(self, control: Control, said: dict[str, str]) -> None:
        value = said.get("value", "")
        if control.kind not in ("radio", "checkbox"):
            control.chosen = [value]
            return
        control.offered.append(value)
        if "checked" in said:
            control.chosen.append(value)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.chosen = [self.area.chosen[0] + data]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            # A browser leaves out the line end right after the tag.
            self.area.chosen = [self.area.chosen[0].removeprefix("\n")]
            self.area = None


def forms_of(page: str) -> list[PageForm]:
    """The forms of a page, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
