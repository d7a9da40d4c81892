"""What a person who starts a process reads: JSON alone from the server, words from a command."""

import json
import subprocess
import sys
import tomllib

import pytest

from survey_app import RELEASE
from tests.logs.installation import ROOT, Installation

WRONG = {"DATABASE_URL": "postgresql://survey@db:PLANTED/survey"}


@pytest.fixture
def installation(sqlite_database, tmp_path):
    """On a database of its own."""
    url = sqlite_database.url.render_as_string(hide_password=False)
    return Installation.of(tmp_path, DATABASE_URL=url)


def test_a_bare_gunicorn_prints_json_alone_and_no_access_log(installation):
    with installation.serve("--access-logfile", "-"):
        installation.ask("/healthz?planted=1")
    lines = installation.lines()
    assert {"Starting gunicorn %s", "Booting worker with pid: %s"} <= {
        line.get("template") for line in lines
    }
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/healthz"]
    assert "planted" not in installation.log.read_text("utf-8")
    assert "127.0.0.1" not in installation.log.read_text("utf-8")


def test_a_server_told_to_say_warnings_says_nothing_of_a_good_day(installation):
    with installation.serve("--log-level", "warning"):
        installation.ask("/healthz")
    assert installation.lines() == []


def test_a_server_names_the_wrong_setting_in_json_and_holds_no_value(installation):
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{installation.port}", "wsgi:app"],
        cwd=ROOT,
        env={**installation.environment, **WRONG},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    (said,) = [line["says"] for line in lines if line["event"] == "settings-fault"]
    assert "DATABASE_URL" in said
    assert "PLANTED" not in done.stdout + done.stderr


def test_a_command_names_the_wrong_setting_in_words_and_holds_no_value(installation):
    wrong = Installation({**installation.environment, **WRONG}, installation.log)
    for command in (["users", "list", "--service", "fir"], ["--help"]):
        done = wrong.command(*command)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: DATABASE_URL")
        assert len(done.stderr.splitlines()) == 1
        assert "PLANTED" not in done.stdout + done.stderr


def test_a_line_bears_the_release_that_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == RELEASE
