"""How is satisfaction shown: per tier and survey, a chart, a sentence and the tables beneath?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.charts.rows import Chart, Dot
from survey_app.web.commissioner.wording import INSTRUMENTS, MEASURES, TIERS, named
from survey_app.web.shared.formatting import count, share, short_share

Row = Mapping[str, Any]
AFFECTED, HELPED = "affected-", "helped-"


@dataclass(frozen=True)
class MeasureRow:
    """One measure as the table shows it."""

    label: str
    rate: Row
    outside: Row


@dataclass(frozen=True)
class HelpedRow:
    """One conditional pair: who was affected, and who of them was helped, on both bases."""

    label: str
    affected: Row | None
    helped: Row | None
    of_all_asked: Row | None
    not_needed: Any


@dataclass(frozen=True)
class SatisfactionPart:
    """One tier and survey."""

    anchor: str
    title: str
    sentence: str
    chart: Chart | None
    measures: list[MeasureRow]
    pairs: list[HelpedRow]
    pairs_chart: Chart | None
    headline: Row | None


def satisfaction_parts(rows: Iterable[Row]) -> list[SatisfactionPart]:
    """The report's satisfaction rows, one part per tier and instrument, in the report's order."""
    grouped = groupby(rows, key=lambda row: (row["tier"], row["instrument"]))
    return [_part(tier, instrument, list(some)) for (tier, instrument), some in grouped]


def _part(tier: str, instrument: str, rows: Sequence[Row]) -> SatisfactionPart:
    plain = [row for row in rows if not row["measure"].startswith((AFFECTED, HELPED))]
    measures = [
        MeasureRow(named(MEASURES, row["measure"]), row["rate"], row["outside_base"])
        for row in plain
    ]
    pairs = _pairs(rows)
    title = _(
        "%(tier)s: %(survey)s", tier=named(TIERS, tier), survey=named(INSTRUMENTS, instrument)
    )
    headline = next((row["rate"] for row in plain if row["measure"] == "satisfied"), None)
    return SatisfactionPart(
        anchor=f"satisfaction-{tier}-{instrument}",
        title=title,
        sentence=_sentence(measures),
        chart=_chart([(m.label, m.rate) for m in measures]),
        measures=measures,
        pairs=pairs,
        pairs_chart=_pairs_chart(pairs),
        headline=headline,
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


def base_axis(rates: Iterable[Row]) -> str:
    """The axis title with the smallest and the largest base."""
    bases = sorted(r["denominator"] for r in rates if r["denominator"])
    if not bases:
        return _("Per cent (no answers)")
    if bases[0] == bases[-1]:
        return _("Per cent of %(base)s answers", base=count(bases[0]))
    return _("Per cent of %(low)s to %(high)s answers", low=count(bases[0]), high=count(bases[-1]))


def _chart(rates: list[tuple[str, Row]]) -> Chart | None:
    if all(rate["percent"] is None for _label, rate in rates):
        return None
    return draw_dots(
        [dot(label, rate) for label, rate in rates], axis=base_axis(rate for _label, rate in rates)
    )


def _pairs_chart(pairs: Sequence[HelpedRow]) -> Chart | None:
    rates = []
    for pair in pairs:
        if pair.affected is not None:
            rates.append((_("%(area)s, affected", area=pair.label), pair.affected))
        if pair.helped is not None:
            rates.append((_("%(area)s, helped", area=pair.label), pair.helped))
    return _chart(rates)


def _sentence(measures: Sequence[MeasureRow]) -> str:
    shown = [m for m in measures if m.rate["percent"] is not None]
    if not shown:
        if any(m.rate["suppressed"] for m in measures):
            return _("Too few people answered for any share to be shown.")
        return _("Nobody has answered yet.")
    best = max(shown, key=lambda m: m.rate["percent"])
    worst = min(shown, key=lambda m: m.rate["percent"])
    if best is worst:
        return _("%(label)s: %(share)s.", label=best.label, share=share(best.rate))
    return _(
        "Highest: %(best)s, %(best_share)s. Lowest: %(worst)s, %(worst_share)s.",
        best=best.label,
        best_share=share(best.rate),
        worst=worst.label,
        worst_share=share(worst.rate),
    )
