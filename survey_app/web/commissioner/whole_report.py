"""What does the preview show before a quarter is published? The sections of one Report JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey_app.domain.statistics import SUPPRESSED
from survey_app.web.commissioner.blocks import Block
from survey_app.web.commissioner.pages.outcomes import outcomes_blocks
from survey_app.web.commissioner.pages.reach import reach_blocks
from survey_app.web.commissioner.pages.satisfaction import satisfaction_blocks
from survey_app.web.commissioner.pages.stars import stars_blocks


@dataclass(frozen=True)
class WholeReport:
    """Everything that would be published, on one page."""

    content: Mapping[str, Any]
    blocks: list[Block]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: no answers, and nobody supported."""
        everyone = [row for row in self.content["ladder"] or () if row["tier"] == "all"]
        has_answers = any(self.content[part] for part in ("satisfaction", "outcomes", "stars"))
        return not has_answers and not any(row["supported"] for row in everyone)

    @property
    def has_suppressed(self) -> bool:
        """Whether a figure is kept back."""
        return has_suppressed(self.content)


def whole_report(content: Mapping[str, Any]) -> WholeReport:
    """Arrange a report for reading before it is published."""
    return WholeReport(
        content,
        [
            *satisfaction_blocks(content["satisfaction"]),
            *outcomes_blocks(content["outcomes"]),
            *stars_blocks(content["stars"], content["stars_overall"]),
            *reach_blocks(content["ladder"]),
        ],
    )


def has_suppressed(content: Mapping[str, Any]) -> bool:
    """Whether a figure of the document is kept back."""
    return SUPPRESSED in json.dumps(content)
