"""Whom is a report about: which rows are in the period, in which group, in which tier?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, false, func, or_
from sqlalchemy import cast as as_type

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.periods import Period, days_of, quarter_of
from survey_app.domain.programmes import Programme
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligible, NotEligibleReason, eligibility
from survey_app.reporting.closure_requests import (
    BY_REQUEST,
    ClosureRequest,
    is_closure_request_of_case,
    tier_key,
)
from survey_app.reporting.dimension_columns import (
    OF_CASE,
    OF_PERSON,
    is_value,
    named_by,
    only_cases,
)
from survey_app.reporting.filters import NO_FILTERS, NOT_RECORDED, OF_TIME, Dimension, Filters
from survey_app.reporting.kept_cases import KeptCases
from survey_app.store.cases import Case
from survey_app.store.id_lists import NO_IDS, IdList
from survey_app.store.people import Person


class Basis(StrEnum):
    """What puts a figure into a period: the closing of the case, or the day of the answer."""

    CLOSED = "closed"
    ANSWERED = "answered"


class Audience(StrEnum):
    """Who reads: the commissioner's tables leave the service, so small numbers are taken out."""

    COMMISSIONER = "commissioner"
    STAFF = "staff"


@dataclass(frozen=True)
class Columns:
    """Which columns of a query stand for the day of an answer, its mode and its language."""

    day: Any
    mode: Any
    """None where a row has no mode: it cannot be split by it then."""
    language: Any
    has_person: bool = False
    """Whether the query has joined the person already."""


