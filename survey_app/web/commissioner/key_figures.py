"""Which few figures stand for a whole report? On the overview, over time, and between places."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.statistics import Rate
from survey_app.reporting.report import Part
from survey_app.web.commissioner.wording import AREAS, INSTRUMENTS, TIERS, named

RATE_FIELDS = ("numerator", "denominator", "percent", "low", "high", "suppressed")


@dataclass(frozen=True)
class KeyFigure:
    """One share of a report, how it is called, and what it is to reach (per cent, or None)."""

    key: str
    label: str
    part: Part
    page: str
    """Where the rest of it stands."""
    rate: Mapping[str, Any]
    target: float | None = None

    @property
    def exact(self) -> Rate:
        """The share as the domain computes with it."""
        return as_rate(self.rate)


def as_rate(row: Mapping[str, Any]) -> Rate:
    """A RATE of Report JSON as the domain's own."""
    return Rate(**{name: row[name] for name in RATE_FIELDS})


def key_figures(content: Mapping[str, Any]) -> list[KeyFigure]:
    """The key figures that a document of one group has, in the order in which they are shown."""
    return [
        *_satisfied(content["satisfaction"]),
        *_improved(content["outcomes"]),
        *_stars(content["stars_overall"]),
        *_completed(content["ladder"] or ()),
    ]


def find_figure(content: Mapping[str, Any], key: str) -> KeyFigure | None:
    """The key figure of this name in a document, if it has it."""
    return next((figure for figure in key_figures(content) if figure.key == key), None)


def part_of(key: str) -> Part:
    """The part of a report that a key figure stands in."""
    prefixes = {"satisfied": Part.SATISFACTION, "improved": Part.OUTCOMES, "any-area": Part.STARS}
    found = (part for prefix, part in prefixes.items() if key.startswith(prefix))
    return next(found, Part.LADDER)


def _satisfied(rows: Iterable[Mapping[str, Any]]) -> Iterable[KeyFigure]:
    satisfied = [row for row in rows if row["measure"] == "satisfied"]
    surveys = Counter(row["tier"] for row in satisfied)
    for row in satisfied:
        tier, survey = named(TIERS, row["tier"]), named(INSTRUMENTS, row["instrument"])
        label = _("Satisfied or very satisfied, %(tier)s", tier=tier)
        if surveys[row["tier"]] > 1:
            label = _("%(figure)s (%(survey)s)", figure=label, survey=survey)
        key = f"satisfied-{row['tier']}-{row['instrument']}"
        yield KeyFigure(key, label, Part.SATISFACTION, "satisfaction", row["rate"])


def _improved(rows: Iterable[Mapping[str, Any]]) -> Iterable[KeyFigure]:
    for row in rows:
        yield KeyFigure(
            f"improved-{row['instrument']}-{row['area']}",
            _("Improved: %(area)s", area=named(AREAS, row["area"])),
            Part.OUTCOMES,
            "outcomes",
            row["improved_rate"],
        )


def _stars(rows: Iterable[Mapping[str, Any]]) -> Iterable[KeyFigure]:
    for row in rows:
        yield KeyFigure(
            f"any-area-{row['instrument']}",
            _("At least one area up: %(star)s", star=named(INSTRUMENTS, row["instrument"])),
            Part.STARS,
            "stars",
            row["any_area_increased"],
        )


def _completed(rows: Iterable[Mapping[str, Any]]) -> Iterable[KeyFigure]:
    for row in rows:
        if row["tier"] == "all":
            places = (
                ("completed-of-supported", _("Completed, of those supported"), row["target"]),
                ("completed-of-eligible", _("Completed, of those eligible"), None),
            )
            for key, label, target in places:
                rate = row[key.replace("-", "_")]
                yield KeyFigure(key, label, Part.LADDER, "reach", rate, target)
