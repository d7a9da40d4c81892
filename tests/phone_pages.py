"""Every kind of page that somebody may meet on the phone, as it is sent: one walk for all who look.

Walked by a phone without script, so that a browser is only needed for looking.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask

from tests.web.victim.phone import Phone

ADULT = ("self-assessment", "sus-tier-2")
"""Scales, choices, yes or no with what depends on it, and free text."""
FACTS: dict[str, Any] = {
    "person": {"name_service": "yes", "check_word": "maple"},
    "service": {
        "name": "Northshire Victim Support",
        "asks_agreed_word": True,
        "accessibility_contact": "07700 900123",
        "help_lines": [
            {
                "name": "Northshire line",
                "number": "0808 000 0000",
                "opens": {"weekdays": ["09:00", "20:00"], "saturday": ["10:00", "14:00"]},
            },
            {"name": "On the web", "url": "https://help.example.org/"},
        ],
    },
}
NOWHERE = "/s/23456789abcd"


@dataclass(frozen=True)
class Seen:
    """One page: which kind, its whole text, and the headers it came with."""

    kind: str
    text: str
    headers: dict[str, str]


class Walk:
    """One person on their phone, who goes through all that can happen under a link."""

    def __init__(self, app: Flask, token: str, language: str = "en") -> None:
        self.app, self.link, self.language = app, f"/s/{token}", language
        self.phone = Phone(app.test_client())

    def see(self, kind: str) -> Seen:
        """The page on which the phone stands."""
        return Seen(kind, self.phone.text, dict(self.phone.page.headers))

    def adult(self) -> Iterator[Seen]:
        """Each kind of page of an adult's link in turn, to the end and after it."""
        yield from self._beginning()
        yield from self._changed_answers()
        yield from self._beside_the_questions()
        yield from self._the_other_phone()
        yield from self._end()
        yield from self._taking_back()
        yield from self._without_a_link()

    def young(self) -> Iterator[Seen]:
        """What differs for a young person, on a tablet that a worker handed over."""
        with self.phone.client.session_transaction() as kept:
            kept["handed"] = [1, 1, 1, "/", {}]
        self.phone.open(f"{self.link}?lang={self.language}")
        yield self.see("young start on a tablet")
        self.phone.press()
        yield self.see("young scale with faces")
        self.phone.press()
        yield self.see("young error")
        self.phone.skip().skip().choose("1")
        yield self.see("young unsafe")
        while "comment" not in self.phone.form.options:
            self.phone.skip()
        yield self.see("young comment")
        self.phone.skip().choose("yes")
        yield self.see("young thanks on a tablet")
        self.phone.open(f"{self.link}/about")
        yield self.see("young about")

    def _beginning(self) -> Iterator[Seen]:
        phone = self.phone.open(f"{self.link}?lang={self.language}")
        yield self.see("start")
        phone.press()
        yield self.see("scale")
        phone.press()
        yield self.see("error")
        phone.choose("3").skip().choose("1")
        yield self.see("unsafe, with help lines")
        phone.skip()
        yield self.see("choice")
        while phone.item != "affected-confidence":
            phone.skip()
        yield self.see("yes or no")

    def _changed_answers(self) -> Iterator[Seen]:
        phone = self.phone
        affected = phone.path
        phone.choose("yes")
        stale, stale_path = phone.form.hidden | {"helped-confidence": "yes"}, phone.path
        phone.choose("yes").open(affected)
        yield self.see("answered before")
        phone.choose("no")
        yield self.see("answers dropped")
        phone.post(stale, stale_path)
        yield self.see("not asked any more")
        phone.post(phone.form.hidden | {"step": "another"})
        yield self.see("out of date")

    def _beside_the_questions(self) -> Iterator[Seen]:
        phone, at = self.phone, self.phone.path
        for part in ("finish", "about", "accessibility", "stop"):
            yield from self._open(f"{self.link}/{part}", part)
        phone.press()
        yield self.see("stopped")
        phone.open(at)
        form = phone.form.hidden
        with phone.client.session_transaction() as kept:
            del kept["t"]
        phone.post(form)
        yield self.see("lost on its way")
        phone.press()

    def _the_other_phone(self) -> Iterator[Seen]:
        first, self.phone = self.phone, Phone(self.app.test_client())
        yield from self._open(f"{self.link}?lang={self.language}", "word")
        self.phone.press(word="oak")
        yield self.see("wrong word")
        self.phone = first

    def _end(self) -> Iterator[Seen]:
        phone = self.phone
        while phone.item != "comment":
            phone.skip()
        yield self.see("free text")
        phone.choose("a" * 5_001)
        yield self.see("too long")
        phone.skip()
        yield self.see("wish for contact")
        phone.choose("yes")
        yield self.see("thanks, with all that may follow")
        phone.press(0, days="mon")
        yield self.see("times kept")
        yield from self._open(f"{self.link}/about-you", "about you")
        phone.press(sex="female")
        yield self.see("described")

    def _taking_back(self) -> Iterator[Seen]:
        phone = self.phone
        code = phone.text.split("<bdi>")[1].split("</bdi>")[0]
        yield from self._open("/w", "code")
        phone.press()
        yield self.see("no code")
        phone.press(code=code)
        yield self.see("taken back")

    def _without_a_link(self) -> Iterator[Seen]:
        yield from self._open("/accessibility", "accessibility without a link")
        yield from self._open(NOWHERE, "nothing here")
        self.phone.page = self.phone.client.put(self.link)
        yield self.see("fault")

    def _open(self, path: str, kind: str) -> Iterator[Seen]:
        self.phone.open(path)
        yield self.see(kind)
