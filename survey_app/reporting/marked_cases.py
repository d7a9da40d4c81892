"""Which cases of a group have which marks: counted for all, each team and worker, and listed?

A mark is what a page counts: "has a pair", "ethnicity not recorded". Counts and lists are made of
the same marked cases, so that a number and the list behind it cannot differ.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.reporting.desk_cases import CaseRow, rows_of_cases
from survey_app.reporting.teams import Team
from survey_app.reporting.workers import Worker
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun

PAGE = 25
LATEST_FILES = 10

Mark = tuple[str, str]
"""What a mark is about, and what it says of it."""


@dataclass(frozen=True)
class CaseGroup:
    """Which cases of a service: those closed in a quarter, or, without one, those open now."""

    service_id: int
    quarter: Quarter | None = None
    held_by: Worker | Team | None = None
    """Only those of one worker, or of one team."""
    arrived_at: datetime | None = None
    """Only those that one file brought: a run writes all its cases with the instant it began."""

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """What a case must be like."""
        found: list[ColumnElement[bool]] = [Case.service_id == self.service_id]
        if self.quarter is None:
            found.append(Case.closed_on.is_(None))
        else:
            found.append(Case.closed_on.between(self.quarter.starts_on, self.quarter.ends_on))
        if self.held_by is not None:
            found += self.held_by.is_on_case
        if self.arrived_at is not None:
            found.append(Case.created_at == self.arrived_at)
        return tuple(found)


@dataclass(frozen=True)
class MarkedCase:
    """A case with its marks; `referred_on` and `id` are what lists page by."""

    id: int
    referred_on: date
    worker: Worker
    arrived_at: datetime
    marks: frozenset[Mark]


@dataclass
class Tally:
    """How many cases there are, and how many with each mark."""

    base: int = 0
    counts: Counter[Mark] = field(default_factory=Counter)

    def add(self, case: MarkedCase) -> None:
        """Count one case."""
        self.base += 1
        self.counts.update(case.marks)

    @classmethod
    def sum_of(cls, parts: Iterable["Tally"]) -> Self:
        """Several together; no case may be in two of them."""
        found = cls()
        for part in parts:
            found.base += part.base
            found.counts.update(part.counts)
        return found


def tally(cases: Iterable[MarkedCase]) -> Tally:
    """All of them together."""
    found = Tally()
    for case in cases:
        found.add(case)
    return found


def tally_by_worker(cases: Iterable[MarkedCase]) -> dict[Worker, Tally]:
    """Each worker's own."""
    found: dict[Worker, Tally] = {}
    for case in cases:
        found.setdefault(case.worker, Tally()).add(case)
    return found


def tally_by_arrival(cases: Iterable[MarkedCase]) -> dict[datetime, Tally]:
    """By the instant at which they were first written."""
    found: dict[datetime, Tally] = {}
    for case in cases:
        found.setdefault(case.arrived_at, Tally()).add(case)
    return found


def latest_case_files(session: Session, service_id: int) -> Sequence[ImportRun]:
    """The files of cases that landed last, newest first."""
    return session.scalars(
        select(ImportRun)
        .where(ImportRun.service_id == service_id, ImportRun.kind == "cases")
        .order_by(ImportRun.id.desc())
        .limit(LATEST_FILES)
    ).all()


@dataclass(frozen=True)
class MarkedPage:
    """One page of the cases behind a number, of how many in all."""

    rows: tuple[CaseRow, ...]
    total: int
    has_more: bool


def page_of_marked(
    session: Session,
    cases: Iterable[MarkedCase],
    mark: Mark | None,
    after: tuple[date, int] | None = None,
    limit: int = PAGE,
) -> MarkedPage:
    """The cases with a mark (None: all of them), newest referral first, after a key. One query."""
    keys = [(case.referred_on, case.id) for case in cases if mark is None or mark in case.marks]
    left = sorted((key for key in keys if after is None or key < after), reverse=True)
    rows = rows_of_cases(session, [case_id for _day, case_id in left[:limit]])
    return MarkedPage(tuple(rows), len(keys), len(left) > limit)
