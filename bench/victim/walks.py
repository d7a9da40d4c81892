"""What does one journey come to, page by page: requests, taps and bytes?"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.victim.people import Reply, Steps, get, read_reply, taps
from bench.victim.servers import exchange

LOADED = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="(/[^"]+)"')
"""What a page loads; a browser asks for each once, and keeps it."""


@dataclass
class Walk:
    """One person's way from the link to the thanks. Bytes are what the phone is sent, headers and
    all."""

    first_view: list[int] = field(default_factory=list)
    """Bytes of the first page and of what it loads."""
    later_pages: list[int] = field(default_factory=list)
    redirects: list[int] = field(default_factory=list)
    taps: int = 0
    """Presses of an option, a box to write in, or a button; opening the link is none."""

    @property
    def replies(self) -> list[int]:
        """Bytes of each reply."""
        return [*self.first_view, *self.later_pages, *self.redirects]

    @property
    def pages_and_redirects(self) -> int:
        """Requests without what the first page loads."""
        return 1 + len(self.later_pages) + len(self.redirects)


def walk(port: int, someone: Callable[[], Steps]) -> Walk:
    """Go the whole way against a server on this machine."""
    walked = Walk()
    steps = someone()
    name, content = next(steps)
    page: Reply | None = None
    while True:
        if page is not None and name != "question":
            walked.taps += taps(page)
        raw = exchange(port, content)
        reply = read_reply(raw)
        if reply.status == 200:
            page = reply
        if not walked.first_view:
            loaded = LOADED.findall(reply.text)
            walked.first_view = [len(raw), *(len(exchange(port, get(one))) for one in loaded)]
        else:
            (walked.later_pages if reply.status == 200 else walked.redirects).append(len(raw))
        try:
            name, content = steps.send(reply)
        except StopIteration:
            return walked
