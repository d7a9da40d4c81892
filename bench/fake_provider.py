"""What answers in the provider's place? A process of its own, light, that speaks as Twilio does.

A GET is told the most posts that were being answered at the same time since the GET before.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock
from urllib.parse import parse_qs

_numbers = count(1)


@contextmanager
def fake_provider(delay: float) -> Iterator[str]:
    """Its address, while it runs; it answers after so many seconds."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.fake_provider", str(delay)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class _Fake(BaseHTTPRequestHandler):
    delay: float
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    """One packet an answer."""
    _lock = Lock()
    _now = 0
    _most = 0
    """How many calls are being answered, and were at most."""

    def do_GET(self) -> None:
        with _Fake._lock:
            most, _Fake._most = _Fake._most, 0
        self._answer(200, "text/plain", str(most).encode())

    def do_POST(self) -> None:
        with _Fake._lock:
            _Fake._now += 1
            _Fake._most = max(_Fake._most, _Fake._now)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        time.sleep(self.delay)
        with _Fake._lock:
            _Fake._now -= 1
        content = json.dumps({"sid": f"SM{next(_numbers):032x}", "body": form["Body"][0]}).encode()
        self._answer(201, "application/json", content)

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _serve(delay: float) -> None:
    server = _Server(("127.0.0.1", 0), type("Handler", (_Fake,), {"delay": delay}))
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    _serve(float(sys.argv[1]))
