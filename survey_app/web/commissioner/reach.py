"""How is the ladder shown: from everyone supported to everyone who completed, and who got lost?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.charts.palette import BLACK, BLUE, ORANGE, SKY, WHITE
from survey_app.reporting.charts.rows import Chart, Dot, Series, Stack
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.web.commissioner.outcomes import shown_count
from survey_app.web.commissioner.satisfaction import dot
from survey_app.web.commissioner.wording import MODES, REASONS, STEPS, TIERS, named
from survey_app.web.shared.formatting import count, share

Row = Mapping[str, Any]
STACKED = ("1", "2", "3")


@dataclass(frozen=True)
class LadderPart:
    """The ladder: tables have a column per tier, the last one all tiers."""

    sentence: str
    chart: Chart | None
    completed_chart: Chart | None
    tiers: list[str]
    steps: list[tuple[str, list[Any]]]
    texts: list[tuple[str, list[Any]]]
    reasons: list[tuple[str, list[Any]]]
    modes: list[tuple[str, list[Any]]]
    completed: list[tuple[str, Row, Row, Any]]
    headline: Row | None


def ladder_part(rows: Sequence[Row] | None) -> LadderPart | None:
    """The report's ladder rows; None on the basis `answered`, which has no ladder."""
    if not rows:
        return None
    everyone = next((row for row in rows if row["tier"] == "all"), None)
    if everyone is None:
        return None
    return LadderPart(
        sentence=_sentence(everyone),
        chart=_steps_chart(rows, everyone),
        completed_chart=_completed_chart(rows),
        tiers=[named(TIERS, row["tier"]) for row in rows],
        steps=[(str(words), [row[step] for row in rows]) for step, words in STEPS.items()],
        texts=_texts(rows),
        reasons=_keyed(rows, "not_asked", REASONS),
        modes=_keyed(rows, "completed_by_mode", MODES),
        completed=[
            (
                named(TIERS, row["tier"]),
                row["completed_of_eligible"],
                row["completed_of_supported"],
                row["target"],
            )
            for row in rows
        ],
        headline=everyone["completed_of_supported"],
    )


def _texts(rows: Sequence[Row]) -> list[tuple[str, list[Any]]]:
    return [
        (_("Texts sent"), [row["texts"]["sent"] for row in rows]),
        (_("Texts delivered"), [row["texts"]["delivered"] for row in rows]),
        (_("Texts failed"), [row["texts"]["failed"] for row in rows]),
        (_("Asked for no more texts"), [row["opted_out"] for row in rows]),
        (_("Expired"), [row["expired"] for row in rows]),
    ]


def _keyed(
    rows: Sequence[Row], field: str, words: Mapping[str, Any]
) -> list[tuple[str, list[Any]]]:
    """A table of the keys that any tier has; a key that a tier lacks is a true 0 there."""
    keys = dict.fromkeys(key for row in rows for key in row[field])
    return [(named(words, key), [row[field].get(key, 0) for row in rows]) for key in keys]


def _sentence(everyone: Row) -> str:
    if everyone["supported"] == 0:
        return _("No case with a delivery closed in this quarter.")
    return _(
        "Of %(supported)s people supported, %(eligible)s were eligible, %(asked)s were asked and "
        "%(completed)s completed. Of those eligible: %(of_eligible)s. Of those supported: "
        "%(of_supported)s.",
        supported=count(everyone["supported"]),
        eligible=count(everyone["eligible"]),
        asked=count(everyone["asked"]),
        completed=count(everyone["completed"]),
        of_eligible=share(everyone["completed_of_eligible"]),
        of_supported=share(everyone["completed_of_supported"]),
    )


def _steps_chart(rows: Sequence[Row], everyone: Row) -> Chart | None:
    if not shown_count(everyone["supported"]):
        return None
    by_tier = {row["tier"]: row for row in rows}
    colours = {"1": (SKY, BLACK), "2": (BLUE, WHITE), "3": (ORANGE, BLACK)}
    tiers = [tier for tier in STACKED if tier in by_tier]
    stacks = [
        Stack(
            label=f"{words}: {count(everyone[step])}",
            total=shown_count(everyone[step]),
            parts=tuple(shown_count(by_tier[tier][step]) for tier in tiers),
        )
        for step, words in STEPS.items()
    ]
    return draw_stacks(
        stacks,
        [Series(named(TIERS, tier), *colours[tier]) for tier in tiers],
        axis=_("Cases, of %(n)s supported", n=count(everyone["supported"])),
        unshown=_("No tier, or not shown"),
        is_share=False,
    )


def _completed_chart(rows: Sequence[Row]) -> Chart | None:
    dots: list[Dot] = []
    for row in rows:
        tier = named(TIERS, row["tier"])
        if row["tier"] == "none":
            continue
        dots.append(dot(_("%(tier)s, of eligible", tier=tier), row["completed_of_eligible"]))
        dots.append(dot(_("%(tier)s, of supported", tier=tier), row["completed_of_supported"]))
    if all(one.percent is None for one in dots):
        return None
    targets = {row["target"] for row in rows if row["target"] is not None}
    target = targets.pop() if len(targets) == 1 else None
    return draw_dots(
        dots,
        axis=_("Per cent who completed"),
        target=target,
        target_label=_("target %(target)s %%", target=f"{target:g}") if target is not None else "",
    )
