"""Which choice of yes and no is cheapest, where sums of them must lie between bounds?

Solved by HiGHS, the open solver of the University of Edinburgh (Q. Huangfu, J. A. J. Hall,
"Parallelizing the dual revised simplex method", Math. Prog. Comp. 2018). One thread and a fixed
seed, and an end by work done instead of by time: the same question has the same answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import highspy

_MOST_NODES = 1_000
_GOOD_ENOUGH = 0.1
_YES = 0.5


@dataclass(frozen=True)
class Row:
    """A signed sum of choices, by their number, and the least and the most that it may be."""

    signs: Mapping[int, int]
    least: float = -inf
    most: float = inf


def cheapest(prices: Mapping[int, int], rows: Sequence[Row]) -> list[int]:
    """The choices to take, of those that have a price; empty where taking none is right.

    Prices are not negative. Raises `NoChoice` where nothing fits. What is paid is within a tenth of
    the least.
    """
    choices = list(prices)
    places = {choice: place for place, choice in enumerate(choices)}
    open_rows = [_among(row, places) for row in rows]
    costs = [prices[choice] for choice in choices]
    found = _solved(costs, [row for row in open_rows if row.signs]) if costs else ()
    taken = frozenset(place for place, value in enumerate(found) if value > _YES)
    # The solver reckons in fractions; what it says is held against whole numbers.
    if not all(_holds(row, taken) for row in open_rows):
        raise NoChoice
    return [choices[place] for place in sorted(taken)]


class NoChoice(Exception):
    """No choice keeps to all bounds, or none was found."""


class _Silent(highspy.Highs):
    """A solver that prints nothing: it would say who made it before it can be told not to."""

    def enableCallbacks(self) -> None:  # noqa: N802 (its name, and the first thing it does)
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _among(row: Row, places: Mapping[int, int]) -> Row:
    signs = {places[choice]: sign for choice, sign in row.signs.items() if choice in places}
    return Row(signs, row.least, row.most)


def _holds(row: Row, taken: frozenset[int]) -> bool:
    return row.least <= sum(n for place, n in row.signs.items() if place in taken) <= row.most


def _solved(prices: Sequence[int], rows: Sequence[Row]) -> Sequence[float]:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(prices), len(rows)
    program.col_cost_ = [float(price) for price in prices]
    program.col_lower_ = [0.0] * len(prices)
    program.col_upper_ = [1.0] * len(prices)
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(prices)
    program.row_lower_ = [float(row.least) for row in rows]
    program.row_upper_ = [float(row.most) for row in rows]
    matrix = program.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    starts, places, signs = [0], list[int](), list[float]()
    for row in rows:
        places += row.signs
        signs += map(float, row.signs.values())
        starts.append(len(places))
    matrix.start_, matrix.index_, matrix.value_ = starts, places, signs
    solver = _Silent()  # type: ignore[no-untyped-call]
    for option, value in (
        ("presolve", "off"),
        ("threads", 1),
        ("random_seed", 0),
        ("mip_max_nodes", _MOST_NODES),
        ("mip_rel_gap", _GOOD_ENOUGH),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(program)
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise NoChoice
    return solver.getSolution().col_value
