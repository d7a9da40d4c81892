"""Which steps keep to all constraints of a table at once, found by an integer program?

Where a search for circuits (see `circuits`) loses itself, the question is put to a solver whole:
each step is a choice of yes or no, each constraint a row.
"""

from collections.abc import Iterable, Sequence
from math import inf

from survey_app.domain.circuits import Cell, Constraint, Step, Steps, Target, Terms
from survey_app.domain.integer_programs import NoChoice, Row, cheapest


class StepProgram:
    """Steps of cells that keep to `own` constraints, and to `shared` ones with everyone.

    A shared constraint is about one cell of everyone, who stays or goes into one of the `twins`.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        own: Iterable[Constraint],
        shared: Iterable[tuple[Cell, Constraint]],
        twins: Sequence[Steps],
    ) -> None:
        self._steps: list[Step] = [(cell, delta) for cell in cells for delta in (1, -1)]
        self._number = {step: number for number, step in enumerate(self._steps)}
        self._twins = {_key(twin): len(self._steps) + i for i, twin in enumerate(twins)}
        self._rows = [self._row(constraint) for constraint in own]
        self._rows += [self._row(constraint, cell) for cell, constraint in shared]
        self._rows.append(Row(dict.fromkeys(self._twins.values(), 1), most=1))

    def take_up(self, twin: Steps, terms: Terms) -> Steps | None:
        """Steps that go with everyone into a twin; None where there are none."""
        return self._found([Row({self._twins[_key(twin)]: 1}, least=1)], terms)

    def move(self, target: Target, terms: Terms) -> Steps | None:
        """Steps that move a target; None where there are none."""
        signs = dict(zip(target.cells, (1, -1), strict=False))
        for sign in (-1, 1):
            down = self._row(Constraint({cell: sign * n for cell, n in signs.items()}, None, -1))
            found = self._found([down], terms)
            if found is not None:
                return found
        return None

    def _found(self, more: Sequence[Row], terms: Terms) -> Steps | None:
        steps = enumerate(self._steps)
        prices = {number: terms.price(step) for number, step in steps if terms.is_open(step)}
        prices |= dict.fromkeys(self._twins.values(), 0)
        try:
            chosen = cheapest(prices, [*self._rows, *more])
        except NoChoice:
            return None
        return dict(self._steps[number] for number in chosen if number < len(self._steps))

    def _row(self, constraint: Constraint, of_everyone: Cell = None) -> Row:
        signs = {
            self._number[cell, delta]: sign * delta
            for cell, sign in constraint.signs.items()
            for delta in (1, -1)
        }
        for twin, number in self._twins.items():
            delta = dict(twin).get(of_everyone, 0)
            if delta:
                signs[number] = -delta
        least = -inf if constraint.fall is None else -constraint.fall
        return Row(signs, least, inf if constraint.rise is None else constraint.rise)


def _key(twin: Steps) -> frozenset[Step]:
    return frozenset(twin.items())
