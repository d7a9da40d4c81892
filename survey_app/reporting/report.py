"""What happened in one service and quarter? The one report that every surface shows.

Command, page, file and publication all ask here, so that no two of them can differ; what the
figures mean stands in FORMATS.md, "Definitions".
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Period
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.domain.requests import OPEN_STATES
from survey_app.reporting.changes import NO_CHANGES, Changes, count_changes
from survey_app.reporting.counting import SUPPRESSED_PARTS, Counted, Part, count_parts
from survey_app.reporting.filters import NO_FILTERS, Dimension, Filters
from survey_app.reporting.group_suppression import view_for_outside
from survey_app.reporting.ladder import LadderRow, ladder_rows
from survey_app.reporting.outcomes import OutcomeRow, outcome_rows
from survey_app.reporting.population import Audience, Basis, Population
from survey_app.reporting.recording import RecordingRow, count_recording
from survey_app.reporting.satisfaction import SatisfactionRow, satisfaction_rows
from survey_app.reporting.stars import StarOverallRow, StarRow, star_overall_rows, star_rows
from survey_app.reporting.suppression import Section, View, view_for_staff
from survey_app.reporting.who_answered import AnsweredRow, count_who_answered
from survey_app.store.case_facts import CaseFact
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import ProgrammeVersion, Service
from survey_app.store.stale_facts import refresh_stale

DEFINITIONS_VERSION = "1"
"""Goes up when a figure comes to mean something else."""


class BrokenProgrammeError(Exception):
    """A stored programme version is none: it was checked before it was stored."""


@dataclass(frozen=True)
class Report:
    """One service, period, basis and split, as one audience may see it.

    Rows carry a `group` when split by a dimension, and are of everyone (group None) when not.
    `ladder` is None on the basis *answered* and with a filter by what was answered: it is about
    cases. A section that was not asked for is empty, or None.
    """

    service: str
    service_name: str
    period: Period
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
    filters: Filters = NO_FILTERS
    changes: Changes = NO_CHANGES
    who_answered: tuple[AnsweredRow, ...] = ()
    recording: tuple[RecordingRow, ...] = ()


class FilteredOutsideError(ValueError):
    """Filtered figures were asked for an audience outside the service: they could be subtracted."""


def report(
    session: Session,
    service: Service,
    period: Period,
    basis: Basis = Basis.CLOSED,
    by: Dimension | None = None,
    audience: Audience = Audience.COMMISSIONER,
    *,
    now: datetime,
    filters: Filters = NO_FILTERS,
    parts: Collection[Part] = tuple(SUPPRESSED_PARTS),
    is_brief: bool = False,
) -> Report:
    """The figures as they stand at `now`, suppressed for whoever is outside the service.

    A constant number of queries, whatever the number of cases; only those that `parts` need.
    `is_brief`: only what headline figures need; of satisfaction the measure `satisfied`, of stars
    no areas. Suppression is joint over all parts, so that outside the service a report is always
    whole. Raises FilteredOutsideError.
    """
    is_outside = audience is Audience.COMMISSIONER
    if is_outside and (filters or is_brief or set(parts) != SUPPRESSED_PARTS):
        raise FilteredOutsideError(filters, parts)
    population = find_population(session, service, period, basis, by, now=now, filters=filters)
    counted = count_parts(session, population, parts, is_brief=is_brief, with_ties=is_outside)
    view = _view(counted.sections, service, by, audience)
    shown = shown_report(session, service, population, counted, view, audience)
    return replace(shown, filters=filters, **_for_staff(session, population, parts))


def shown_report(
    session: Session,
    service: Service,
    population: Population,
    counted: Counted,
    view: View,
    audience: Audience,
) -> Report:
    """What was counted, as a view lets its audience see it."""
    targets = population.programme.targets if population.programme else {}
    rows = counted.rows_of(population.by)
    counts = (count for section in counted.sections for count in section.counts.values())
    return Report(
        service=service.slug,
        service_name=service.name,
        period=population.period,
        is_provisional=_is_provisional(session, population),
        basis=population.basis,
        by=population.by,
        audience=audience,
        ladder=None if rows.ladder is None else tuple(ladder_rows(view, rows.ladder, targets)),
        satisfaction=tuple(satisfaction_rows(view, rows.satisfaction)),
        outcomes=tuple(outcome_rows(view, rows.outcomes)),
        stars=() if counted.is_brief else tuple(star_rows(view, rows.stars)),
        stars_overall=tuple(star_overall_rows(view, rows.stars)),
        is_empty=not any(counts),
    )


def _for_staff(session: Session, population: Population, parts: Collection[Part]) -> dict[str, Any]:
    """The parts that never leave the service. Two are about cases, and stand with the ladder."""
    found: dict[str, Any] = {}
    if Part.CHANGES in parts:
        found["changes"] = count_changes(session, population)
    if population.basis is Basis.CLOSED and population.filters.is_about_cases:
        if Part.WHO_ANSWERED in parts:
            found["who_answered"] = count_who_answered(session, population)
        if Part.RECORDING in parts:
            found["recording"] = count_recording(session, population)
    return found


def find_population(
    session: Session,
    service: Service,
    period: Period,
    basis: Basis = Basis.CLOSED,
    by: Dimension | None = None,
    *,
    now: datetime,
    filters: Filters = NO_FILTERS,
) -> Population:
    """Whom a report is about, and under which programmes: one query.

    What this transaction has changed itself is counted too.
    """
    refresh_stale(session)
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
        filters=filters,
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
    return view_for_outside(sections, service.small_number_threshold, by)


def _is_provisional(session: Session, population: Population) -> bool:
    """Whether answers may still come in: a request of the period is open.

    A request belongs to the quarter its case closed in; on the basis answered, to every quarter
    in which its answers may come to count.
    """
    period = population.period
    if population.basis is Basis.CLOSED:
        is_open = select(CaseFact.case_id).where(
            population.of_cases(), CaseFact.has_open_request == 1
        )
        return bool(session.scalar(select(exists(is_open))))
    open_requests = (
        select(SurveyRequest.id)
        .join(Case, Case.id == SurveyRequest.case_id)
        .where(
            Case.service_id == population.service_id,
            SurveyRequest.due_at < period.ends_before,
            SurveyRequest.expires_at >= period.starts_at,
            SurveyRequest.state.in_(OPEN_STATES),
        )
    )
    return bool(session.scalar(select(exists(open_requests))))
