"""Whom is a report about: which rows are in the period, in which group, in which tier?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, func
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.periods import Period, days_of, quarter_of
from survey_app.domain.programmes import Programme
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligible, NotEligibleReason, eligibility
from survey_app.reporting.closure_requests import BY_REQUEST, tier_key
from survey_app.reporting.dimension_columns import OF_CASE, is_value, only_cases
from survey_app.reporting.filters import NO_FILTERS, NOT_RECORDED, OF_TIME, Dimension, Filters
from survey_app.store.case_facts import CaseFact


class Basis(StrEnum):
    """What puts a figure into a period: the closing of the case, or the day of the answer."""

    CLOSED = "closed"
    ANSWERED = "answered"


class Audience(StrEnum):
    """Who reads: the commissioner's tables leave the service, so small numbers are taken out."""

    COMMISSIONER = "commissioner"
    STAFF = "staff"


CountedRow = Mapping[Any, Any]
"""What tells a row apart, and what was counted of it, by the names of the columns."""


@dataclass(frozen=True)
class Columns:
    """Which columns of a query stand for the day of an answer, its mode and its language."""

    day: Any
    mode: Any
    """None where a row has no mode: it cannot be split by it then."""
    language: Any


OF_CASES = Columns(CaseFact.closed_on, CaseFact.completed_mode, CaseFact.language)
"""Where cases are counted, and no answers."""


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
    """`tier` is put on by `rows`, `mode` and `language` by `split`."""

    def of_cases(self) -> ColumnElement[bool]:
        """The cases of the service that closed in the period."""
        return self._within(CaseFact.closed_on)

    def of_days(self, day: Any) -> ColumnElement[bool]:
        """The rows of the period: by their case's closing, or by their own day."""
        return self._within(CaseFact.closed_on if self.basis is Basis.CLOSED else day)

    def _within(self, day: Any) -> ColumnElement[bool]:
        in_period = day.between(self.period.starts_on, self.period.ends_on)
        return and_(CaseFact.service_id == self.service_id, in_period, *only_cases(self.filters))

    def split(self, query: Any, own: Columns, *, has_tier: bool) -> Select[Any]:
        """Add what tells group and tier apart, and group by it besides.

        `own` are the columns that stand for day, mode and language in this query, which selects
        from case facts; filters by mode and language apply to them. The tier is told apart where
        `has_tier`, or a filter asks for it.
        """
        keys: list[Any] = []
        if has_tier or Dimension.TIER in (self.by, *self.filters.only):
            keys.append(tier_key(self.highest_deliveries).label("tier_key"))
        of_answer = {Dimension.MODE: own.mode, Dimension.LANGUAGE: own.language}
        for dimension in of_answer.keys() & self.filters.only.keys():
            query = query.where(is_value(of_answer[dimension], self.filters.only[dimension]))
        columns = {**OF_CASE, **of_answer}
        if columns.get(self.by) is not None:
            keys.append(columns[self.by].label("group_key"))
        if self.by in OF_TIME:
            day = CaseFact.closed_on if self.basis is Basis.CLOSED else own.day
            # A day is text in one database and is written the same in the other: `2018-04`.
            keys.append(func.substr(as_type(day, Text), 1, 7).label("month_key"))
        split: Select[Any] = query.add_columns(*keys).group_by(*keys)
        return split

    def rows(self, session: Session, query: Select[Any]) -> Iterator[CountedRow]:
        """The rows of a split query that pass the filter by tier: that rule is the domain's own."""
        wanted = self.filters.only.get(Dimension.TIER)
        for row in session.execute(query).mappings():
            if wanted is None or self.tier_of(row) == wanted:
                yield row

    def groups_of(self, row: CountedRow) -> tuple[str, ...]:
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

    def tier_of(self, row: CountedRow) -> str:
        """The tier of a row of a split query: the closure request's, else the case's own."""
        return self._judge(row, closure_reason=None, programme=self.programme)[0]

    def standing_of(self, row: CountedRow) -> tuple[str, str | None]:
        """The tier of a row, and why the programme leaves it out of asking, or None.

        The row also tells closure reason and programme version of the request, whose terms hold.
        """
        programme = self.programmes.get(row["programme_version_id"], self.programme)
        return self._judge(row, closure_reason=row["closure_reason"], programme=programme)

    def _judge(
        self, row: CountedRow, closure_reason: str | None, programme: Programme | None
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
