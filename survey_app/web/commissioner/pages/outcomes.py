"""What changed for people between their first and their last answer?"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey_app.domain.statistics import rate
from survey_app.reporting.charts.palette import BLACK, BLUE, SKY, VERMILION, WHITE, YELLOW
from survey_app.reporting.charts.rows import Series, Stack
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.web.commissioner.blocks import Block, Table, Toned
from survey_app.web.commissioner.wording import AREAS, INSTRUMENTS, MODES, named
from survey_app.web.shared.formatting import count, share, whole_share

Row = Mapping[str, Any]
CHANGES = ("improved", "sustained_well", "sustained_low", "declined")
MANY_MODES = 10
"""Per cent of pairs in two modes from which on the page warns of it."""


def shown_count(value: Any) -> int | None:
    """A count that may be drawn; a suppressed one is the text `[c]`."""
    return value if isinstance(value, int) else None


def outcomes_blocks(rows: Iterable[Row], modes: Sequence[Row] = ()) -> list[Block]:
    """One block per self-assessment instrument, with a warning where modes were mixed."""
    grouped = groupby(rows, key=lambda row: str(row["instrument"]))
    return [_outcomes(instrument, list(some), modes) for instrument, some in grouped]


def _outcomes(instrument: str, rows: Sequence[Row], modes: Sequence[Row]) -> Block:
    stacks = [
        Stack(
            label=_(
                "%(area)s: %(pairs)s",
                area=named(AREAS, r["area"]),
                pairs=pairs_in_words(r["paired"]),
            ),
            total=shown_count(r["paired"]),
            parts=tuple(shown_count(r[change]) for change in CHANGES),
        )
        for r in rows
    ]
    chart = draw_stacks(
        stacks, _series(), axis=_("Per cent of pairs"), unshown=_("Not shown [c]"), is_share=True
    )
    return Block(
        id=f"outcomes-{instrument}",
        title=named(INSTRUMENTS, instrument),
        sentence=_sentence(rows),
        chart=chart if any(stack.total for stack in stacks) else None,
        tables=(_counts_table(rows), _rates_table(rows)),
        warning=_mode_warning([row for row in modes if row["instrument"] == instrument]),
    )


def _series() -> list[Series]:
    return [
        Series(_("Improved"), BLUE, WHITE),
        Series(_("Sustained, doing well"), SKY, BLACK),
        Series(_("Sustained, low"), YELLOW, BLACK),
        Series(_("Declined"), VERMILION, BLACK),
    ]


def _counts_table(rows: Sequence[Row]) -> Table:
    head = {
        "paired": _("Pairs"),
        "improved": _("Improved"),
        "sustained_well": _("Sustained, doing well"),
        "sustained_low": _("Sustained, low"),
        "declined": _("Declined"),
        "paired_with_review": _("Last is a review"),
        "baseline_only": _("First only"),
        "closure_only": _("Last only"),
    }
    return Table(
        _("What changed between the first and the last answer"),
        [_("Area"), *head.values()],
        [[named(AREAS, row["area"]), *(row[key] for key in head)] for row in rows],
        has_many_words=True,
    )


def _rates_table(rows: Sequence[Row]) -> Table:
    head = {
        "improved_or_sustained": _("Improved or sustained"),
        "improved_rate": _("Improved"),
        "improved_with_room": _("Improved, of those with room to improve"),
    }
    return Table(
        _("Shares of pairs"),
        [_("Area"), *head.values()],
        [[named(AREAS, row["area"]), *(row[key] for key in head)] for row in rows],
    )


def _sentence(rows: Sequence[Row]) -> str:
    shown = [r for r in rows if r["improved_rate"]["percent"] is not None]
    if not shown:
        return no_pairs([r["improved_rate"] for r in rows])
    best = max(shown, key=lambda r: r["improved_rate"]["percent"])
    return _(
        "Most improved: %(area)s, %(share)s. People who answered only once are shown beside, and "
        "are not in the base.",
        area=named(AREAS, best["area"]),
        share=share(best["improved_rate"]),
    )


def pairs_in_words(paired: int | str) -> str:
    """How many pairs, in words; a suppressed number keeps its mark."""
    if isinstance(paired, str):
        return _("%(count)s pairs", count=paired)
    return ngettext("%(num)s pair", "%(num)s pairs", paired)


def no_pairs(rates: Sequence[Row]) -> str:
    """Why there is no share of pairs."""
    if any(rate["suppressed"] for rate in rates):
        return _("Too few people have a first and a last answer for any share to be shown.")
    return _("Nobody has both a first and a last answer yet.")


def _mode_warning(modes: Sequence[Row]) -> str | None:
    """Said where many pairs were given in one way first and in another last."""
    pairs = sum(row["pairs"] for row in modes)
    mixed = sum(row["pairs"] for row in modes if row["first_mode"] != row["last_mode"])
    if not pairs or 100 * mixed < MANY_MODES * pairs:
        return None
    return _(
        "%(share)s of the answered pairs were given in two ways, for example first by text link "
        "and last by telephone. Some of their change may be the interviewer's presence.",
        share=whole_share(rate(mixed, pairs)),
    )


def mode_block(modes: Sequence[Row]) -> list[Block]:
    """How first and last answers were given; empty where there is no pair."""
    if not modes:
        return []
    return [
        Block(
            id="modes",
            title=_("How first and last answers were given"),
            sentence=_("Each area of a case counts as one pair."),
            tables=(
                Table(
                    _("Pairs by how they were given"),
                    [
                        _("Instrument"),
                        _("First answer"),
                        _("Last answer"),
                        _("Pairs"),
                        _("Improved"),
                    ],
                    [
                        [
                            named(INSTRUMENTS, row["instrument"]),
                            named(MODES, row["first_mode"]),
                            named(MODES, row["last_mode"]),
                            row["pairs"],
                            row["improved"],
                        ]
                        for row in modes
                    ],
                    words=3,
                ),
            ),
        )
    ]


def matrix_blocks(changes: Iterable[Row], instruments: Iterable[str]) -> list[Block]:
    """First value by last value, a table per area: one block per instrument."""
    wanted = set(instruments)
    rows = [row for row in changes if row["instrument"] in wanted]
    grouped = groupby(rows, key=lambda row: str(row["instrument"]))
    return [_matrix_block(instrument, list(some)) for instrument, some in grouped]


def _matrix_block(instrument: str, rows: Sequence[Row]) -> Block:
    pairs = sum(sum(row["moves"].values()) for row in rows)
    up = sum(_beyond(row["values"], row["moves"]) for row in rows)
    return Block(
        id=f"matrix-{instrument}",
        title=_("From first to last answer"),
        sentence=_(
            "Of %(pairs)s over all areas, %(up)s stand right of the diagonal: a better last "
            "answer. Rows are first answers, columns last answers, worst first.",
            pairs=pairs_in_words(pairs),
            up=count(up),
        ),
        tables=tuple(_matrix(row) for row in rows),
        is_grid=True,
    )


def _matrix(row: Row) -> Table:
    values: Sequence[int] = row["values"]
    moves: Mapping[str, int] = row["moves"]
    return Table(
        _("%(area)s: pairs by first and last answer", area=named(AREAS, row["area"])),
        [_("First answer"), *(_("Last %(value)s", value=v) for v in values), _("All")],
        [
            [
                _("First %(value)s", value=first),
                *(_toned(moves.get(f"{first}-{last}", 0), n, m) for m, last in enumerate(values)),
                sum(moves.get(f"{first}-{last}", 0) for last in values),
            ]
            for n, first in enumerate(values)
        ],
    )


def _toned(pairs: int, first: int, last: int) -> Toned:
    return Toned(pairs, "good" if last > first else "bad" if last < first else "same")


def _beyond(values: Sequence[int], moves: Mapping[str, int]) -> int:
    return sum(
        moves.get(f"{first}-{last}", 0)
        for n, first in enumerate(values)
        for last in values[n + 1 :]
    )
