"""What is counted for a report, before anybody is shown any of it?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.reporting.filters import Dimension
from survey_app.reporting.ladder import count_ladder
from survey_app.reporting.outcomes import count_outcomes
from survey_app.reporting.population import Basis, Population
from survey_app.reporting.satisfaction import HEADLINE, SatisfactionCounts, count_satisfaction
from survey_app.reporting.stars import StarCounts, count_stars
from survey_app.reporting.suppression import Section


class Part(StrEnum):
    """What a report is made of; each costs its own queries."""

    LADDER = "ladder"
    SATISFACTION = "satisfaction"
    OUTCOMES = "outcomes"
    STARS = "stars"
    CHANGES = "changes"
    WHO_ANSWERED = "who-answered"
    RECORDING = "recording"


SUPPRESSED_PARTS = frozenset({Part.LADDER, Part.SATISFACTION, Part.OUTCOMES, Part.STARS})
"""What may leave the service, suppressed; the others are for its own staff alone."""


@dataclass(frozen=True)
class Counted:
    """The cells of a report's parts, of everyone and of each group. `ladder` may not apply."""

    ladder: Section | None
    satisfaction: SatisfactionCounts
    outcomes: Section
    stars: StarCounts
    is_brief: bool = False
    """Whether only what headline figures need was counted."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """All of them as plain sections."""
        ladder = (self.ladder,) if self.ladder is not None else ()
        return (*ladder, self.satisfaction.section, self.outcomes, self.stars.section)

    def rows_of(self, by: Dimension | None) -> "Counted":
        """With the rows of everyone, or those of the groups; both settle what is hidden."""
        return Counted(
            _rows(self.ladder, by) if self.ladder is not None else None,
            replace(self.satisfaction, section=_rows(self.satisfaction.section, by)),
            _rows(self.outcomes, by),
            replace(self.stars, section=_rows(self.stars.section, by)),
            self.is_brief,
        )


def count_parts(
    session: Session,
    population: Population,
    parts: Collection[Part],
    *,
    is_brief: bool = False,
    with_ties: bool = True,
) -> Counted:
    """Count what was asked for. The ladder is about cases: not on the basis *answered*, nor with
    a filter by what was answered.

    `is_brief`: of satisfaction only the measure `satisfied`, of stars no areas, and texts perhaps
    not. Without `with_ties` the cells do not say how they add up: they cannot be suppressed then.
    """
    is_ladder = (
        Part.LADDER in parts
        and population.basis is Basis.CLOSED
        and population.filters.is_about_cases
    )
    return Counted(
        count_ladder(session, population, with_texts=not is_brief, with_ties=with_ties)
        if is_ladder
        else None,
        count_satisfaction(session, population, HEADLINE if is_brief else None, with_ties=with_ties)
        if Part.SATISFACTION in parts
        else SatisfactionCounts(Section(), {}),
        count_outcomes(session, population) if Part.OUTCOMES in parts else Section(),
        count_stars(session, population, with_areas=not is_brief)
        if Part.STARS in parts
        else StarCounts(Section()),
        is_brief,
    )


def _rows(section: Section, by: Dimension | None) -> Section:
    rows = tuple(row for row in section.rows if (row[0] is None) == (by is None))
    return replace(section, rows=rows)