@dataclass(frozen=True)
class Population:
    """The rows of one service and period that pass the filters, and how they are split."""

    service_id: int
    period: Period
    basis: Basis
    by: Dimension | None
    now: datetime
    programmes: Mapping[int, Programme]
    """By programme version; empty for a service without one."""
    programme: Programme | None
    """The one in force, for cases that no request ties to an older one."""
    filters: Filters = NO_FILTERS
    """`tier` is put on by `tallies.counted_rows`, `mode` and `language` by `split`."""
    live_months: tuple[str, ...] = ()
    """The closing months that are counted as the database stands now, where none is kept."""
    kept: Mapping[str, KeptCases] = field(default_factory=dict)
    """The closing months of the period that are taken as they are kept."""
    apart: IdList = NO_IDS
    """The cases of the period that are counted as they stand now, where some months are kept."""
    is_to_keep: bool = False
    """Whether rows are told apart by their case, and by what else a kept month may be asked by."""

    @property
    def is_live(self) -> bool:
        """Whether anything is to be counted now."""
        return bool(self.live_months or self.apart) or self.basis is Basis.ANSWERED

    def of_cases(self) -> ColumnElement[bool]:
        """The cases of the service that closed in the period, but for those taken as kept."""
        runs = [Case.closed_on.between(*days) for days in _runs_of_days(self.live_months)]
        is_live = self.apart.holds(Case.id) if self.apart else or_(false(), *runs)
        return and_(Case.service_id == self.service_id, is_live, *only_cases(self.filters))

    def of_days(self, day: Any) -> ColumnElement[bool]:
        """The rows of the period: by their case's closing, or by their own day."""
        if self.basis is Basis.CLOSED:
            return self.of_cases()
        in_period = day.between(self.period.starts_on, self.period.ends_on)
        return and_(Case.service_id == self.service_id, in_period, *only_cases(self.filters))

    def split(self, query: Any, own: Columns, *, has_tier: bool) -> Select[Any]:
        """Add what tells group and tier apart, and group by all columns but those that count.

        `own` are the columns that stand for day, mode and language in this query, which selects
        from cases; filters by mode and language apply to them. Where `has_tier`, or a filter asks
        for a tier, the closure request is joined for it.
        """
        query, keys = self.told_apart(query, own, has_tier=has_tier)
        return query.add_columns(*keys).group_by(*keys)

    def told_apart(
        self, query: Any, own: Columns, *, has_tier: bool
    ) -> tuple[Select[Any], list[Any]]:
        """The query joined to what tells group and tier apart, and the columns that do."""
        keys: list[Any] = []
        asked = (self.by, *self.filters.only)
        if has_tier or Dimension.TIER in asked:
            query, tier = self.with_tier(query)
            keys.append(tier)
        of_answer = {Dimension.MODE: own.mode, Dimension.LANGUAGE: own.language}
        of_person = self.by in OF_PERSON
        if own.language is Person.language and Dimension.LANGUAGE in asked:
            of_person = True
        if of_person and not own.has_person:
            query = query.join(Person, Person.id == Case.person_id)
        for dimension in of_answer.keys() & self.filters.only.keys():
            query = query.where(is_value(of_answer[dimension], self.filters.only[dimension]))
        columns = {**OF_CASE, **OF_PERSON, **of_answer}
        if self.is_to_keep:
            keys.append(Case.id.label("case_id"))
            keys += [c.label(named_by(d)) for d, c in of_answer.items() if _is_of_answer(c)]
        elif columns.get(self.by) is not None:
            keys.append(columns[self.by].label("group_key"))
        if self.by in OF_TIME:
            day = Case.closed_on if self.basis is Basis.CLOSED else own.day
            # A day is text in one database and is written the same in the other: `2018-04`.
            keys.append(func.substr(as_type(day, Text), 1, 7).label("month_key"))
        return query, keys

    def with_tier(self, query: Select[Any]) -> tuple[Select[Any], ColumnElement[str]]:
        """Join the closure request to a query over cases; also the column that tells the tier."""
        joined = query.outerjoin(ClosureRequest, is_closure_request_of_case())
        return joined, tier_key(self.highest_deliveries).label("tier_key")

    def has_tier_of(self, row: Mapping[Any, Any]) -> bool:
        """Whether a row of a split query passes the filter by tier, if there is one."""
        wanted = self.filters.only.get(Dimension.TIER)
        return wanted is None or self.tier_of(row) == wanted

    def groups_of(self, row: Mapping[Any, Any]) -> tuple[str, ...]:
        """The groups that a row of a split query counts in; none without a dimension."""
        if self.by is None:
            return ()
        if self.by is Dimension.TIER:
            return (self.tier_of(row),)
        if self.by in OF_TIME:
            month = row["month_key"]
            return (month if self.by is Dimension.MONTH else quarter_of(days_of(month)[0]).code,)
        recorded = row["group_key"]
        if not recorded:
            return (NOT_RECORDED,)
        return tuple(recorded.split(";")) if self.by is Dimension.FLAG else (recorded,)

    def tier_of(self, row: Mapping[Any, Any]) -> str:
        """The tier of a row of a split query: the closure request's, else the case's own."""
        return self._judge(row, closure_reason=None, programme=self.programme)[0]

    def standing_of(self, row: Mapping[Any, Any]) -> tuple[str, str | None]:
        """The tier of a row, and why the programme leaves it out of asking, or None.

        The row also tells closure reason and programme version of the request, whose terms hold.
        """
        programme = self.programmes.get(row["programme_version_id"], self.programme)
        return self._judge(row, closure_reason=row["closure_reason"], programme=programme)

    def _judge(
        self, row: Mapping[Any, Any], closure_reason: str | None, programme: Programme | None
    ) -> tuple[str, str | None]:
        origin, value = row["tier_key"].rsplit(":", 1)
        if programme is None:
            return Tier.NONE.value, NotEligibleReason.NO_TIER.value
        reason = ClosureReason(closure_reason) if closure_reason else None
        if origin == BY_REQUEST:
            is_left_out = reason is not None and reason in programme.not_asked_closure_reasons
            return str(value), closure_reason if is_left_out else None
        verdict = eligibility(
            programme,
            support_level=SupportLevel(origin),
            deliveries=int(value),
            closure_reason=reason,
        )
        why_not = verdict.reason.value if isinstance(verdict, NotEligible) else None
        return verdict.tier.value, why_not

    @property
    def highest_deliveries(self) -> int:
        """Beyond so many deliveries one more makes no difference to the tier."""
        bounds = [
            bound
            for rule in (self.programme.tiers if self.programme else ())
            for bound in (rule.deliveries_from, (rule.deliveries_to or 0) + 1)
        ]
        return max(bounds, default=0)


def _is_of_answer(column: Any) -> bool:
    """Whether a column tells of the answer, and not of who gave it."""
    return column is not None and column is not Person.language


def _runs_of_days(months: Iterable[str]) -> list[tuple[date, date]]:
    """Months as runs of days, first and last."""
    runs: list[tuple[date, date]] = []
    for month in months:
        first, last = days_of(month)
        is_next = bool(runs) and runs[-1][1] + timedelta(days=1) == first
        runs[-1:] = [(runs[-1][0], last)] if is_next else [*runs[-1:], (first, last)]
    return runs
