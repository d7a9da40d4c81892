"""What is counted for a report, before anybody is shown any of it?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from survey_app.reporting.filters import Dimension
from survey_app.reporting.ladder import count_ladder
from survey_app.reporting.outcomes import count_outcomes
from survey_app.reporting.population import Basis, Population
from survey_app.reporting.satisfaction import SatisfactionCounts, count_satisfaction
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
        )


def count_parts(session: Session, population: Population, parts: Collection[Part]) -> Counted:
    """Count what was asked for. The ladder is about cases: not on the basis *answered*, nor with
    a filter by what was answered."""
    is_ladder = (
        Part.LADDER in parts
        and population.basis is Basis.CLOSED
        and population.filters.is_about_cases
    )
    return Counted(
        count_ladder(session, population) if is_ladder else None,
        count_satisfaction(session, population)
        if Part.SATISFACTION in parts
        else SatisfactionCounts(Section(), {}),
        count_outcomes(session, population) if Part.OUTCOMES in parts else Section(),
        count_stars(session, population) if Part.STARS in parts else StarCounts(Section()),
    )


def _rows(section: Section, by: Dimension | None) -> Section:
    rows = tuple(row for row in section.rows if (row[0] is None) == (by is None))
    return replace(section, rows=rows)
