"""What happened in one service and quarter? The one report that every surface shows.

Command, page, file and publication all ask here, so that no two of them can differ; what the
figures mean stands in FORMATS.md, "Definitions".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.domain.requests import OPEN_STATES
from survey_app.reporting.ladder import LadderRow, count_ladder, ladder_rows
from survey_app.reporting.outcomes import OutcomeRow, count_outcomes, outcome_rows
from survey_app.reporting.population import Audience, Basis, Dimension, Population
from survey_app.reporting.satisfaction import (
    SatisfactionRow,
    count_satisfaction,
    satisfaction_rows,
)
from survey_app.reporting.stars import (
    StarOverallRow,
    StarRow,
    count_stars,
    star_overall_rows,
    star_rows,
)
from survey_app.reporting.suppression import Section, View, view_for_outside, view_for_staff
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import ProgrammeVersion, Service

DEFINITIONS_VERSION = "1"
"""Goes up when a figure comes to mean something else."""


class BrokenProgrammeError(Exception):
    """A stored programme version is none: it was checked before it was stored."""


@dataclass(frozen=True)
class Report:
    """One service, period, basis and split, as one audience may see it.

    Rows carry a `group` when split by a dimension, and are of everyone (group None) when not.
    `ladder` is None on the basis *answered*: it is about cases, not answers.
    """

    service: str
    service_name: str
    period: Quarter
    is_provisional: bool
    basis: Basis
    by: Dimension | None
    audience: Audience
    ladder: tuple[LadderRow, ...] | None
    satisfaction: tuple[SatisfactionRow, ...]
    outcomes: tuple[OutcomeRow, ...]
    stars: tuple[StarRow, ...]
    stars_overall: tuple[StarOverallRow, ...]
    is_empty: bool
    """Nobody closed and nobody answered: to be said in words, not as a stack of noughts."""
    definitions_version: str = DEFINITIONS_VERSION


def report(
    session: Session,
    service: Service,
    period: Quarter,
    basis: Basis = Basis.CLOSED,
    by: Dimension | None = None,
    audience: Audience = Audience.COMMISSIONER,
    *,
    now: datetime,
) -> Report:
    """The figures as they stand at `now`, suppressed for whoever is outside the service.

    A constant number of queries, whatever the number of cases.
    """
    population = _population(session, service, period, basis, by, now)
    ladder = count_ladder(session, population) if basis is Basis.CLOSED else Section()
    satisfaction = count_satisfaction(session, population)
    outcomes = count_outcomes(session, population)
    stars = count_stars(session, population)
    sections = (ladder, satisfaction.section, outcomes, stars.section)
    view = _view(sections, service, by, audience)
    targets = population.programme.targets if population.programme else {}
    shown_satisfaction = replace(satisfaction, section=_shown(satisfaction.section, by))
    shown_stars = replace(stars, section=_shown(stars.section, by))
    is_ladder_shown = basis is Basis.CLOSED
    return Report(
        service=service.slug,
        service_name=service.name,
        period=period,
        is_provisional=_is_provisional(session, population),
        basis=basis,
        by=by,
        audience=audience,
        ladder=tuple(ladder_rows(view, _shown(ladder, by), targets)) if is_ladder_shown else None,
        satisfaction=tuple(satisfaction_rows(view, shown_satisfaction)),
        outcomes=tuple(outcome_rows(view, _shown(outcomes, by))),
        stars=tuple(star_rows(view, shown_stars)),
        stars_overall=tuple(star_overall_rows(view, shown_stars)),
        is_empty=not any(count for section in sections for count in section.counts.values()),
    )


def _population(
    session: Session,
    service: Service,
    period: Quarter,
    basis: Basis,
    by: Dimension | None,
    now: datetime,
) -> Population:
    versions = session.scalars(
        select(ProgrammeVersion)
        .where(ProgrammeVersion.service_id == service.id)
        .order_by(ProgrammeVersion.number)
    )
    programmes = {version.id: _programme(version) for version in versions}
    return Population(
        service_id=service.id,
        period=period,
        basis=basis,
        by=by,
        now=now,
        programmes=programmes,
        programme=next(reversed(programmes.values()), None),
    )


def _programme(version: ProgrammeVersion) -> Programme:
    programme = parse_programme(version.content)
    if not isinstance(programme, Programme):
        raise BrokenProgrammeError(version.key, version.number, programme.faults)
    return programme


def _view(
    sections: Sequence[Section], service: Service, by: Dimension | None, audience: Audience
) -> View:
    if audience is Audience.STAFF:
        return view_for_staff(sections)
    is_partition = by is None or by.is_partition
    return view_for_outside(sections, service.small_number_threshold, is_partition=is_partition)


def _shown(section: Section, by: Dimension | None) -> Section:
    """The rows of everyone, or those of the groups; both were needed to settle what is hidden."""
    rows = tuple(row for row in section.rows if (row[0] is None) == (by is None))
    return replace(section, rows=rows)


def _is_provisional(session: Session, population: Population) -> bool:
    """Whether answers may still come in: a request of the period is open.

    A request belongs to the quarter its case closed in; on the basis answered, to every quarter
    in which its answers may come to count.
    """
    period = population.period
    if population.basis is Basis.CLOSED:
        is_of_period = population.of_cases()
    else:
        is_of_period = (
            (Case.service_id == population.service_id)
            & (SurveyRequest.due_at < period.ends_before)
            & (SurveyRequest.expires_at >= period.starts_at)
        )
    open_requests = (
        select(SurveyRequest.id)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(is_of_period, SurveyRequest.state.in_(OPEN_STATES))
    )
    return bool(session.scalar(select(exists(open_requests))))
