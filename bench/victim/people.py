"""Many people at once, each waiting for a page before sending the next, in one light process.

Plain sockets and one selector: the client has to cost little beside the server that it measures.
Run as a process of its own by `load`; it says how much of one processor it used itself.
"""

import json
import re
import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from itertools import cycle

import brotli

LONGEST_WAIT = 60
"""Seconds without any reply after which the run is given up."""


@dataclass(frozen=True)
class Reply:
    """What came back, as it was on the wire."""

    status: int
    head: str
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        found = re.search(r"(?mi)^location: (\S+)", self.head)
        return found.group(1) if found else ""

    @property
    def cookie(self) -> str:
        """The cookie that was set, empty without one."""
        found = re.search(r"(?mi)^set-cookie: (s=[^;\r]*)", self.head)
        return found.group(1) if found else ""

    @property
    def text(self) -> str:
        """The page."""
        packed = "content-encoding: br" in self.head.lower()
        return (brotli.decompress(self.body) if packed else self.body).decode()


Steps = Generator[tuple[str, bytes], Reply, None]
"""Someone: gives the name of what is timed and the bytes to send, is given the reply."""


def get(path: str, cookie: str = "") -> bytes:
    """A request as a phone's browser sends it."""
    return f"GET {path} HTTP/1.1\r\n{_headers(cookie)}\r\n".encode()


def post(path: str, body: str, cookie: str = "") -> bytes:
    """A sent form."""
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    length = f"Content-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{_headers(cookie)}{form}{length}\r\n{body}".encode()


def _headers(cookie: str) -> str:
    kept = f"Cookie: {cookie}\r\n" if cookie else ""
    return (
        "Host: 127.0.0.1\r\nAccept: text/html\r\nAccept-Encoding: gzip, br\r\n"
        f"Accept-Language: en-GB,en\r\nUser-Agent: Mozilla/5.0 (Linux; Android 10)\r\n{kept}"
    )


@dataclass
class Load:
    """One run of several people against one address."""

    port: int
    until: float
    people: Iterator[Callable[[], Steps]]
    """Who comes next; each is someone from their first page to their last."""
    times: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds by what was timed."""
    whole: int = 0
    """How many came to their end."""
    last_end: float = 0.0
    _selector: selectors.DefaultSelector = field(default_factory=selectors.DefaultSelector)

    def run(self, at_once: int) -> None:
        """Keep so many people busy until the time is over; those under way come to their end."""
        busy = sum(self._next_person() for _ in range(at_once))
        while busy:
            ready = self._selector.select(LONGEST_WAIT)
            if not ready:
                raise TimeoutError("the server stopped answering")
            for key, _ in ready:
                busy -= self._read(key)

    def _next_person(self) -> bool:
        someone = next(self.people, None) if time.perf_counter() < self.until else None
        if someone is None:
            return False
        steps = someone()
        self._send(steps, *next(steps))
        return True

    def _send(self, steps: Steps, name: str, content: bytes) -> None:
        began = time.perf_counter()
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=LONGEST_WAIT)
        connection.sendall(content)
        self._selector.register(connection, selectors.EVENT_READ, (steps, name, began, bytearray()))

    def _read(self, key: selectors.SelectorKey) -> bool:
        """Take what has arrived; whether nobody is busy any more in this place."""
        steps, name, began, so_far = key.data
        arrived = key.fileobj.recv(65536)  # type: ignore[union-attr]
        if arrived:
            so_far += arrived
            return False
        self._selector.unregister(key.fileobj)
        key.fileobj.close()  # type: ignore[union-attr]
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        try:
            self._send(steps, *steps.send(read_reply(bytes(so_far))))
        except StopIteration:
            self.whole += 1
            self.last_end = time.perf_counter()
            return not self._next_person()
        return False


def read_reply(content: bytes) -> Reply:
    """A whole reply; sync workers close the connection after each."""
    head, _, body = content.partition(b"\r\n\r\n")
    return Reply(int(head.split(b" ", 2)[1]), head.decode("latin-1"), body)


def expect(reply: Reply, status: int) -> Reply:
    """The reply, which must have this status: a fast wrong page is no figure."""
    if reply.status != status:
        raise RuntimeError(f"a reply of {reply.status} where {status} was due: {reply.head}")
    return reply


def reader(path: str, cookie: str = "") -> Callable[[], Steps]:
    """Someone who asks for one page."""
    content = get(path, cookie)

    def steps() -> Steps:
        expect((yield "page", content), 200)

    return steps


def floor_journey(base: str) -> Callable[[], Steps]:
    """Ten questions on the floor; `base` says which: `/s/` replies with pages, `/r/` redirects."""

    def steps() -> Steps:
        expect((yield "start", get(base)), 200)
        for number in range(1, 11):
            reply = yield "answer", post(f"{base}/{number}", "code=b")
            if reply.status == 303:
                reply = yield "question", get(reply.location)
            expect(reply, 200)

    return steps


HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
CHOICE = re.compile(r'type="radio" name="([^"]*)" value="([^"]*)"')
WORDS = re.compile(r'<textarea[^>]* name="([^"]*)"')
OWN_ADDRESS = re.compile(r'<form id="question" method="post" action="([^"]*)"')


def taps(page: Reply) -> int:
    """How often a person presses to send this page's form: its button, and before it an option or
    the box that they write in."""
    return 1 + bool(CHOICE.search(page.text) or WORDS.search(page.text))


def journey(base: str) -> Callable[[], Steps]:
    """Ten questions of the product, on a phone whose script takes the next page at once."""
    return _pressed(base, "&at-once=")


def plain_journey(base: str) -> Callable[[], Steps]:
    """The same on a phone without script, which is redirected to each page."""
    return _pressed(base, "")


def _pressed(base: str, added: str) -> Callable[[], Steps]:
    """Every page as a person would press it, with what the page's script adds to a form."""

    def steps() -> Steps:
        reply = expect((yield "start", get(base)), 200)
        path, cookie = base, reply.cookie
        name = "begin"
        while True:
            text = reply.text
            if name == "answer" and path == base:
                return  # The thanks: its forms are about other things than questions.
            form = HIDDEN.findall(text)
            if choice := CHOICE.search(text):
                form.append((choice.group(1), choice.group(2)))
            elif words := WORDS.search(text):
                form.append((words.group(1), "They+called+back+when+they+said."))
            body = "&".join(f"{key}={value}" for key, value in form) + added
            reply = yield name, post(path, body, cookie)
            cookie = reply.cookie or cookie
            if reply.status == 303:
                path = reply.location
                reply = yield "question", get(path, cookie)
                cookie = reply.cookie or cookie
            elif own := OWN_ADDRESS.search(reply.text):
                path = own.group(1)
            expect(reply, 200)
            name = "answer"

    return steps


MAKERS: dict[str, Callable[[str], Callable[[], Steps]]] = {
    "floor-journey": floor_journey,
    "journey": journey,
    "plain-journey": plain_journey,
}


def main() -> None:
    """Do what standard input describes; print what was measured as JSON."""
    asked = json.load(sys.stdin)
    if asked["kind"] == "page":
        people = cycle([reader(path, cookie) for path, cookie in asked["pages"]])
    else:
        people = iter([MAKERS[asked["kind"]](base) for base in asked["bases"]])
    began = time.perf_counter()
    load = Load(asked["port"], began + asked["seconds"], iter(people))
    load.run(asked["people"])
    seconds = load.last_end - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    json.dump(
        {
            "whole": load.whole,
            "seconds": seconds,
            "times": load.times,
            "client": (used.ru_utime + used.ru_stime) / seconds,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
