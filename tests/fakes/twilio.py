"""Twilio's far end: messages, the account, senders, as its API describes them."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

from tests.fakes.loopback import BREAKS, STRAY_PAGE, TAKES, Act, FarSide

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "an auth token for tests alone"
SERVICE_SID = "MG" + "1" * 32
OWN_NUMBER = "+447700900001"
REFUSED = {"+447700900991": 21614, "+447700900992": 21610, "+447700900989": 21211}
"""Numbers that are refused, with Twilio's code."""


class TwilioFake(BaseHTTPRequestHandler):
    """`state` is the far side that it speaks for."""

    state: FarSide
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
        self._guarded(lambda: self._create(form))

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        self._guarded(lambda: self._read(address.path, parse_qs(address.query)))

    def _guarded(self, act: Any) -> None:
        self.state.requests.append(f"{self.command} {self.path}")
        expected = "Basic " + b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        if self.headers.get("Authorization") != expected:
            return self._say(401, {"code": 20003, "message": "Authenticate", "status": 401})
        return act()

    def _create(self, form: dict[str, str]) -> None:
        to = form.get("To", "")
        if to in REFUSED:
            words = f"The 'To' number {to} is not valid"
            return self._say(400, {"code": REFUSED[to], "message": words, "status": 400})
        with self.state.lock:
            act = self.state.next_act()
            if act in TAKES:
                self.state.texts.append(_message(len(self.state.texts) + 1, form))
            taken = self.state.texts[-1] if act in TAKES else {}
        return self._answer(act, taken, to)

    def _answer(self, act: Act, taken: dict[str, Any], to: str) -> None:
        if act in BREAKS:
            self.close_connection = True
            return None
        if act is Act.TAKE_AND_STALL:
            self.state.may_go_on.wait(5)
            self.close_connection = True
            return None
        if act is Act.BUSY:
            problem = {"code": 20429, "message": f"Too many to {to}", "status": 429}
            return self._say(429, problem, {"Retry-After": self.state.asks_to_wait})
        if act in (Act.FAULT, Act.TAKE_AND_FAULT):
            return self._say(500, {"code": 20500, "message": f"Fault for {to}", "status": 500})
        if act is Act.NONSENSE:
            return self._say(201, None)
        timed_out = {"code": 20408, "message": "Timed out", "status": 408}
        strange = (
            {
                Act.TAKE_AND_TIME_OUT: (408, timed_out),
                Act.TAKE_AND_STRAY: (404, STRAY_PAGE),
                Act.ANSWER_ANOTHER: (201, self.state.texts[0]),
                Act.TAKE_WITH_ANOTHERS_ID: (201, taken | {"sid": self.state.texts[0]["sid"]}),
            }
            if self.state.texts
            else {}
        )
        return self._say(*strange.get(act, (201, taken)))

    def _read(self, path: str, query: dict[str, list[str]]) -> None:
        if path.endswith("/Messages.json"):
            if self.state.is_listing_broken:
                return self._say(500, {"code": 20500, "message": "Fault", "status": 500})
            to = query.get("To", [None])[0]
            found = [t for t in reversed(self.state.texts) if to in (None, t["to"])]
            page = {"messages": [self.state.shown(text) for text in found], "page": 0}
            if self.state.follows is not None:
                page["next_page_uri"] = json.loads(self.state.follows)
            return self._say(200, page)
        if path.endswith("/IncomingPhoneNumbers.json"):
            is_own = query.get("PhoneNumber") == [OWN_NUMBER]
            numbers = [{"phone_number": OWN_NUMBER, "sms_url": ""}] if is_own else []
            return self._say(200, {"incoming_phone_numbers": numbers, "next_page_uri": None})
        if path == f"/2010-04-01/Accounts/{ACCOUNT_SID}.json":
            return self._say(200, {"sid": ACCOUNT_SID, "status": "active"})
        if path == f"/v1/Services/{SERVICE_SID}":
            return self._say(200, {"sid": SERVICE_SID, "inbound_request_url": None})
        return self._say(404, {"code": 20404, "message": "Not found", "status": 404})

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


def status_callback(
    text: dict[str, Any], status: str, code: str | None = None
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Address, form and headers of the callback with which Twilio tells what became of a text."""
    address = text["form"]["StatusCallback"]
    form = {
        "MessageSid": text["sid"],
        "SmsSid": text["sid"],
        "MessageStatus": status,
        "SmsStatus": status,
        "AccountSid": ACCOUNT_SID,
        "To": text["to"],
        "From": text["from"] or "",
        "ApiVersion": "2010-04-01",
    } | ({} if code is None else {"ErrorCode": code})
    signature = RequestValidator(AUTH_TOKEN).compute_signature(address, form)
    return address, form, {"X-Twilio-Signature": signature}


def _message(number: int, form: dict[str, str]) -> dict[str, Any]:
    """A message as Twilio shows it; `form` keeps what was asked, for tests."""
    return {
        "sid": f"SM{number:032x}",
        "account_sid": ACCOUNT_SID,
        "to": form["To"],
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "body": "" if form.get("ContentRetention") == "discard" else form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": "1",
        "num_media": "0",
        "date_created": format_datetime(datetime.now(UTC)),
        "date_updated": format_datetime(datetime.now(UTC)),
        "date_sent": None,
        "error_code": None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/SM{number:032x}.json",
        "subresource_uris": {},
        "form": form,
    }
