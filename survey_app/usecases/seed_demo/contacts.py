"""When was somebody called, met and planned with? Invented, as untidy as it is written down.

Some are late, some out of order, some hours are missing and much was never written down at all,
so that the pages on data quality have every state to show.
"""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

REACHED = 0.82
"""The share of people whose first contact was written down."""
PLANNED = {"community": 0.55, "caseworker": 0.8}
"""The share with a needs assessment, by support level; the care unit makes no plans."""
INSTANT = "%Y-%m-%d %H:%M"


def invent_contacts(case_ref: str, level: str, referred_on: date) -> dict[str, str]:
    """Cells of the case file by column, whenever they happened: cut them at a day (`known_on`).

    A case has its own chance, so that these cells move nothing else of the demonstration.
    """
    rng = random.Random(f"contacts of {case_ref}")
    referred = datetime.combine(referred_on, time(rng.randint(8, 16), rng.choice((0, 20, 45))))
    cells = {"referred_at": referred.strftime(INSTANT)} if rng.random() < 0.7 else {}
    return cells | _attempts(rng, referred) | _plans(rng, level, referred_on)


def known_on(cells: Mapping[str, str], day: date, closed_on: date | None) -> dict[str, str]:
    """Those of the cells that the morning file of `day` can hold; none is after the closing."""
    yesterday = day - timedelta(days=1)
    last = min(yesterday, closed_on or yesterday).isoformat()
    return {column: cell for column, cell in cells.items() if cell[: len(last)] <= last}


def _attempts(rng: random.Random, referred: datetime) -> dict[str, str]:
    """One or two attempts, mostly in the first two days, and whether somebody was reached."""
    first = referred + timedelta(hours=rng.choice((1, 2, 3, 5, 18, 22, 26, 50, 96)))
    second = first + timedelta(hours=rng.choice((2, 4, 20, 24, 48)))
    reached = rng.choice((first, first, second, second + timedelta(hours=26)))
    cells = {}
    if rng.random() < 0.75:
        cells["first_attempt_at"] = _written(rng, first)
        if reached is not first and rng.random() < 0.8:
            cells["second_attempt_at"] = _written(rng, second)
    if rng.random() < REACHED:
        cells["first_contact_at"] = _written(rng, reached)
    return cells


def _written(rng: random.Random, moment: datetime) -> str:
    """An instant, or only its day."""
    return moment.strftime(INSTANT) if rng.random() < 0.7 else moment.date().isoformat()


def _plans(rng: random.Random, level: str, referred_on: date) -> dict[str, str]:
    """Assessed, planned with, reviewed: each step less often written down than the one before."""
    if rng.random() >= PLANNED.get(level, 0):
        return {}
    assessed = referred_on + timedelta(days=rng.randint(1, 8))
    # One in fifty was typed wrongly: a plan before its assessment.
    planned = assessed + timedelta(days=rng.choice((0, 2, 3, 5, 6, 7, 9, 14)))
    if rng.random() < 0.02:
        planned = assessed - timedelta(days=1)
    cells = {"needs_assessment_on": assessed.isoformat()}
    if rng.random() < 0.75:
        cells["support_plan_on"] = planned.isoformat()
        if rng.random() < 0.6:
            reviewed = planned + timedelta(days=rng.choice((24, 28, 30, 33, 36, 45)))
            cells["review_on"] = reviewed.isoformat()
    return cells
