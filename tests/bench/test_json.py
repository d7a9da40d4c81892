"""Whatever `make bench` prints is also written, with the machine it was measured on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.results import Result, cost, rate, verdict

FIELDS = {"part", "name", "database", "value", "unit", "floor", "share", "promise", "held"}
MACHINE = {"date", "cores", "cpu", "kernel", "python", "sqlite", "postgresql", "load"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a tiny run of the cheap parts writes."""
    path = tmp_path_factory.mktemp("bench") / "bench.json"
    parts = ("imports", "dispatch", "--scale", "0.01", "--only", "sqlite", "--json", str(path))
    done = subprocess.run(
        [sys.executable, "-m", "bench", *parts],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode in (0, 1), done.stderr  # 1: a promise missed, on a busy machine.
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert (done.returncode == 1) == any(one["held"] is False for one in content["results"])
    return content


def test_the_machine_is_described(written: dict[str, Any]):
    assert set(written["machine"]) >= MACHINE
    assert written["machine"]["cores"] >= 1
    assert len(written["machine"]["load"]) == 3


def test_every_figure_is_one_record(written: dict[str, Any]):
    results = written["results"]
    assert {one["part"] for one in results} == {"imports", "dispatch"}
    assert all(set(one) >= FIELDS and one["value"] > 0 and one["unit"] for one in results)
    names = [(one["part"], one["name"], one["database"], one["unit"]) for one in results]
    assert len(set(names)) == len(names)


def test_processor_time_is_judged_and_the_clock_stands_beside_it(written: dict[str, Any]):
    judged = {one["unit"]: one for one in written["results"] if one["held"] is not None}
    assert set(judged) == {"s of processor", "MB", "ms of processor", "calls"}
    beside = {one["unit"]: one for one in written["results"] if one["held"] is None}
    assert set(beside) == {"s on the clock", "a second"}
    by_time = [one for one in written["results"] if one["unit"] not in ("MB", "calls")]
    assert all(one["floor"] > 0 and one["share"] > 0 for one in by_time)


def test_a_cost_is_held_up_to_its_limit_and_a_share_down_to_its_least():
    assert cost("p", "n", None, 10, "ms", most=10).held is True
    assert cost("p", "n", None, 10.1, "ms", most=10).held is False
    assert cost("p", "n", None, 8, "ms", floor=2, least_share=0.25).held is True
    assert cost("p", "n", None, 8.1, "ms", floor=2, least_share=0.25).held is False


def test_a_share_is_1_where_the_floor_is_reached_and_less_above_it():
    assert cost("p", "n", None, 8, "ms", floor=2).share == 0.25
    assert rate("p", "n", None, 2, "a second", 8).share == 0.25


def test_a_goal_and_what_stands_beside_are_never_missed():
    goal = Result("p", "memory", None, 211, "MB", promise=150)
    beside = rate("p", "pages", None, 1, "a second", 100)
    missed = cost("p", "slow", None, 2, "s", most=1)
    assert verdict([goal, beside]) == "held"
    assert verdict([goal, beside, missed]) == "MISSED slow (s)"
