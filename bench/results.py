"""What was measured? One record for each figure, collected while it prints, and written as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Result:
    """One figure. `floor` is what no product could beat, measured in the same run."""

    part: str
    name: str
    database: str | None
    """`sqlite` or `postgresql`; None where there is none."""
    value: float
    unit: str
    floor: float | None = None
    share: float | None = None
    """How much of the floor is reached: 1 is as good as the floor, of a rate as of a cost."""
    promise: float | None = None
    """In the unit of the value, or a least share where `is_promise_of_share`."""
    held: bool | None = None
    """None where nothing is promised: a goal, or a figure that stands beside another."""
    is_promise_of_share: bool = False


def cost(
    part: str,
    name: str,
    database: str | None,
    value: float,
    unit: str,
    *,
    floor: float | None = None,
    most: float | None = None,
    least_share: float | None = None,
) -> Result:
    """What is better the lower it is; judged where it may be so much `most`, or has to reach a
    `least_share` of its floor."""
    share = floor / value if floor is not None and value else None
    by = partial(Result, part, name, database, value, unit, floor, share)
    if least_share is not None:
        is_held = share is not None and share >= least_share
        return by(least_share, is_held, is_promise_of_share=True)
    return by(most, None if most is None else value <= most)


def rate(
    part: str, name: str, database: str | None, value: float, unit: str, floor: float
) -> Result:
    """What is better the higher it is; by the wall clock, so it is not judged."""
    return Result(part, name, database, value, unit, floor, value / floor)


def verdict(results: Sequence[Result]) -> str:
    """`held`, or what was missed."""
    missed = [f"{result.name} ({result.unit})" for result in results if result.held is False]
    return f"MISSED {', '.join(missed)}" if missed else "held"


def write_json(path: Path, machine: dict[str, Any], results: Sequence[Result]) -> None:
    """`{"machine": {...}, "results": [{...}, ...]}`."""
    content = {"machine": machine, "results": [asdict(result) for result in results]}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
