"""What stands on a figures page? The sections of one Report JSON, for the page and the preview."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from survey_app.domain.statistics import SUPPRESSED, whole_percent
from survey_app.web.commissioner.outcomes import (
    OutcomesPart,
    StarsPart,
    outcomes_parts,
    stars_parts,
)
from survey_app.web.commissioner.reach import LadderPart, ladder_part
from survey_app.web.commissioner.satisfaction import SatisfactionPart, satisfaction_parts
from survey_app.web.commissioner.wording import AREAS, TIERS, named
from survey_app.web.shared.formatting import count, interval


@dataclass(frozen=True)
class Headline:
    """A large number and the sentence that makes it honest."""

    number: str
    words: str


@dataclass(frozen=True)
class FiguresPage:
    """Everything that the template shows of one report."""

    content: Mapping[str, Any]
    headlines: list[Headline]
    satisfaction: list[SatisfactionPart]
    outcomes: list[OutcomesPart]
    ladder: LadderPart | None
    stars: list[StarsPart]
    has_suppressed: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no answers, and nobody supported."""
        steps = self.ladder.steps[0][1] if self.ladder else []
        return not (self.satisfaction or self.outcomes or self.stars or any(steps))


def figures_page(content: Mapping[str, Any]) -> FiguresPage:
    """Arrange a report for reading."""
    satisfaction = satisfaction_parts(content["satisfaction"])
    outcomes = outcomes_parts(content["outcomes"])
    ladder = ladder_part(content["ladder"])
    return FiguresPage(
        content=content,
        headlines=_headlines(content, ladder),
        satisfaction=satisfaction,
        outcomes=outcomes,
        ladder=ladder,
        stars=stars_parts(content["stars"], content["stars_overall"]),
        has_suppressed=SUPPRESSED in json.dumps(content),
    )


def _headlines(content: Mapping[str, Any], ladder: LadderPart | None) -> list[Headline]:
    found = [
        _headline(
            row["rate"], _("satisfied or very satisfied, %(tier)s", tier=named(TIERS, row["tier"]))
        )
        for row in content["satisfaction"]
        if row["measure"] == "satisfied"
    ]
    shown = [row for row in content["outcomes"] if row["improved_rate"]["percent"] is not None]
    if shown:
        best = max(shown, key=lambda row: row["improved_rate"]["percent"])
        words = _("improved in %(area)s", area=named(AREAS, best["area"]).lower())
        found.append(_headline(best["improved_rate"], words))
    if ladder is not None and ladder.headline is not None:
        found.append(_headline(ladder.headline, _("of those supported completed")))
    return found


def _headline(rate: Mapping[str, Any], words: str) -> Headline:
    """`94 %` above `satisfied..., 105 of 112`."""
    if rate["suppressed"]:
        return Headline(SUPPRESSED, words)
    if not rate["denominator"]:
        return Headline(_("no data"), words)
    percent = whole_percent(rate["numerator"], rate["denominator"])
    said = _(
        "%(words)s (%(numerator)s of %(base)s, likely %(interval)s)",
        words=words,
        numerator=count(rate["numerator"]),
        base=count(rate["denominator"]),
        interval=interval(rate),
    )
    return Headline(_("%(percent)s %%", percent=percent), said)
