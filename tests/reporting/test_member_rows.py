"""Rows counted from sets of cases are those that plain Python counts from the rows of each case."""

from collections import Counter
from random import Random
from typing import Any

import pytest

from survey_app.reporting.filters import NOT_RECORDED, Dimension
from survey_app.reporting.kept_cases import KeptCases, Wanted
from survey_app.reporting.member_rows import count_members
from survey_app.reporting.members import FEW, case_set, members_of, pack_members, places_in
from survey_app.reporting.row_columns import pack_rows, read_rows, unpacked
from survey_app.reporting.tallies import Tally
from survey_app.reporting.tally_members import by_case, layer_of_cases
from survey_app.store.kept_months import MonthKept

TALLY = Tally("answers", ("item", "code"), ("responses",))
SEXES, FLAGS = ("female", "male", ""), ("none", "high-risk", "high-risk;vulnerable", "")
MODES = ("phone", "sms-link", "")
TIERS = ("request:1", "request:2", "community:0")


class Drawn:
    """Cases with characteristics, and the rows of their answers: some several times, in one mode
    or in several."""

    def __init__(self, seed: int, cases: int) -> None:
        draw = Random(seed)
        self.cases = [
            {
                "case_id": case_id,
                "by_sex": draw.choice(SEXES) or None,
                "by_flag": draw.choice(FLAGS),
                "by_local-authority": f"Borough {draw.randrange(3 * cases)}",
                "tier_key": draw.choice(TIERS),
            }
            for case_id in draw.sample(range(1, 10 * cases), cases)
        ]
        self.rows = [
            {
                "case_id": case["case_id"],
                "item": draw.choice(("satisfied", "recommend", "comment")),
                "code": draw.choice(("yes", "no", "not-sure", "rarely" * (draw.random() < 0.1))),
                "by_mode": draw.choice(MODES) or None,
                "responses": draw.choice((1, 1, 1, 2, 5)),
            }
            for case in self.cases
            for _ in range(draw.choice((0, 1, 1, 4)))
        ]
        self.apart = frozenset(c["case_id"] for c in self.cases if draw.random() < 0.1)

    def counted(self, wanted: Wanted, asked: dict[int, frozenset[str]]) -> Counter[Any]:
        """By group, item and code: how many responses, from what was packed."""
        ids = sorted((case["case_id"] for case in self.cases), key=lambda n: n % 7)
        places = {case_id: place for place, case_id in enumerate(ids)}
        known = members_of(pack_members([layer_of_cases(self.cases, places)], ids))
        kept = KeptCases(MonthKept(1, 1, False, self.apart), known)
        found: Counter[Any] = Counter()
        if self.rows:
            members = members_of(pack_members(by_case(TALLY, self.rows).layers(places)))
            count_members(found, members, kept, wanted, asked, ("2018-04",))
        sums: Counter[Any] = Counter()
        for (group, row), times in found.items():
            sums[group, row[:2]] += times * row[2]
        return sums

    def plainly(self, wanted: Wanted, asked: dict[int, frozenset[str]]) -> Counter[Any]:
        """The same, one row after the other."""
        cases = {case["case_id"]: case for case in self.cases}
        sums: Counter[Any] = Counter()
        for row in self.rows:
            both = {**cases[row["case_id"]], **row}
            keys = row["item"], row["code"]
            if row["case_id"] in self.apart or not all(
                keys[n] in some for n, some in asked.items()
            ):
                continue
            if all(passes(d, both[f"by_{d.value}"], value) for d, value in wanted.only.items()):
                group = ["2018-04"]
                if wanted.by is not None:
                    group.append(both[f"by_{wanted.by.value}"] or "")
                if wanted.has_tier is not None:
                    if not wanted.has_tier(both["tier_key"]):
                        continue
                    group.append(both["tier_key"])
                sums[tuple(group), keys] += row["responses"]
        return sums


def passes(dimension: Dimension, recorded: str | None, value: str) -> bool:
    if not recorded:
        return value == NOT_RECORDED
    return value in recorded.split(";") if dimension is Dimension.FLAG else value == recorded


ONLY = {
    Dimension.SEX: ("female", "male", NOT_RECORDED, "nobody"),
    Dimension.FLAG: ("high-risk", "vulnerable", "none", NOT_RECORDED),
    Dimension.MODE: ("phone", NOT_RECORDED),
}
BY = (None, Dimension.SEX, Dimension.FLAG, Dimension.MODE, Dimension.LOCAL_AUTHORITY)


@pytest.mark.parametrize("cases", [1, 12, 400])
def test_any_filters_and_any_split_count_what_plain_python_counts(cases):
    for seed in range(4):
        draw, drawn = Random(seed), Drawn(seed, cases)
        for _ in range(25):
            some = draw.sample(sorted(ONLY), draw.randrange(len(ONLY) + 1))
            wanted = Wanted(
                {dimension: draw.choice(ONLY[dimension]) for dimension in some},
                draw.choice(BY),
                draw.choice((None, lambda key: key.startswith("request"))),
            )
            asked = draw.choice(({}, {0: frozenset({"satisfied"})}, {1: frozenset({"no", "yes"})}))
            assert drawn.counted(wanted, asked) == drawn.plainly(wanted, asked), (seed, wanted)


def test_totals_are_what_all_the_members_add_up_to():
    drawn = Drawn(3, 300)
    drawn.apart = frozenset()
    totals = {
        (("2018-04",), row[:2]): row[2] for row in unpacked(by_case(TALLY, drawn.rows).totals())
    }
    assert totals == drawn.counted(Wanted({}), {})


def test_a_month_is_packed_the_same_whatever_the_order_of_its_rows():
    drawn = Drawn(5, 50)
    places = {case["case_id"]: place for place, case in enumerate(drawn.cases)}
    one = by_case(TALLY, drawn.rows)
    other = by_case(TALLY, Random(1).sample(drawn.rows, len(drawn.rows)))
    assert one.totals() == other.totals()
    assert pack_members(one.layers(places)) == pack_members(other.layers(places))


@pytest.mark.parametrize("size", [0, 1, FEW, FEW + 1, 300])
def test_a_set_gives_its_places_back(size):
    places = sorted(Random(size).sample(range(1_000), size))
    assert places_in(case_set(places, 1_000)) == places


@pytest.mark.parametrize("width", [0, 1, 3])
def test_rows_come_back_as_they_were_packed(width):
    draw = Random(width)
    rows = [
        tuple(
            draw.choice((None, "no", "Ł", 7, f"value {draw.randrange(400)}")) for _ in range(width)
        )
        for _ in range(600)
    ]
    values, content = pack_rows(rows)
    assert read_rows(values, memoryview(content), len(rows)) == (rows, len(content))
