"""The fake provider: a process of its own, which speaks as Twilio does and is never killed.

`python -m faults.far_end SEED PORT`. What it took on is what phones got, and it is the only witness
that the verdict hears: `GET /state` tells.
"""

import json
import os
import random
import socket
import struct
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Timer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.request_validator import RequestValidator

from faults.fast_time import FastClock
from faults.misbehaviour import (
    BROKEN_LISTS,
    CUT_AT,
    CUT_LISTS,
    LATE_SECONDS,
    TAKES,
    Act,
    Callback,
    Plan,
    plan,
)

ACCOUNT = "AC" + "0" * 32
TOKEN = "the fault test's own token"
STRAY_PAGE = b"<!doctype html><title>404</title><h1>Not Found</h1>"
STALL_SECONDS = 12.0
"""Longer than our client's timeout."""


@dataclass
class State:
    """What the provider knows: texts on phones, in order, and how it behaved."""

    seed: int
    clock: FastClock
    texts: list[dict[str, Any]] = field(default_factory=list)
    attempts: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    callbacks: Counter[str] = field(default_factory=Counter)
    callers_gone: int = 0
    reports_to_come: int = 0
    lock: Lock = field(default_factory=Lock)
    reporters: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(8))
    chance: random.Random = field(default_factory=random.Random)

    def plan(self, form: dict[str, str]) -> tuple[Plan, dict[str, Any]]:
        """What happens to this call; the text, where it is taken on."""
        who = f"{form.get('From')}>{form['To']}"
        with self.lock:
            self.attempts[who] += 1
            planned = plan(self.seed, who, self.attempts[who])
            self.acts[planned.act] += 1
            if planned.act not in TAKES:
                return planned, {}
            text = _text(len(self.texts) + 1, form, self.clock)
            self.texts.append(text)
            self.reports_to_come += len(planned.callbacks)
            return planned, text

    def report_later(self, text: dict[str, Any], callback: Callback) -> None:
        """Call back when it is time, from a thread."""
        timer = Timer(callback.after, self.reporters.submit, [self.report, text, callback])
        timer.daemon = True
        timer.start()

    def report(self, text: dict[str, Any], callback: Callback) -> None:
        """Tell the address that the text came with what became of it, signed as Twilio signs; a
        repetition carries the token of the first try, as Twilio's does."""
        sid = self.another(text)["sid"] if callback.is_anothers else text["sid"]
        address = text["callback"]
        if callback.is_by_id:
            address = address.rpartition("/")[0]
        form = {"MessageSid": sid, "MessageStatus": callback.status, "AccountSid": ACCOUNT}
        signature = RequestValidator(TOKEN).compute_signature(address, form)
        token = f"{text['sid']}-{callback.status}"
        headers = {"X-Twilio-Signature": signature, "I-Twilio-Idempotency-Token": token}
        try:
            answer = requests.post(address, data=form, headers=headers, timeout=30)
            outcome = str(answer.status_code)
        except requests.RequestException as fault:
            outcome = type(fault).__name__
        with self.lock:
            self.callbacks[outcome] += 1
            self.reports_to_come -= 1

    def another(self, text: dict[str, Any]) -> dict[str, Any]:
        """A text of long ago, or the one itself where there is no other."""
        with self.lock:
            return self.texts[0] if text is not self.texts[0] else self.texts[-1]

    def listed(self, to: str | None, limit: int) -> list[dict[str, Any]]:
        """The newest texts that the list shows by now."""
        until = time.monotonic() - LATE_SECONDS
        with self.lock:
            shown = [t for t in self.texts if t["taken_at"] < until and to in (None, t["to"])]
        return shown[::-1][:limit]

    def as_json(self) -> dict[str, Any]:
        """All that the verdict needs."""
        with self.lock:
            return {
                "texts": [{k: t[k] for k in ("from", "to", "body")} for t in self.texts],
                "acts": self.acts,
                "callbacks": self.callbacks,
                "callers_gone": self.callers_gone,
                "reports_to_come": self.reports_to_come,
            }


class FarEnd(BaseHTTPRequestHandler):
    """Two addresses of Twilio's, and one for the verdict."""

    state: State
    protocol_version = "HTTP/1.1"
    _is_stalling = False
    """Whoever waits for a stalled answer gives up, so that its absence says nothing of kills."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        planned, text = self.state.plan(form)
        for callback in planned.callbacks if text else ():
            if callback.is_early:
                self.state.report(text, callback)
            else:
                self.state.report_later(text, callback)
        self._is_stalling = planned.act is Act.TAKE_AND_STALL
        time.sleep(STALL_SECONDS if self._is_stalling else planned.delay)
        self._answer(planned.act, text)

    def _answer(self, act: Act, text: dict[str, Any]) -> None:
        match act:
            case Act.RESET | Act.TAKE_AND_RESET:
                self._reset()
            case Act.BUSY:
                self._say(429, {"code": 20429, "message": "Too many", "status": 429}, "5")
            case Act.FAULT | Act.TAKE_AND_FAULT:
                self._say(500, {"code": 20500, "message": "Fault", "status": 500})
            case Act.TAKE_AND_GARBLE:
                self._say(201, None)
            case Act.TAKE_AND_TIME_OUT:
                self._say(408, {"code": 20408, "message": "Timed out", "status": 408})
            case Act.TAKE_AND_STRAY:
                self._say(404, STRAY_PAGE)
            case Act.TAKE_WITH_ANOTHERS_ID:
                self._say(201, text | {"sid": self.state.another(text)["sid"]})
            case Act.ANSWER_ANOTHER:
                self._say(201, self.state.texts[0] if self.state.texts else STRAY_PAGE)
            case _:
                self._say(201, text)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/state":
            self._say(200, self.state.as_json())
        elif self.state.chance.random() < BROKEN_LISTS:
            self._say(500, {"code": 20500, "message": "Fault", "status": 500})
        else:
            asked = parse_qs(address.query)
            found = self.state.listed(asked.get("To", [None])[0], int(asked["PageSize"][0]))
            if self.state.chance.random() < CUT_LISTS:
                found = [text | {"body": text["body"][:CUT_AT]} for text in found]
            self._say(200, {"messages": found, "next_page_uri": None, "page": 0})

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _say(self, status: int, body: Any, retry_after: str | None = None) -> None:
        content = b"{ not json" if body is None else body
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            if retry_after is not None:
                self.send_header("Retry-After", retry_after)
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self._nobody_is_there()
            return
        # A process that was killed leaves an open socket behind whose other side is closed.
        if self._is_caller_gone():
            self._nobody_is_there()

    def _is_caller_gone(self) -> bool:
        try:
            return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _nobody_is_there(self) -> None:
        self.close_connection = True
        if not self._is_stalling:
            with self.state.lock:
                self.state.callers_gone += 1

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def _text(number: int, form: dict[str, str], clock: FastClock) -> dict[str, Any]:
    when = format_datetime(clock())
    return {
        "sid": f"SM{number:032x}",
        "account_sid": ACCOUNT,
        "to": form["To"],
        "from": form.get("From"),
        "body": form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "date_created": when,
        "date_updated": when,
        "callback": form["StatusCallback"],
        "taken_at": time.monotonic(),
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_args: Any) -> None:
        """A caller that was killed is no fault of ours."""


def serve(seed: int, port: int) -> None:
    """Serve on loopback until ended."""
    state = State(seed, FastClock.of_this_process())
    state.chance.seed(seed)
    handler = type("Handler", (FarEnd,), {"state": state})
    _Server(("127.0.0.1", port), handler).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
