"""A provider's far end for tests: it has a state of its own, and does what it is told to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from survey_app.messaging.providers.interface import (
    Accepted,
    CannotTell,
    Found,
    Lookup,
    NotThere,
    OutgoingText,
    SendResult,
)

Script = Callable[["FarEnd", OutgoingText], SendResult]


def takes(far_end: "FarEnd", text: OutgoingText) -> SendResult:
    """Take the text on and say so."""
    return Accepted(far_end.take(text))


@dataclass
class FarEnd:
    """Phones by number; `script` decides what the next calls do, then it behaves."""

    name: str = "simulated"
    script: list[Script] = field(default_factory=list)
    may_be_asked: bool = True
    phones: list[OutgoingText] = field(default_factory=list)

    def send(self, text: OutgoingText) -> SendResult:
        """Do what the script says next."""
        act = self.script.pop(0) if self.script else takes
        return act(self, text)

    def take(self, text: OutgoingText) -> str:
        """The phone gets the text; its id at the provider."""
        self.phones.append(text)
        return f"P{len(self.phones)}"

    def find_by_body(
        self, to: str, body: str, since: datetime, *, message_id: int | None = None
    ) -> Lookup:
        """Look through the phones."""
        if not self.may_be_asked:
            return CannotTell("redacted")
        for index, text in enumerate(self.phones, 1):
            if (text.to, text.body) == (to, body):
                return Found(f"P{index}")
        return NotThere()
