"""What leaves the service: an outsider with every published figure gets no hidden one.

He knows FORMATS.md: what adds up, what contains what, that nothing is negative. He narrows each
hidden count to a range until nothing moves any more; a range of one number is a leak.
"""

from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.reporting.filters import Dimension
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.store.scope import Scope
from tests.reporting.worlds import NOW, World, fill

STEPS = ("supported", "eligible", "contactable", "asked", "reached", "started", "completed")
UNKNOWN = (0, 10_000)
AUDIENCES = (Audience.STAFF, Audience.COMMISSIONER)


def figures(world: World, audience: Audience, by: Dimension | None = None) -> dict:
    return document(
        report(world.session, world.service, Quarter(2018, 1), by=by, audience=audience, now=NOW)
    )


def cells(found: dict) -> dict[tuple, object]:
    """Every printed count by a name: where it stands, and which it is."""
    named: dict[tuple, object] = {}
    for section in ("ladder", "satisfaction", "outcomes", "stars", "stars_overall"):
        for row in found[section]:
            keys = ("group", "tier", "instrument", "measure", "area")
            place = (section, *(row.get(key) for key in keys))
            for key, value in row.items():
                if isinstance(value, dict) and "numerator" in value:
                    named[(*place, f"{key}.n")] = value["numerator"]
                    named[(*place, f"{key}.d")] = value["denominator"]
                elif isinstance(value, dict) and key not in ("first", "last"):
                    named |= {(*place, f"{key}.{name}"): n for name, n in value.items()}
                elif key not in (*keys, "target", "first", "last"):
                    named[(*place, key)] = value
    return named


def equations(named: dict[tuple, object]) -> Iterator[tuple[list[tuple], list[tuple]]]:
    """What must be equal, by the definitions alone."""
    places: dict[tuple, list[tuple]] = {}
    for name in named:
        places.setdefault(name[:-1], []).append(name)
    for place, own in places.items():
        if place[0] == "ladder":
            reasons = [n for n in own if n[-1].startswith("not_asked.")]
            reasons = [n for n in reasons if not n[-1].endswith("no-delivery")]
            yield [(*place, "supported")], [(*place, "asked"), *reasons]
            modes = [n for n in own if n[-1].startswith("completed_by_mode.")]
            yield [(*place, "completed")], modes
            for rate in ("completed_of_eligible", "completed_of_supported"):
                yield [(*place, "completed")], [(*place, f"{rate}.n")]
                yield [(*place, rate.removeprefix("completed_of_"))], [(*place, f"{rate}.d")]
        if place[0] == "outcomes":
            kept = [(*place, key) for key in ("improved", "sustained_well", "sustained_low")]
            yield [(*place, "paired")], [*kept, (*place, "declined")]
            yield kept, [(*place, "improved_or_sustained.n")]
            yield [(*place, "improved")], [(*place, "improved_with_room.n")]
        if place[0] == "stars":
            moves = [(*place, key) for key in ("increased", "maintained", "decreased")]
            yield [(*place, "paired")], moves
    for name in named:
        if name[0] == "ladder" and name[2] == "all":
            tiers = [(*name[:2], tier, *name[3:]) for tier in ("none", "1", "2", "3")]
            yield [name], [tier for tier in tiers if tier in named]


def narrowed(named: dict[tuple, object], ties: list, gaps: list) -> dict[tuple, tuple[int, int]]:
    """The range that each count can be in, once every equation has narrowed every other."""
    ranges = {n: (v, v) if isinstance(v, int) else UNKNOWN for n, v in named.items()}
    is_moving = True
    while is_moving:
        is_moving = False
        for one, other in (*ties, *((b, a) for a, b in ties)):
            for name in one:
                rest = [c for c in one if c != name]
                low = sum(ranges[c][0] for c in other) - sum(ranges[c][1] for c in rest)
                high = sum(ranges[c][1] for c in other) - sum(ranges[c][0] for c in rest)
                is_moving |= narrow(ranges, name, low, high)
        for whole, part in gaps:
            is_moving |= narrow(ranges, part, 0, ranges[whole][1])
            is_moving |= narrow(ranges, whole, ranges[part][0], UNKNOWN[1])
    return ranges


def narrow(ranges: dict, name: tuple, low: int, high: int) -> bool:
    before = ranges[name]
    ranges[name] = (max(before[0], low), min(before[1], high))
    return ranges[name] != before


def gaps(named: dict[tuple, object]) -> list[tuple[tuple, tuple]]:
    found = []
    for name in named:
        if name[-1].endswith(".n"):
            found.append(((*name[:-1], name[-1][:-2] + ".d"), name))
        if name[0] == "ladder" and name[-1] in STEPS[1:]:
            found.append(((*name[:-1], STEPS[STEPS.index(name[-1]) - 1]), name))
    return found


# A split has many times the cells: one world each keeps the suite quick.
WORLDS = [
    *((by, seed) for by in (None, Dimension.TIER) for seed in range(3)),
    (Dimension.SEX, 0),
    (Dimension.FLAG, 0),
    (Dimension.FLAG, 1),
]


@pytest.mark.parametrize(("by", "seed"), WORLDS)
def test_no_hidden_count_can_be_worked_out(sqlite_database, seed: int, by: Dimension | None):
    with sqlite_database.write(Scope.worker()) as session:
        world = World(session, Random(seed))
        fill(world, 60 + 60 * (seed % 3))
        full, shown = (cells(figures(world, audience, by)) for audience in AUDIENCES)
        ties = [(a, b) for a, b in equations(shown) if a and all(n in shown for n in (*a, *b))]
        # A share without its base shows no numerator either, which may stand elsewhere in the row.
        public = {b[0] for a, b in ties if len(a) == len(b) == 1 and isinstance(shown[a[0]], int)}
        hidden = {name for name in shown if shown[name] != full.get(name, 0)} - public
        assert hidden
        ranges = narrowed(shown, ties, gaps(shown))
        for name in hidden:
            assert ranges[name][0] <= full.get(name, 0) <= ranges[name][1]
            if full.get(name, 0):
                assert ranges[name][0] < ranges[name][1], name


@pytest.mark.parametrize(("by", "count"), [(None, 80), (Dimension.SEX, 40)])
def test_what_is_shown_is_true_and_every_small_count_is_hidden(
    session: Session, by: Dimension | None, count: int
):
    world = World(session, Random(11))
    fill(world, count)
    full, shown = (cells(figures(world, audience, by)) for audience in AUDIENCES)
    for name, value in full.items():
        seen = shown.get(name, 0)
        assert seen in (value, "[c]", None), name
        if isinstance(value, int) and 0 < value < 5:
            assert seen in ("[c]", None), name


def test_the_threshold_is_the_services_own(session: Session):
    world = World(session, Random(11))
    fill(world, 40)
    world.service.small_number_threshold = 1
    full, shown = (figures(world, audience) for audience in AUDIENCES)
    assert {name: full[name] for name in shown} == shown | {"audience": full["audience"]}


def test_medians_and_means_go_with_the_counts_that_they_stand_on(session: Session):
    world = World(session, Random(2))
    fill(world, 30)
    for row in figures(world, Audience.COMMISSIONER)["stars"]:
        is_hidden = "[c]" in (row["paired"], row["increased"], row["maintained"], row["decreased"])
        assert (row["first"]["median"] == "[c]") is is_hidden
        assert (row["last"]["mean"] == "[c]") is is_hidden
