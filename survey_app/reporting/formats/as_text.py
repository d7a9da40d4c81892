"""How does a report read in a terminal? Whole per cent, each with its base, in the order in which
the published quarter has them (DOMAIN.md, "Measures")."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import Any

from survey_app.domain.ladder import STEPS
from survey_app.reporting.formats.layout import heading, labelled, paragraph, percent_of, table
from survey_app.reporting.formats.notes import notes
from survey_app.reporting.ladder import LadderRow
from survey_app.reporting.outcomes import OutcomeRow
from survey_app.reporting.report import Report
from survey_app.reporting.satisfaction import SatisfactionRow
from survey_app.reporting.stars import Average, StarOverallRow, StarRow

EMPTY = "No case closed in this quarter and nobody answered, so there are no figures."


def write(report: Report) -> str:
    """The report as lines of text, ending in a line end; words alone where there is nothing."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    title = f"{report.service_name}: {report.period.label}"
    if report.by is not None:
        title += f", by {report.by.value.replace('-', ' ')}"
    yield title
    yield "=" * len(title)
    if report.is_empty:
        yield EMPTY
        return
    for note in notes(report):
        yield from paragraph(note)
    for group in _groups(report):
        if group is not None:
            yield ""
            yield f"##### {group} #####"
        yield from _ladder([row for row in report.ladder or () if row.group == group])
        yield from _satisfaction([row for row in report.satisfaction if row.group == group])
        yield from _outcomes([row for row in report.outcomes if row.group == group])
        yield from _stars(
            [row for row in report.stars if row.group == group],
            [row for row in report.stars_overall if row.group == group],
        )


def _groups(report: Report) -> list[str | None]:
    if report.by is None:
        return [None]
    rows: Iterable[Any] = (
        *(report.ladder or ()),
        *report.satisfaction,
        *report.outcomes,
        *report.stars,
    )
    return sorted({row.group for row in rows})


def _ladder(rows: list[LadderRow]) -> Iterator[str]:
    if not rows:
        return
    yield from heading("Reach: from support to answers, in cases")
    lines: list[tuple[str, list[object]]] = [
        (step.capitalize(), [getattr(row, step) for row in rows]) for step in STEPS
    ]
    lines += [(f"Texts {key}", [row.texts[key] for row in rows]) for key in rows[0].texts]
    lines.append(("Asked for no more texts", [row.opted_out for row in rows]))
    lines.append(("Expired", [row.expired for row in rows]))
    lines += _named("Not asked", [row.not_asked for row in rows])
    lines += _named("Completed by", [row.completed_by_mode for row in rows])
    yield from table(["Tier", *(row.tier for row in rows)], [[name, *v] for name, v in lines])
    yield ""
    yield from labelled([line for row in rows for line in _completion(row)])


def _named(prefix: str, parts: list[Mapping[str, Any]]) -> Iterator[tuple[str, list[object]]]:
    """A line for every reason or mode that any of the tiers has."""
    for name in sorted({name for part in parts for name in part}):
        yield f"{prefix}: {_words(name)}", [part.get(name, 0) for part in parts]


def _completion(row: LadderRow) -> Iterator[tuple[str, str]]:
    if row.supported == 0:
        return
    where = "All tiers" if row.tier == "all" else f"Tier {row.tier}"
    target = "" if row.target is None else f"; target {row.target:g} %"
    yield f"{where}: completed of eligible", percent_of(row.completed_of_eligible)
    yield f"{where}: completed of supported", percent_of(row.completed_of_supported) + target


def _satisfaction(rows: list[SatisfactionRow]) -> Iterator[str]:
    for (tier, instrument), measures in groupby(rows, key=attrgetter("tier", "instrument")):
        yield from heading(f"Satisfaction, tier {tier} ({instrument})")
        lines: list[tuple[str, str]] = []
        for row in measures:
            lines.append((row.label, percent_of(row.rate)))
            if row.all_asked is not None:
                lines.append(("  the same, of all asked", percent_of(row.all_asked)))
            outside = [f"{_words(key)} {n}" for key, n in row.outside_base.items() if n]
            if outside:
                lines.append(("", f"      not in it: {', '.join(outside)}"))
        yield from labelled(lines)


def _outcomes(rows: list[OutcomeRow]) -> Iterator[str]:
    if not rows:
        yield from heading("Outcomes")
        yield "Nobody has a first or a last self-assessment, so there is nothing to compare."
    for instrument, of_instrument in groupby(rows, key=attrgetter("instrument")):
        areas = list(of_instrument)
        yield from heading(f"Outcomes ({instrument}), in cases with a first and a last answer")
        columns = {
            "Paired": "paired",
            "Review last": "paired_with_review",
            "Improved": "improved",
            "Sustained well": "sustained_well",
            "Sustained low": "sustained_low",
            "Declined": "declined",
            "First only": "baseline_only",
            "Last only": "closure_only",
        }
        yield from table(
            ["Area", *columns],
            [[row.label, *(getattr(row, key) for key in columns.values())] for row in areas],
        )
        yield ""
        yield from labelled([line for row in areas for line in _changes(row)])


def _changes(row: OutcomeRow) -> Iterator[tuple[str, str]]:
    yield f"{row.label}: improved or sustained", percent_of(row.improved_or_sustained)
    yield f"{row.label}: improved", percent_of(row.improved_rate)
    yield (
        f"{row.label}: improved, of those with room to improve",
        percent_of(row.improved_with_room),
    )


def _stars(rows: list[StarRow], overall: list[StarOverallRow]) -> Iterator[str]:
    rates = {row.instrument: row.any_area_increased for row in overall}
    for instrument, of_instrument in groupby(rows, key=attrgetter("instrument")):
        areas = list(of_instrument)
        yield from heading(f"Star readings ({instrument}), first and last")
        header = ["Area", "Paired", "Up", "Same", "Down", "One only", "Median", "Mean"]
        yield from table(
            header,
            [
                [
                    row.label,
                    row.paired,
                    row.increased,
                    row.maintained,
                    row.decreased,
                    row.one_reading_only,
                    _from_to(row.first, row.last, "median"),
                    _from_to(row.first, row.last, "mean"),
                ]
                for row in areas
            ],
        )
        yield ""
        lines = [(f"{row.label}: up", percent_of(row.increased_rate)) for row in areas]
        yield from labelled([*lines, ("At least one area up", percent_of(rates[instrument]))])


def _from_to(first: Average, last: Average, figure: str) -> str:
    start, end = getattr(first, figure), getattr(last, figure)
    return "-" if start is None else f"{start} > {end}" if start != end else str(start)


def _words(key: str) -> str:
    return key.replace("-", " ").replace("_", " ")
