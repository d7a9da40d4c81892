"""From everyone supported to everyone who completed: who got lost, and what would help?"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.losses import Loss, biggest, losses
from survey_app.reporting.charts.dots import draw_dots
from survey_app.reporting.charts.palette import BLACK, BLUE, ORANGE, SKY, WHITE
from survey_app.reporting.charts.rows import Chart, Dot, Series, Stack
from survey_app.reporting.charts.stacks import draw_stacks
from survey_app.web.commissioner.blocks import Block, Table
from survey_app.web.commissioner.pages.outcomes import shown_count
from survey_app.web.commissioner.pages.satisfaction import dot
from survey_app.web.commissioner.wording import MODES, REASONS, STEPS, TIERS, named
from survey_app.web.shared.formatting import count, share

Row = Mapping[str, Any]
STACKED = ("1", "2", "3")


def reach_blocks(rows: Sequence[Row] | None) -> list[Block]:
    """The report's ladder; nothing on the basis `answered`, which has none."""
    everyone = next((row for row in rows or () if row["tier"] == "all"), None)
    if rows is None or everyone is None:
        return []
    return [
        Block(
            id="reach-ladder",
            title=_("From support to a completed survey"),
            sentence=_sentence(everyone),
            chart=_steps_chart(rows, everyone),
            tables=(
                _tier_table(_("Cases at each step"), rows, [(str(w), s) for s, w in STEPS.items()]),
            ),
        ),
        Block(
            id="completed",
            title=_("Completed, against the target"),
            sentence=_("Completed, of those eligible and of everyone supported."),
            chart=_completed_chart(rows),
            tables=(_completed_table(rows),),
        ),
        *_losses_blocks(everyone),
        *_reasons_blocks(rows),
    ]


def _tier_table(caption: str, rows: Sequence[Row], lines: Sequence[tuple[str, str]]) -> Table:
    tiers = [named(TIERS, row["tier"]) for row in rows]
    cells = [[words, *(row[key] for row in rows)] for words, key in lines]
    return Table(caption, [_("Step"), *tiers], cells)


def _completed_table(rows: Sequence[Row]) -> Table:
    return Table(
        _("Completed"),
        [_("Tier"), _("Of eligible"), _("Of supported"), _("Target, of supported")],
        [
            [
                named(TIERS, row["tier"]),
                row["completed_of_eligible"],
                row["completed_of_supported"],
                _("none set")
                if row["target"] is None
                else _("%(target)s %%", target=f"{row['target']:g}"),
            ]
            for row in rows
        ],
    )


def _reasons_blocks(rows: Sequence[Row]) -> list[Block]:
    texts = {
        "sent": _("Texts sent"),
        "delivered": _("Texts delivered"),
        "failed": _("Texts failed"),
    }
    tiers = [named(TIERS, row["tier"]) for row in rows]
    sent = [[words, *(row["texts"][key] for row in rows)] for key, words in texts.items()]
    sent.append([_("Asked for no more texts"), *(row["opted_out"] for row in rows)])
    sent.append([_("Expired"), *(row["expired"] for row in rows)])
    places = (
        ("not-asked", "not_asked", REASONS, _("Why people were not asked"), _("Reason")),
        ("answered-by", "completed_by_mode", MODES, _("How they answered"), _("How")),
    )
    found = [
        Block(
            id=place,
            title=title,
            sentence=_first_reason(keyed, title),
            tables=(Table(title, [head, *tiers], keyed),),
        )
        for place, field, words, title, head in places
        if (keyed := _keyed(rows, field, words))
    ]
    table = Table(_("Texts"), [_("Step"), *tiers], sent)
    return [*found, Block("texts", _("Texts"), _("Invitations and reminders."), tables=(table,))]


def _keyed(rows: Sequence[Row], field: str, words: Mapping[str, Any]) -> list[list[Any]]:
    """A line for every key that any tier has; a key that a tier lacks is a true 0 there."""
    keys = dict.fromkeys(key for row in rows for key in row[field])
    lines = [[named(words, key), *(row[field].get(key, 0) for row in rows)] for key in keys]
    return sorted(lines, key=lambda line: -(shown_count(line[-1]) or 0))


def _first_reason(lines: Sequence[Sequence[Any]], title: str) -> str:
    """The most frequent line in words."""
    return _("Most often: %(what)s (%(n)s).", what=lines[0][0], n=count(lines[0][-1]))


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


def _losses_blocks(everyone: Row) -> list[Block]:
    """The loss planner; nothing where a step is suppressed or nobody is lost."""
    counts = {step: shown_count(everyone[step]) for step in STEPS}
    known = {step: n for step, n in counts.items() if n is not None}
    if len(known) < len(counts):
        return []
    found = losses(known, everyone["target"])
    worst = biggest(found)
    if worst is None:
        return []
    return [
        Block(
            id="losses",
            title=_("Where most are lost, and what one step better would bring"),
            sentence=_losses_sentence(worst),
            tables=(_losses_table(found, everyone["target"]),),
            note=_(
                "For each step alone: had it lost nobody, and had all later steps lost as they do "
                "now. A plan, not a promise: people who are harder to reach may answer less."
            ),
        )
    ]


def _losses_sentence(worst: Loss) -> str:
    return _(
        "Most are lost at “%(step)s”: %(lost)s of %(before)s. Had nobody been lost there, "
        "%(gained)s more would have completed, %(percent)s %% of those supported.",
        step=named(STEPS, worst.step),
        lost=count(worst.lost),
        before=count(worst.before),
        gained=count(worst.gained),
        percent=f"{worst.completed_if_none_lost:g}",
    )


def _losses_table(found: Sequence[Loss], target: float | None) -> Table:
    goal = f"{target:g}" if target is not None else ""
    head = [_("Step"), _("Came so far"), _("Lost here"), _("More would complete if none were lost")]
    head.append(_("Completed of supported would be"))
    if target is not None:
        head.append(_("Fewer to lose here to reach %(target)s %%", target=goal))
    rows = []
    for loss in found:
        row: list[Any] = [named(STEPS, loss.step), loss.before, loss.lost, loss.gained]
        row.append(_("%(percent)s %%", percent=f"{loss.completed_if_none_lost:g}"))
        if target is not None:
            row.append(_("not by this step alone") if loss.needed is None else loss.needed)
        rows.append(row)
    return Table(_("Losses by step"), head, rows, has_many_words=True)
