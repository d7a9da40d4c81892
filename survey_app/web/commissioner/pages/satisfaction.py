"""How satisfied are people, per tier and survey, and what helped them to cope?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.charts.rows import Chart, Dot
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.sources import Content
from survey_app.web.commissioner.wording import INSTRUMENTS, MEASURES, MODES, TIERS, named
from survey_app.web.shared.formatting import count, share, short_share

Row = Mapping[str, Any]
AFFECTED, HELPED = "affected-", "helped-"


@dataclass(frozen=True)
class HelpedRow:
    """One conditional pair: who was affected, and who of them was helped, on both bases."""

    label: str
    affected: Row | None
    helped: Row | None
    of_all_asked: Row | None
    not_needed: Any


def satisfaction_blocks(rows: Iterable[Row]) -> list[Block]:
    """Two blocks at most per tier and survey: the measures, and the conditional pairs."""
    found: list[Block] = []
    for (tier, instrument), some in groupby(rows, key=lambda r: (r["tier"], r["instrument"])):
        found += _blocks(tier, instrument, list(some))
    return found


def _blocks(tier: str, instrument: str, rows: Sequence[Row]) -> Iterable[Block]:
    plain = [row for row in rows if not row["measure"].startswith((AFFECTED, HELPED))]
    labelled = [(named(MEASURES, row["measure"]), row) for row in plain]
    title = _(
        "%(tier)s: %(survey)s", tier=named(TIERS, tier), survey=named(INSTRUMENTS, instrument)
    )
    place = f"satisfaction-{tier}-{instrument}"
    yield Block(
        id=place,
        title=title,
        sentence=_sentence([(label, row["rate"]) for label, row in labelled]),
        chart=rates_chart([(label, row["rate"]) for label, row in labelled]),
        tables=(
            Table(
                _("%(title)s: shares of those who answered", title=title),
                [_("Measure"), _("Share"), *_outside_head()],
                [[label, row["rate"], *_outside(row)] for label, row in labelled],
            ),
        ),
    )
    pairs = _pairs(rows)
    if pairs:
        yield _pairs_block(place, title, pairs)


def _outside_head() -> list[str]:
    return [_("Left blank"), _("Does not apply"), _("Prefer not to say")]


def _outside(row: Row) -> list[Any]:
    beside = row["outside_base"]
    return [beside["blank"], beside["does_not_apply"], beside["prefer_not_to_say"]]


def _pairs_block(place: str, title: str, pairs: Sequence[HelpedRow]) -> Block:
    return Block(
        id=f"{place}-pairs",
        title=_("%(title)s: affected by the crime, and helped to cope", title=title),
        sentence=_(
            "Helped is shown over those affected who answered yes or no, and, in the table, over "
            "everyone who was asked."
        ),
        chart=_pairs_chart(pairs),
        tables=(
            Table(
                _("%(title)s: affected and helped", title=title),
                [
                    _("Part of life"),
                    _("Affected"),
                    _("Helped, of those affected"),
                    _("Helped, of all asked"),
                    _("Needed no help"),
                ],
                [
                    [pair.label, pair.affected, pair.helped, pair.of_all_asked, pair.not_needed]
                    for pair in pairs
                ],
            ),
        ),
    )


def _pairs(rows: Sequence[Row]) -> list[HelpedRow]:
    by_measure = {row["measure"]: row for row in rows}
    areas = dict.fromkeys(
        measure.removeprefix(AFFECTED).removeprefix(HELPED)
        for measure in by_measure
        if measure.startswith((AFFECTED, HELPED))
    )
    found = []
    for area in areas:
        affected, helped = by_measure.get(AFFECTED + area), by_measure.get(HELPED + area)
        found.append(
            HelpedRow(
                label=named(MEASURES, area),
                affected=affected and affected["rate"],
                helped=helped and helped["rate"],
                of_all_asked=helped and helped["all_asked"],
                not_needed=helped["outside_base"]["not_needed"] if helped else None,
            )
        )
    return found


def dot(label: str, rate: Row) -> Dot:
    """A RATE as a chart's row; nothing of a suppressed one but that it is suppressed."""
    return Dot(label, short_share(rate), share(rate), rate["percent"], rate["low"], rate["high"])


def base_axis(rates: Iterable[Row], what: str | None = None) -> str:
    """The axis title with the smallest and the largest base, of answers or of `what`."""
    bases = sorted(r["denominator"] for r in rates if r["denominator"])
    what = what or _("answers")
    if not bases:
        return _("Per cent (no answers)")
    if bases[0] == bases[-1]:
        return _("Per cent of %(base)s %(what)s", base=count(bases[0]), what=what)
    low, high = count(bases[0]), count(bases[-1])
    return _("Per cent of %(low)s to %(high)s %(what)s", low=low, high=high, what=what)


def rates_chart(rates: Sequence[tuple[str, Row]], what: str | None = None) -> Chart | None:
    """Labelled shares of answers, or of `what`, with intervals; None where none may be shown."""
    if all(rate["percent"] is None for _label, rate in rates):
        return None
    axis = base_axis((rate for _label, rate in rates), what)
    return draw_dots([dot(label, rate) for label, rate in rates], axis=axis)


def _pairs_chart(pairs: Sequence[HelpedRow]) -> Chart | None:
    rates = []
    for pair in pairs:
        if pair.affected is not None:
            rates.append((_("%(area)s, affected", area=pair.label), pair.affected))
        if pair.helped is not None:
            rates.append((_("%(area)s, helped", area=pair.label), pair.helped))
    return rates_chart(rates)


def _sentence(rates: Sequence[tuple[str, Row]]) -> str:
    shown = [(label, rate) for label, rate in rates if rate["percent"] is not None]
    if not shown:
        if any(rate["suppressed"] for _label, rate in rates):
            return _("Too few people answered for any share to be shown.")
        return _("Nobody has answered yet.")
    best = max(shown, key=lambda found: found[1]["percent"])
    worst = min(shown, key=lambda found: found[1]["percent"])
    if best is worst:
        return _("%(label)s: %(share)s.", label=best[0], share=share(best[1]))
    return _(
        "Highest: %(best)s, %(best_share)s. Lowest: %(worst)s, %(worst_share)s.",
        best=best[0],
        best_share=share(best[1]),
        worst=worst[0],
        worst_share=share(worst[1]),
    )


def by_mode_blocks(by_mode: Mapping[str, Content]) -> list[Block]:
    """Satisfied or very satisfied by how people answered: one block a tier with two modes."""
    found: dict[tuple[str, str], list[tuple[str, Row]]] = {}
    for mode, content in by_mode.items():
        for row in content["satisfaction"]:
            if row["measure"] == "satisfied":
                place = row["tier"], row["instrument"]
                found.setdefault(place, []).append((named(MODES, mode), row["rate"]))
    return [_mode_block(*place, rates) for place, rates in found.items() if len(rates) > 1]


def _mode_block(tier: str, instrument: str, rates: Sequence[tuple[str, Row]]) -> Block:
    title = _("%(tier)s: by how people answered", tier=named(TIERS, tier))
    return Block(
        id=f"by-mode-{tier}-{instrument}",
        title=title,
        sentence=_(
            "What people tell an interviewer is not what they tap: compare a mode with itself over "
            "time, not one mode with another."
        ),
        chart=rates_chart(rates),
        tables=(
            Table(
                _("Satisfied or very satisfied, by how people answered"),
                [_("How they answered"), _("Satisfied or very satisfied")],
                [[label, rate] for label, rate in rates],
            ),
        ),
    )
