"""An installation of a test's own: processes as they are started in life, and a database and Redis
that can be taken away from them."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, sleep
from typing import Any, Self
from urllib.parse import urlencode

import psycopg
from sqlalchemy import make_url

from tests.databases import SERVER
from tests.world import TEST_KEYS

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    until = monotonic() + 30
    while monotonic() < until:
        with suppress(OSError):
            create_connection(("127.0.0.1", port), 0.2).close()
            return
        sleep(0.1)
    raise TimeoutError(port)


@dataclass
class Installation:
    """Settings, and the processes that run by them."""

    environment: Mapping[str, str]
    log: Path
    port: int = field(default_factory=free_port)

    @classmethod
    def of(cls, folder: Path, **settings: str) -> Self:
        """With the keys of all tests, so that a test can fill its database itself."""
        settings = {
            "DATA_DIR": str(folder),
            "SECRET_KEY": TEST_KEYS.secret,
            "ENCRYPTION_KEYS": ",".join(TEST_KEYS.encryption),
            "LOOKUP_KEY": TEST_KEYS.lookup,
        } | settings
        return cls(os.environ | settings, folder / "log")

    @contextmanager
    def serve(self, *options: str) -> Iterator[None]:
        """`gunicorn wsgi:app` in the root, as the guide says, with all it prints in `log`."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *options, "wsgi:app"],
                cwd=ROOT,
                env=self.environment | {"GUNICORN_CMD_ARGS": f"-b 127.0.0.1:{self.port} -w 2"},
                stdout=log,
                stderr=log,
            )
        try:
            _await(self.port)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`flask --app wsgi ...`."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def ask(
        self, address: str, form: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[int, str]:
        """Status and page; 0 where the answer never came."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = None if form is None else urlencode(form)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", address, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            connection.close()

    def lines(self) -> list[dict[str, Any]]:
        """The log; a line that is no JSON fails the test."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@dataclass
class OwnPostgresql:
    """A database that can be taken away: nobody may connect, and who is connected is cut off."""

    name: str
    url: str

    @classmethod
    @contextmanager
    def made(cls, password: str) -> Iterator[Self]:
        """Made for one test, and dropped. The server believes everybody, whatever the password."""
        name = f"survey_logs_{os.getpid()}"
        url = make_url(SERVER).set(drivername="postgresql", database=name, password=password)
        own = cls(name, url.render_as_string(hide_password=False))
        own._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        try:
            yield own
        finally:
            own.give_back()
            own._say(f"DROP DATABASE {name} WITH (FORCE)")

    def take_away(self) -> None:
        """As when the server goes down."""
        self._say(
            f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'",
        )

    def give_back(self) -> None:
        """As it was."""
        self._say(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")

    def _say(self, *statements: str) -> None:
        server = make_url(SERVER).set(drivername="postgresql")
        address = server.render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def own_redis(folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A Redis that can be killed, and its address."""
    program, port = shutil.which("redis-server"), free_port()
    assert program is not None
    process = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--save",
            "",
            "--dir",
            str(folder),
            "--bind",
            "127.0.0.1",
            "--requirepass",
            "PLANTEDREDIS",
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        _await(port)
        yield process, f"redis://:PLANTEDREDIS@127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait(30)
