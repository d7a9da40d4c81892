"""On what was it measured? Two machines do not compare, nor do a busy one and a quiet one."""

import os
import platform
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from faults.databases import SERVER


def machine_facts() -> dict[str, Any]:
    """Facts of this machine at this moment; `postgresql` is None where no server answers."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)),
        "cpu": _line_of("/proc/cpuinfo", "model name"),
        "memory": _line_of("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _server_version(),
        "load": list(os.getloadavg()),
    }


def _line_of(path: str, name: str) -> str | None:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return None


def _server_version() -> str | None:
    url = make_url(SERVER).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            return connection.info.parameter_status("server_version")
    except psycopg.OperationalError:
        return None
