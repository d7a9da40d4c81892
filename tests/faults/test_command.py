"""`python -m faults` fails, and says why, when it cannot show what it is to show."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from faults.__main__ import main

ROOT = Path(__file__).parents[2]
QUIET = "8688"
"""A seed with which the far end takes both texts at once and reports nothing to wait for."""


def faults(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "faults", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_a_missing_postgresql_is_named_and_fails_the_test_before_anything_is_started():
    done = faults("--seed", "4", TEST_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert done.returncode == 1
    assert "PostgreSQL is missing" in done.stderr
    assert "--only sqlite" in done.stderr
    assert "seed 4" in done.stdout
    assert "sent" not in done.stdout


@pytest.mark.parametrize("texts", ["7", "0", "1782", "many"])
def test_a_number_of_texts_that_cannot_be_is_wrong_use(texts, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["faults", "--texts", texts])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2


def test_a_test_that_ran_out_of_time_does_not_pass():
    arguments = ("--only", "sqlite", "--texts", "2", "--kills", "40", "--minutes", "0.02")
    done = faults("--seed", QUIET, *arguments)
    assert done.returncode == 1
    assert "kills fitted into the time" in done.stdout
