"""Prism in front of a far end: it lets through what Twilio's own description allows."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).parents[1] / "contracts"
PRISM = CONTRACTS / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
DESCRIPTION = (
    CONTRACTS / "node_modules/@twilio/cli-core/src/services/twilio-api" / "twilio_api_v2010.json"
)
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages"
STARTS_WITHIN = 90
"""Seconds; Prism reads the description in about five on an idle machine."""


def what_is_missing() -> str | None:
    """What this machine lacks to run Prism, in words; None when nothing."""
    if shutil.which("node") is None:
        return "Node is missing: install Node 20"
    if not (PRISM.exists() and DESCRIPTION.exists()):
        return "Prism is missing: run `npm ci --ignore-scripts` in tests/contracts"
    return None


def messages_description(folder: Path) -> Path:
    """The part of Twilio's description that speaks of messages.

    Addresses inside answers are written as paths there, so they are no `uri` for a strict reader.
    """
    whole = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    whole["paths"] = {k: v for k, v in whole["paths"].items() if k.startswith(MESSAGES)}
    _forget_uri_formats(whole)
    path = folder / "messages.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def _forget_uri_formats(node: Any) -> None:
    if isinstance(node, list):
        for each in node:
            _forget_uri_formats(each)
        return
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        if name.endswith("uri") and isinstance(value, dict):
            value.pop("format", None)
        _forget_uri_formats(value)


@contextmanager
def prism_before(far_end: str, folder: Path) -> Iterator[str]:
    """The address of a Prism that hands on to `far_end` what the description allows."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--errors", "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "prism.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["node", PRISM, "proxy", messages_description(folder), far_end, *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError(f"Prism did not start: {log.read_text(encoding='utf-8')[-2000:]}")
