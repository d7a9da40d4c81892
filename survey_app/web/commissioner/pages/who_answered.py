"""Are those who answered like those who were supported, and what could the silent change?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.differences import Difference, difference
from survey_app.domain.silence import bounds
from survey_app.domain.statistics import rate
from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.who_answered import NOT_A_VALUE
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.key_figures import as_rate
from survey_app.web.commissioner.pages.overview import points, verdict
from survey_app.web.commissioner.pages.satisfaction import base_axis, dot
from survey_app.web.commissioner.sources import Content
from survey_app.web.commissioner.wording import FILTERS, INSTRUMENTS, TIERS, headed, named, valued
from survey_app.web.shared.formatting import count

Row = Mapping[str, Any]
FEWEST = 20
"""Cases below which a group is shown, but not judged."""
DRAWN = 12
"""Values that a chart has room for; the table has them all."""


def who_answered_blocks(rows: Sequence[Row]) -> list[Block]:
    """A block per characteristic, after one that says where the answered differ."""
    blocks, warnings = [], []
    for characteristic, some in groupby(rows, key=lambda row: str(row["characteristic"])):
        values = list(some)
        block, differing = _characteristic(characteristic, values)
        blocks.append(block)
        warnings += [
            [
                _(
                    "%(what)s, %(value)s",
                    what=named(FILTERS, characteristic),
                    value=valued(characteristic, row["value"]),
                ),
                row["answered_of_closed"],
            ]
            for row in differing
        ]
    return [_summary(warnings), *blocks] if blocks else []


def _summary(warnings: Sequence[Sequence[Any]]) -> Block:
    if not warnings:
        sentence = _(
            "No group answered more or less often than the others by more than chance. That does "
            "not prove that those who answered speak for those who did not."
        )
        return Block("differences", _("Where they differ"), sentence)
    return Block(
        "differences",
        _("Where they differ"),
        _("These groups answered more or less often than all others by more than chance:"),
        tables=(Table(_("Groups that differ"), [_("Group"), _("Answered, of closed")], warnings),),
        warning=_(
            "Those who answered are not like everyone who was supported: read every share of this "
            "period with that in mind."
        ),
    )


def _characteristic(characteristic: str, rows: Sequence[Row]) -> tuple[Block, list[Row]]:
    closed = sum(row["closed"] for row in rows)
    answered = sum(row["answered"] for row in rows)
    judged = {row["value"]: _against_rest(row, closed, answered, len(rows)) for row in rows}
    differing = [r for r in rows if (d := judged[r["value"]]) is not None and d.is_more_than_chance]
    drawn = rows[:DRAWN]
    chart = draw_dots(
        [dot(headed(characteristic, r["value"]), r["answered_of_closed"]) for r in drawn],
        axis=base_axis((r["answered_of_closed"] for r in drawn), _("closed cases")),
    )
    title = named(FILTERS, characteristic)
    block = Block(
        id=f"who-{characteristic}",
        title=title,
        sentence=_sentence(characteristic, rows, differing),
        chart=chart if len(rows) > 1 else None,
        is_folded=len(rows) > 1,
        tables=(
            Table(
                _("%(what)s: closed cases, and of them answered", what=title),
                [
                    _("Value"),
                    _("Closed"),
                    _("Of all closed"),
                    _("Answered"),
                    _("Of all answered"),
                    _("Answered, of closed"),
                    _("Against the others, in points"),
                    _("More than chance?"),
                ],
                [
                    [
                        headed(characteristic, row["value"]),
                        row["closed"],
                        asdict(rate(row["closed"], closed)),
                        row["answered"],
                        asdict(rate(row["answered"], answered)),
                        row["answered_of_closed"],
                        *_judged(judged[row["value"]]),
                    ]
                    for row in rows
                ],
            ),
        ),
    )
    return block, differing


def _against_rest(row: Row, closed: int, answered: int, groups: int) -> Difference | None:
    """How far a group lies above or below all others, judged together with its neighbours."""
    rest = closed - row["closed"]
    if min(row["closed"], rest) < FEWEST:
        return None
    others = rate(answered - row["answered"], rest)
    return difference(as_rate(row["answered_of_closed"]), others, compared=groups)


def _judged(found: Difference | None) -> list[str]:
    return [_("too few"), ""] if found is None else [points(found), verdict(found)]


def _sentence(characteristic: str, rows: Sequence[Row], differing: Sequence[Row]) -> str:
    silent = sum(row["closed"] for row in rows if row["value"] in NOT_A_VALUE)
    everyone = sum(row["closed"] for row in rows)
    recorded = _(
        "Recorded for %(recorded)s of %(everyone)s.",
        recorded=count(everyone - silent),
        everyone=count(everyone),
    )
    if not differing:
        return recorded
    names = ", ".join(valued(characteristic, row["value"]) for row in differing)
    return _("%(recorded)s Differ: %(names)s.", recorded=recorded, names=names)


def bounds_blocks(content: Content) -> list[Block]:
    """What satisfaction would be if all the silent said no, and if all said yes."""
    eligible = {row["tier"]: row["eligible"] for row in content["ladder"] or ()}
    rows = [list(_bounds(row, eligible)) for row in content["satisfaction"]]
    rows = [row for row in rows if row]
    if not rows:
        return []
    return [
        Block(
            id="bounds",
            title=_("What the silent could change"),
            sentence=_(
                "If everyone eligible who did not answer had been dissatisfied, and if everyone "
                "had been satisfied. The truth lies between, nearer to neither by these data alone."
            ),
            tables=(
                Table(
                    _("Satisfied or very satisfied, of everyone eligible"),
                    [
                        _("Tier"),
                        _("Of those who answered"),
                        _("If all others were not"),
                        _("If all others were"),
                    ],
                    rows,
                ),
            ),
        )
    ]


def _bounds(row: Row, eligible: Mapping[str, Any]) -> Iterable[Any]:
    everyone = eligible.get(row["tier"])
    if row["measure"] != "satisfied" or not isinstance(everyone, int):
        return
    found = bounds(as_rate(row["rate"]), everyone)
    if found is not None:
        yield _(
            "%(tier)s: %(survey)s",
            tier=named(TIERS, row["tier"]),
            survey=named(INSTRUMENTS, row["instrument"]),
        )
        yield row["rate"]
        yield asdict(found[0])
        yield asdict(found[1])
