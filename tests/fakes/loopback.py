"""A far end on loopback: takes texts, keeps them, and misbehaves as it is told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any


class Act(StrEnum):
    """What the far end does with the next text."""

    TAKE = "take"
    TAKE_AND_BREAK = "take-and-break"
    """Takes it on, then the connection dies before it says so."""
    BREAK = "break"
    """The connection dies before it took anything on."""
    TAKE_AND_STALL = "take-and-stall"
    """Takes it on, then answers too late."""
    BUSY = "busy"
    FAULT = "fault"
    TAKE_AND_FAULT = "take-and-fault"
    NONSENSE = "nonsense"
    """Takes it on and answers something unreadable."""
    TAKE_AND_TIME_OUT = "take-and-time-out"
    """Takes it on, then says 408."""
    TAKE_AND_STRAY = "take-and-stray"
    """Takes it on, then something that stands in between answers with a 404 page of its own."""
    ANSWER_ANOTHER = "answer-another"
    """Does not take it on, and answers with the first text that it has."""
    TAKE_WITH_ANOTHERS_ID = "take-with-anothers-id"
    """Takes it on, and answers with the id of the first text that it has."""


TAKES = {
    Act.TAKE,
    Act.TAKE_AND_BREAK,
    Act.TAKE_AND_STALL,
    Act.TAKE_AND_FAULT,
    Act.NONSENSE,
    Act.TAKE_AND_TIME_OUT,
    Act.TAKE_AND_STRAY,
    Act.TAKE_WITH_ANOTHERS_ID,
}
STRAY_PAGE = b"<!doctype html><title>404</title><h1>Not Found</h1>"
BREAKS = {Act.TAKE_AND_BREAK, Act.BREAK}


@dataclass
class FarSide:
    """What a far end keeps: texts in the order in which they came, and a script of misbehaviour."""

    script: list[Act] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    is_listing_broken: bool = False
    shows: int | None = None
    """How many characters of a text its list shows; None is all of them."""
    follows: str | None = "null"
    """What a page of the list says of the next one; None where it says nothing."""
    asks_to_wait: str = "7"
    """`Retry-After` of whoever is busy."""
    templates: int = 2
    """How many of its templates a far end has that sends from templates."""
    lock: Lock = field(default_factory=Lock)
    may_go_on: Event = field(default_factory=Event)
    address: str = ""

    def next_act(self) -> Act:
        """What to do with the text that just came."""
        return self.script.pop(0) if self.script else Act.TAKE

    def shown(self, text: dict[str, Any]) -> dict[str, Any]:
        """A text as the list shows it."""
        return text if self.shows is None else text | {"body": text["body"][: self.shows]}


@contextmanager
def served(handler: type[BaseHTTPRequestHandler], state: FarSide) -> Iterator[FarSide]:
    """Serve a far end on a free port until the block ends; `state.address` is where."""
    # Without Nagle: head and body of an answer leave at once, as a real server would send them.
    facts = {"state": state, "disable_nagle_algorithm": True}
    kind = type("Handler", (handler,), facts)
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.may_go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
