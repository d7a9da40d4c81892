"""Whom is a report about: which rows are in the period, in which group, in which tier?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, literal
from sqlalchemy.orm import aliased

from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.periods import Quarter
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import EndReason, Wave
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligible, NotEligibleReason, eligibility
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest

NOT_RECORDED = "not-recorded"
"""The group of those of whom the characteristic was never recorded."""


class Basis(StrEnum):
    """What puts a figure into a period: the closing of the case, or the day of the answer."""

    CLOSED = "closed"
    ANSWERED = "answered"


class Audience(StrEnum):
    """Who reads: the commissioner's tables leave the service, so small numbers are taken out."""

    COMMISSIONER = "commissioner"
    STAFF = "staff"


class Dimension(StrEnum):
    """What a report may be split by (FORMATS.md, `--by`)."""

    TIER = "tier"
    CRIME_CATEGORY = "crime-category"
    FLAG = "flag"
    LOCAL_AUTHORITY = "local-authority"
    REFERRAL_SOURCE = "referral-source"
    AGE_BAND = "age-band"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    LANGUAGE = "language"
    MODE = "mode"

    @property
    def is_partition(self) -> bool:
        """Whether everyone is in exactly one group; a case may carry several flags."""
        return self is not Dimension.FLAG


_OF_CASE: Mapping[Dimension, Any] = {
    Dimension.CRIME_CATEGORY: Case.crime_category,
    Dimension.FLAG: Case.flags,
    Dimension.LOCAL_AUTHORITY: Case.local_authority,
    Dimension.REFERRAL_SOURCE: Case.referral_source,
    Dimension.AGE_BAND: Case.age_band,
}
_OF_PERSON: Mapping[Dimension, Any] = {
    Dimension.SEX: Person.sex,
    Dimension.ETHNICITY: Person.ethnicity,
    Dimension.DISABILITY: Person.disability,
}

ClosureRequest = aliased(SurveyRequest, name="closure_request")


@dataclass(frozen=True)
class Population:
    """The rows of one service and period, and how they are split."""

    service_id: int
    period: Quarter
    basis: Basis
    by: Dimension | None
    now: datetime
    programmes: Mapping[int, Programme]
    """By programme version; empty for a service without one."""
    programme: Programme | None
    """The one in force, for cases that no request ties to an older one."""

    def of_cases(self) -> ColumnElement[bool]:
        """The cases of the service that closed in the period."""
        return and_(
            Case.service_id == self.service_id,
            Case.closed_on.between(self.period.starts_on, self.period.ends_on),
        )

    def of_days(self, day: Any) -> ColumnElement[bool]:
        """The rows of the period: by their case's closing, or by their own day."""
        if self.basis is Basis.CLOSED:
            return self.of_cases()
        in_period = day.between(self.period.starts_on, self.period.ends_on)
        return and_(Case.service_id == self.service_id, in_period)

    def split(self, query: Any, *, mode: Any, language: Any, has_tier: bool) -> Select[Any]:
        """Add what tells group and tier apart, and group by all columns but those that count.

        `mode` and `language` are the columns that stand for these two dimensions in this query,
        which selects from cases. Where `has_tier`, the closure request is joined for it.
        """
        keys: list[Any] = []
        if has_tier or self.by is Dimension.TIER:
            query = query.outerjoin(ClosureRequest, _is_closure_request_of_case())
            keys.append(self._tier_key().label("tier_key"))
        if self.by in _OF_PERSON or (self.by is Dimension.LANGUAGE and language is Person.language):
            query = query.join(Person, Person.id == Case.person_id)
        columns = {**_OF_CASE, **_OF_PERSON, Dimension.MODE: mode, Dimension.LANGUAGE: language}
        if self.by in columns:
            keys.append(columns[self.by].label("group_key"))
        return query.add_columns(*keys).group_by(*keys)

    def groups_of(self, row: Mapping[Any, Any]) -> tuple[str, ...]:
        """The groups that a row of a split query counts in; none without a dimension."""
        if self.by is None:
            return ()
        if self.by is Dimension.TIER:
            return (self.tier_of(row),)
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
        if origin == _BY_REQUEST:
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

    def _tier_key(self) -> ColumnElement[str]:
        """Everything that the tier depends on, in few distinct values, to keep counting small.

        The rule itself stays in `domain.tiers`: beyond the highest number that the tier table
        names, one delivery more makes no difference.
        """
        bounds = [
            bound
            for rule in (self.programme.tiers if self.programme else ())
            for bound in (rule.deliveries_from, (rule.deliveries_to or 0) + 1)
        ]
        highest = max(bounds, default=0)
        deliveries = case((Case.deliveries > highest, highest), else_=Case.deliveries)
        by_case = Case.support_level + literal(":") + cast(deliveries, Text)
        return case(
            (has_standing_request(), literal(f"{_BY_REQUEST}:") + ClosureRequest.tier),
            else_=by_case,
        )


_BY_REQUEST = "request"


def has_standing_request() -> ColumnElement[bool]:
    """Whether the case has a closure request that was not taken back as no longer eligible."""
    ended = ClosureRequest.end_reason
    return and_(
        ClosureRequest.tier.is_not(None),
        (ended.is_(None)) | (ended != EndReason.NO_LONGER_ELIGIBLE),
    )


def _is_closure_request_of_case() -> ColumnElement[bool]:
    return and_(ClosureRequest.case_id == Case.id, ClosureRequest.wave == Wave.CLOSURE)
