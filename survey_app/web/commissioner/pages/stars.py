"""In which areas of a star did people move, and how far?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from math import ceil
from typing import Any

from flask_babel import gettext as _

from survey_app.reporting.charts.palette import BLACK, BLUE, SKY, VERMILION, WHITE
from survey_app.reporting.charts.rows import Series, Shift, Stack
from survey_app.reporting.charts.shifts import draw_shifts
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.pages.outcomes import no_pairs, pairs_in_words, shown_count
from survey_app.web.commissioner.wording import AREAS, INSTRUMENTS, named
from survey_app.web.shared.formatting import share

Row = Mapping[str, Any]
BEST = {"adult-star": 10, "young-person-star": 5}
MOVES = ("increased", "maintained", "decreased")


def stars_blocks(rows: Iterable[Row], overall: Iterable[Row]) -> list[Block]:
    """Two blocks per star: who moved, and from where to where."""
    any_up = {row["instrument"]: row["any_area_increased"] for row in overall}
    found: list[Block] = []
    for instrument, some in groupby(rows, key=lambda row: str(row["instrument"])):
        areas = list(some)
        found += [
            _moves(instrument, areas, any_up.get(instrument)),
            _medians(instrument, areas),
        ]
    return found


def _moves(instrument: str, rows: Sequence[Row], overall: Row | None) -> Block:
    stacks = [
        Stack(
            label=_(
                "%(area)s: %(pairs)s",
                area=named(AREAS, r["area"]),
                pairs=pairs_in_words(r["paired"]),
            ),
            total=shown_count(r["paired"]),
            parts=tuple(shown_count(r[move]) for move in MOVES),
        )
        for r in rows
    ]
    chart = draw_stacks(
        stacks,
        [
            Series(_("Went up"), BLUE, WHITE),
            Series(_("Stayed"), SKY, BLACK),
            Series(_("Went down"), VERMILION, BLACK),
        ],
        axis=_("Per cent of pairs"),
        unshown=_("Not shown [c]"),
        is_share=True,
    )
    tables = [_moves_table(rows)]
    if overall is not None:
        head = [_("Of cases with a paired area"), _("At least one area up")]
        tables.append(Table(_("Any area"), head, [[named(INSTRUMENTS, instrument), overall]]))
    return Block(
        id=f"stars-{instrument}",
        title=named(INSTRUMENTS, instrument),
        sentence=_sentence(rows, overall),
        chart=chart if any(stack.total for stack in stacks) else None,
        tables=tuple(tables),
    )


def _moves_table(rows: Sequence[Row]) -> Table:
    return Table(
        _("First and last reading: who moved"),
        [
            _("Area"),
            _("Pairs"),
            _("Went up"),
            _("Stayed"),
            _("Went down"),
            _("Share that went up"),
            _("One reading only"),
        ],
        [
            [
                named(AREAS, row["area"]),
                row["paired"],
                *(row[move] for move in MOVES),
                row["increased_rate"],
                row["one_reading_only"],
            ]
            for row in rows
        ],
    )


def _medians(instrument: str, rows: Sequence[Row]) -> Block:
    shifts = [
        Shift(
            label=named(AREAS, r["area"]),
            said=_shift_said(r),
            first=_shown(r["first"]["median"]),
            last=_shown(r["last"]["median"]),
        )
        for r in rows
    ]
    ends = [end for s in shifts for end in (s.first, s.last) if end is not None]
    best = BEST.get(instrument) or ceil(max(ends, default=1))
    chart = draw_shifts(
        shifts,
        axis=_("Median, 1 to %(best)s (%(best)s is best)", best=best),
        best=best,
        first_name=_("First reading"),
        last_name=_("Last reading"),
    )
    return Block(
        id=f"medians-{instrument}",
        title=_("%(star)s: the person in the middle", star=named(INSTRUMENTS, instrument)),
        sentence=_(
            "Half of the people stood at or below the median, half at or above it. Steps of a star "
            "are an order, not a measure: read means with care."
        ),
        chart=chart if ends else None,
        tables=(
            Table(
                _("Where people stood first and last"),
                [_("Area"), _("Median, first to last"), _("Mean, first to last")],
                [
                    [
                        named(AREAS, row["area"]),
                        *(_ends(row, figure) for figure in ("median", "mean")),
                    ]
                    for row in rows
                ],
            ),
        ),
    )


def _shown(average: float | str | None) -> float | None:
    """An average that may be drawn: None where there is none, and where it is suppressed."""
    return None if isinstance(average, str) else average


def _ends(row: Row, figure: str) -> str:
    first, last = _shown(row["first"][figure]), _shown(row["last"][figure])
    if first is None or last is None:
        return _("no data") if row["paired"] == 0 else "[c]"
    return _("%(first)s to %(last)s", first=f"{first:g}", last=f"{last:g}")


def _shift_said(row: Row) -> str:
    said = _ends(row, "median")
    if _shown(row["first"]["median"]) is None:
        return said
    return _("%(shift)s, %(pairs)s", shift=said, pairs=pairs_in_words(row["paired"]))


def _sentence(rows: Sequence[Row], overall: Row | None) -> str:
    if overall is not None and overall["percent"] is not None:
        return _("At least one area went up: %(share)s.", share=share(overall))
    return no_pairs([r["increased_rate"] for r in rows])


def steps_blocks(changes: Iterable[Row], instruments: Iterable[str]) -> list[Block]:
    """How many steps people moved: one table per star, a column for each number of steps."""
    wanted = list(dict.fromkeys(instruments))
    rows = [row for row in changes if row["instrument"] in wanted]
    found = []
    for instrument, some in groupby(rows, key=lambda row: str(row["instrument"])):
        found.append(_steps(instrument, list(some)))
    return found


def _steps(instrument: str, rows: Sequence[Row]) -> Block:
    counted = {row["area"]: _by_steps(row) for row in rows}
    steps = sorted({step for counts in counted.values() for step in counts})
    return Block(
        id=f"steps-{instrument}",
        title=_("%(star)s: how many steps", star=named(INSTRUMENTS, instrument)),
        sentence=_("Steps between first and last reading; a minus is a step down."),
        tables=(
            Table(
                _("Pairs by how many steps they moved"),
                [_("Area"), *(f"{step:+d}".replace("-", "−") if step else "0" for step in steps)],
                [
                    [named(AREAS, area), *(counts[step] for step in steps)]
                    for area, counts in counted.items()
                ],
            ),
        ),
    )


def _by_steps(row: Row) -> Counter[int]:
    """Steps in the good direction: the scale is given worst first."""
    place = {value: n for n, value in enumerate(row["values"])}
    counts: Counter[int] = Counter()
    for move, pairs in row["moves"].items():
        first, last = (int(value) for value in move.split("-"))
        counts[place[last] - place[first]] += pairs
    return counts
