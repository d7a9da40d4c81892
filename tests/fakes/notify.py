"""GOV.UK Notify's far end: texts from a template, and the list of what it took on."""

import json
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token
from notifications_python_client.errors import TokenError

from tests.fakes.loopback import BREAKS, STRAY_PAGE, TAKES, Act, FarSide

SERVICE_ID = "11111111-1111-4111-8111-111111111111"
SECRET = "22222222-2222-4222-8222-222222222222"
API_KEY = f"tests-{SERVICE_ID}-{SECRET}"
TEMPLATE_ID = "33333333-3333-4333-8333-333333333333"
REFUSED = {"+447700900991": "ValidationError", "+447700900989": "BadRequestError"}


class NotifyFake(BaseHTTPRequestHandler):
    """`state` is the far side that it speaks for."""

    state: FarSide
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._guarded(lambda: self._create(asked))

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self._guarded(lambda: self._read(address.path, parse_qs(address.query)))

    def _guarded(self, act: Any) -> None:
        self.state.requests.append(f"{self.command} {self.path}")
        try:
            decode_jwt_token(self.headers.get("Authorization", "").removeprefix("Bearer "), SECRET)
        except TokenError:
            return self._refuse(403, "AuthError", "Invalid token: signature")
        return act()

    def _create(self, asked: dict[str, Any]) -> None:
        to = asked["phone_number"]
        if to in REFUSED:
            return self._refuse(400, REFUSED[to], f"phone_number {to} is not a valid number")
        with self.state.lock:
            act = self.state.next_act()
            if act in TAKES:
                self.state.texts.append(_notification(len(self.state.texts) + 1, asked))
            taken = self.state.texts[-1] if act in TAKES else {}
        return self._answer(act, taken, to)

    def _answer(self, act: Act, taken: dict[str, Any], to: str) -> None:
        if act in BREAKS or act is Act.TAKE_AND_STALL:
            if act is Act.TAKE_AND_STALL:
                self.state.may_go_on.wait(5)
            self.close_connection = True
            return None
        if act is Act.BUSY:
            return self._refuse(429, "RateLimitError", f"Exceeded rate limit, {to}")
        if act in (Act.FAULT, Act.TAKE_AND_FAULT):
            return self._refuse(500, "Exception", f"Internal server error {to}")
        if act is Act.TAKE_AND_TIME_OUT:
            return self._refuse(408, "RequestTimeout", "Timed out")
        if act is Act.TAKE_AND_STRAY:
            return self._say(404, STRAY_PAGE)
        if act is Act.ANSWER_ANOTHER:
            taken = self.state.texts[0]
        if act is Act.TAKE_WITH_ANOTHERS_ID:
            taken = taken | {"id": self.state.texts[0]["id"]}
        return self._say(201, None if act is Act.NONSENSE else taken)

    def _read(self, path: str, query: dict[str, list[str]]) -> None:
        if path == f"/v2/template/{TEMPLATE_ID}":
            return self._say(200, {"id": TEMPLATE_ID, "type": "sms", "body": "((text))"})
        if path == "/v2/templates":
            others = {"id": SERVICE_ID, "type": "sms", "body": "Hello ((name))"}
            ours = {"id": TEMPLATE_ID, "type": "sms", "body": "((text))"}
            return self._say(200, {"templates": [others, ours][: self.state.templates]})
        if path != "/v2/notifications":
            return self._refuse(404, "NoResultFound", "No result found")
        if self.state.is_listing_broken:
            return self._refuse(500, "Exception", "Internal server error")
        listed = list(reversed(self.state.texts))
        older_than = query.get("older_than", [None])[0]
        if older_than is not None:
            ids = [text["id"] for text in listed]
            listed = listed[ids.index(older_than) + 1 :]
        shown = [self.state.shown(text) for text in listed[:250]]
        return self._say(200, {"notifications": shown, "links": {}})

    def _refuse(self, status: int, error: str, message: str) -> None:
        said = {"status_code": status, "errors": [{"error": error, "message": message}]}
        wait = {"Retry-After": self.state.asks_to_wait} if status == 429 else {}
        return self._say(status, said, wait)

    def _say(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = b"{ not json" if body is None else body
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def _notification(number: int, asked: dict[str, Any]) -> dict[str, Any]:
    """A text as Notify lists it; `asked` keeps what was asked, for tests."""
    return {
        "id": f"00000000-0000-4000-8000-{number:012x}",
        "reference": asked.get("reference"),
        "phone_number": asked["phone_number"],
        "body": asked["personalisation"]["text"],
        "type": "sms",
        "status": "created",
        "created_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "asked": asked,
    }
