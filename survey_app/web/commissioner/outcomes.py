"""How are outcomes and stars shown: what changed for people, as charts, sentences and tables?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from survey_app.reporting.charts.palette import BLACK, BLUE, ORANGE, SKY, VERMILION, WHITE
from survey_app.reporting.charts.rows import Chart, Series, Shift, Stack
from survey_app.reporting.charts.shifts import draw_shifts
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.web.commissioner.wording import AREAS, INSTRUMENTS, named
from survey_app.web.shared.formatting import share

Row = Mapping[str, Any]
CHANGES = ("improved", "sustained_well", "sustained_low", "declined")
BEST = {"adult-star": 10, "young-person-star": 5}


@dataclass(frozen=True)
class OutcomesPart:
    """One self-assessment instrument."""

    anchor: str
    title: str
    sentence: str
    chart: Chart | None
    rows: list[tuple[str, Row]]


@dataclass(frozen=True)
class StarsPart:
    """One star-style instrument."""

    anchor: str
    title: str
    sentence: str
    chart: Chart | None
    rows: list[tuple[str, Row]]
    overall: Row | None


def shown_count(value: Any) -> int | None:
    """A count that may be drawn; a suppressed one is the text `[c]`."""
    return value if isinstance(value, int) else None


def outcomes_parts(rows: Iterable[Row]) -> list[OutcomesPart]:
    """The report's outcome rows, one part per instrument."""
    grouped = groupby(rows, key=lambda row: str(row["instrument"]))
    return [_outcomes(instrument, list(some)) for instrument, some in grouped]


def stars_parts(rows: Iterable[Row], overall: Iterable[Row]) -> list[StarsPart]:
    """The report's star rows, one part per instrument, with its share of any area up."""
    any_up = {row["instrument"]: row["any_area_increased"] for row in overall}
    grouped = groupby(rows, key=lambda row: str(row["instrument"]))
    return [_stars(instrument, list(some), any_up.get(instrument)) for instrument, some in grouped]


def _outcomes(instrument: str, rows: Sequence[Row]) -> OutcomesPart:
    series = [
        Series(_("Improved"), BLUE, WHITE),
        Series(_("Sustained, doing well"), SKY, BLACK),
        Series(_("Sustained, low"), ORANGE, BLACK),
        Series(_("Declined"), VERMILION, BLACK),
    ]
    stacks = [
        Stack(
            label=_("%(area)s: %(pairs)s", area=named(AREAS, r["area"]), pairs=_pairs(r["paired"])),
            total=shown_count(r["paired"]),
            parts=tuple(shown_count(r[change]) for change in CHANGES),
        )
        for r in rows
    ]
    has_pairs = any(stack.total for stack in stacks)
    chart = draw_stacks(
        stacks, series, axis=_("Per cent of pairs"), unshown=_("Not shown [c]"), is_share=True
    )
    return OutcomesPart(
        anchor=f"outcomes-{instrument}",
        title=named(INSTRUMENTS, instrument),
        sentence=_outcome_sentence(rows),
        chart=chart if has_pairs else None,
        rows=[(named(AREAS, r["area"]), r) for r in rows],
    )


def _outcome_sentence(rows: Sequence[Row]) -> str:
    shown = [r for r in rows if r["improved_rate"]["percent"] is not None]
    if not shown:
        return _no_pairs([r["improved_rate"] for r in rows])
    best = max(shown, key=lambda r: r["improved_rate"]["percent"])
    return _(
        "Most improved: %(area)s, %(share)s. People who answered only once are shown beside, and "
        "are not in the base.",
        area=named(AREAS, best["area"]),
        share=share(best["improved_rate"]),
    )


def _stars(instrument: str, rows: Sequence[Row], overall: Row | None) -> StarsPart:
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
    return StarsPart(
        anchor=f"stars-{instrument}",
        title=named(INSTRUMENTS, instrument),
        sentence=_star_sentence(rows, overall),
        chart=chart if ends else None,
        rows=[(named(AREAS, r["area"]), r) for r in rows],
        overall=overall,
    )


def _shown(average: float | str | None) -> float | None:
    """An average that may be drawn: None where there is none, and where it is suppressed."""
    return None if isinstance(average, str) else average


def _shift_said(row: Row) -> str:
    first, last = _shown(row["first"]["median"]), _shown(row["last"]["median"])
    if first is None or last is None:
        return _("no data") if row["paired"] == 0 else "[c]"
    return _(
        "%(first)s to %(last)s, %(pairs)s",
        first=f"{first:g}",
        last=f"{last:g}",
        pairs=_pairs(row["paired"]),
    )


def _pairs(paired: int | str) -> str:
    """How many pairs, in words; a suppressed number keeps its mark."""
    if isinstance(paired, str):
        return _("%(count)s pairs", count=paired)
    return ngettext("%(num)s pair", "%(num)s pairs", paired)


def _star_sentence(rows: Sequence[Row], overall: Row | None) -> str:
    if overall is not None and overall["percent"] is not None:
        return _("At least one area went up: %(share)s.", share=share(overall))
    return _no_pairs([r["increased_rate"] for r in rows])


def _no_pairs(rates: Sequence[Row]) -> str:
    if any(rate["suppressed"] for rate in rates):
        return _("Too few people have a first and a last answer for any share to be shown.")
    return _("Nobody has both a first and a last answer yet.")
