"""A phone without script that opens links, reads forms and presses buttons, as a person would."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A page's form: where it posts, what it holds, and its submit buttons in order."""

    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    submits: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(found["href"])
        if tag == "form":
            assert found["method"] == "post"
            self.forms.append(Form(found.get("action", "")))
        if tag == "button":
            self.forms[-1].submits.append((found.get("name", ""), found.get("value", "")))
        if tag == "textarea":
            self.forms[-1].options[found["name"]] = []
        if tag == "input" and found["type"] == "hidden":
            self.forms[-1].hidden[found["name"]] = found["value"]
        if tag == "input" and found["type"] in {"radio", "checkbox"}:
            assert "checked" not in found, "a page never shows an earlier answer"
            self.forms[-1].options.setdefault(found["name"], []).append(found["value"])


def _gap(tag: re.Match[str]) -> str:
    """A link or an abbreviation stands inside a sentence; every other tag parts words."""
    return "" if re.match(r"</?(a|abbr|span)\b", tag.group()) else " "


class Phone:
    """Where this phone is, and what stands there."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = ""
        self.page: TestResponse

    def open(self, path: str) -> "Phone":
        """Open an address and follow where it leads."""
        return self._land(self.client.get(path))

    def _land(self, page: TestResponse) -> "Phone":
        self.page, self.path = page, page.request.path
        while self.page.status_code == 303:
            self.path = urlsplit(self.page.headers["Location"]).path
            self.page = self.client.get(self.path)
        return self

    @property
    def status(self) -> int:
        """The status of the page shown."""
        return self.page.status_code

    @property
    def text(self) -> str:
        """The page as it was sent."""
        return self.page.get_data(as_text=True)

    @property
    def words(self) -> str:
        """What someone reads on the page."""
        main = re.search(r"<main.*</main>", self.text, re.DOTALL)
        return re.sub(r"\s+", " ", re.sub(r"</?\w[^>]*>", _gap, main.group() if main else ""))

    @property
    def form(self) -> Form:
        """The page's one form."""
        forms = self._read().forms
        assert len(forms) == 1
        return forms[0]

    @property
    def links(self) -> list[str]:
        """Where the page's links lead."""
        return self._read().links

    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.text)
        return reader

    @property
    def item(self) -> str:
        """The id of the question on this page."""
        (name,) = self.form.options
        return name

    def post(self, data: dict[str, object], path: str | None = None) -> "Phone":
        """Send exactly this."""
        return self._land(self.client.post(path or self.form.action or self.path, data=data))

    def press(self, submit: int = 0, **answers: object) -> "Phone":
        """Press a submit of the page's form, with these answers chosen or written."""
        form = self.form
        name, value = form.submits[submit]
        pressed = {name: value} if name else {}
        given = {name.replace("_", "-"): value for name, value in answers.items()}
        return self.post(form.hidden | given | pressed)

    def choose(self, value: object) -> "Phone":
        """Answer the question on this page and continue."""
        return self.press(**{self.item: value})

    def skip(self) -> "Phone":
        """Press the submit that has skip in its name or value."""
        names = [any("skip" in part for part in submit) for submit in self.form.submits]
        return self.press(names.index(True))
