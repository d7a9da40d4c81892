"""What do figures ask of one case? One row a case, made from what is recorded and never by hand.

Holds what was recorded and when, never what depends on today: where a case stands in the ladder is
worked out after counting (`domain.ladder`). Written anew in the transaction of whatever changes it
(`store/stale_facts`); `figures rebuild` makes every row again, `figures check` proves them.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from survey_app.domain.cases import Flag
from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.record_quality import SAID, USABLE_NUMBERS
from survey_app.domain.requests import OPEN_STATES, EndReason, RequestState, Wave
from survey_app.store.base import Base, OfService
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.services import InstrumentSnapshot

CASES_AT_ONCE = 400
"""Keeps a statement below SQLite's limit on parameters, and memory flat over an import."""


class CaseFact(OfService, Base):
    """One case as figures see it; columns of 0 and 1 are numbers, so that they can be summed."""

    __tablename__ = "case_facts"
    __table_args__ = (
        # All that a filter or the tier asks of a case, so that only the cases that pass are read.
        Index(
            "ix_case_facts_closed",
            *("service_id", "closed_on", "sex", "crime_category", "local_authority"),
            *("referral_source", "age_band", "ethnicity", "disability", "language", "flags"),
            *("tier", "support_level", "deliveries", "has_open_request"),
        ),
    )

    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id"), primary_key=True, autoincrement=False
    )
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    closed_on: Mapped[date | None]
    closure_reason: Mapped[str | None]
    support_level: Mapped[str]
    deliveries: Mapped[int]

    crime_category: Mapped[str | None]
    flags: Mapped[str | None]
    """As in `cases`; each flag also has a column of its own below."""
    local_authority: Mapped[str | None]
    referral_source: Mapped[str | None]
    age_band: Mapped[str | None]
    birth_not_given: Mapped[str | None]
    sex: Mapped[str | None]
    gender_identity: Mapped[str | None]
    ethnicity: Mapped[str | None]
    disability: Mapped[str | None]
    sexuality: Mapped[str | None]
    religion: Mapped[str | None]
    language: Mapped[str]

    is_domestic_abuse: Mapped[int]
    is_sexual_violence: Mapped[int]
    is_stalking: Mapped[int]
    is_hate_crime: Mapped[int]
    is_homicide: Mapped[int]
    is_high_risk: Mapped[int]
    is_vulnerable: Mapped[int]
    is_child: Mapped[int]
    is_bereaved: Mapped[int]

    tier: Mapped[str | None]
    """The closure request's; None without one, or where it was taken back as not eligible."""
    request_id: Mapped[int | None]
    """The closure request, whatever became of it."""
    programme_version_id: Mapped[int | None]
    due_at: Mapped[datetime | None]
    deferred_until: Mapped[datetime | None]
    refusal: Mapped[str | None]
    is_contactable: Mapped[int]
    asked_at: Mapped[datetime | None]
    """The first of: text accepted, call made, form handed over."""
    reached_at: Mapped[datetime | None]
    has_started: Mapped[int]
    """Start was pressed, or any closure response but a star was imported."""
    completed_on: Mapped[date | None]
    """The day of the completed satisfaction response at closure that counts."""
    completed_mode: Mapped[str | None]
    has_expired: Mapped[int]
    has_opted_out: Mapped[int]
    was_withdrawn: Mapped[int]
    """At going live, unasked."""
    has_open_request: Mapped[int]
    """Of any wave: its answers may still come in."""

    knows_number: Mapped[int]
    knows_consent: Mapped[int]
    knows_safe: Mapped[int]
    knows_safety_check: Mapped[int]
    knows_flags: Mapped[int]
    knows_first_attempt: Mapped[int]
    knows_first_contact: Mapped[int]
    knows_needs_assessment: Mapped[int]
    knows_support_plan: Mapped[int]
    knows_review: Mapped[int]
    knows_closure_reason: Mapped[int]
    knows_closure_code: Mapped[int]
    """Whether so much is recorded of the case and its person (DOMAIN.md: not recorded is not the
    same as not done)."""


FLAG_COLUMNS = {flag: getattr(CaseFact, f"is_{flag.value.replace('-', '_')}") for flag in Flag}
"""The column of each flag."""

_Closure = aliased(SurveyRequest, name="closure_request")
_Open = aliased(SurveyRequest, name="open_request")
_Completing = aliased(Response, name="completing")


_CASE_IDS = bindparam("case_ids", expanding=True)
_LOCK = (
    select(CaseFact.__table__.c.case_id)
    .where(CaseFact.__table__.c.case_id.in_(_CASE_IDS))
    .order_by(CaseFact.__table__.c.case_id)
    .with_for_update()
)


@cache
def _write(dialect: str) -> Any:
    """The statement that makes fact rows anew; putting it together takes longer than it runs."""
    table = CaseFact.__table__
    names = [column.name for column in table.columns]
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect](table)
    write = insert.from_select(names, case_fact_rows())
    return write.on_conflict_do_update(
        index_elements=[table.c.case_id],
        set_={name: write.excluded[name] for name in names if name != "case_id"},
    )


def refresh_case_facts(session: Session, case_ids: Collection[int]) -> None:
    """Make the fact rows of these cases anew from what is recorded of them.

    Two transactions that change one case write its row one after the other: the second locks it,
    and so reads what the first has committed. Nothing is locked after these rows, so nobody waits
    in a circle.
    """
    # What is marked here is made anew whatever the session may see: the connection has no scope.
    connection = session.connection()
    for batch in batches(case_ids):
        connection.execute(_LOCK, {"case_ids": batch})
        connection.execute(_write(connection.dialect.name), {"case_ids": batch})


def batches(case_ids: Iterable[int]) -> Iterator[list[int]]:
    """Case ids in order, as many at once as one statement takes."""
    remaining = iter(sorted(set(case_ids)))
    while batch := list(islice(remaining, CASES_AT_ONCE)):
        yield batch


def case_fact_rows() -> Select[Any]:
    """The fact rows of the cases `case_ids` as they should be, by the columns of `CaseFact`."""
    closure = _closure_responses()
    columns = _columns(closure)
    return (
        select(*(columns[column.name].label(column.name) for column in CaseFact.__table__.columns))
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(_Closure, and_(_Closure.case_id == Case.id, _Closure.wave == Wave.CLOSURE))
        .outerjoin(closure, closure.c.case_id == Case.id)
        .outerjoin(_Completing, _Completing.id == closure.c.completing_id)
        .where(Case.id.in_(_CASE_IDS))
    )


def _columns(closure: Any) -> dict[str, Any]:
    of_case: tuple[Any, ...] = (
        *(Case.service_id, Case.closed_on, Case.closure_reason, Case.support_level),
        *(Case.deliveries, Case.crime_category, Case.flags, Case.local_authority),
        *(Case.referral_source, Case.age_band),
        *(Person.birth_not_given, Person.sex, Person.gender_identity, Person.ethnicity),
        *(Person.disability, Person.sexuality, Person.religion, Person.language),
    )
    return {
        "case_id": Case.id,
        **{column.key: column for column in of_case},
        **{FLAG_COLUMNS[flag].key: _flag(_has_flag(flag)) for flag in Flag},
        **_of_request(closure),
        **{name: _flag(is_so) for name, is_so in _known().items()},
    }


def _of_request(closure: Any) -> dict[str, Any]:
    request = _Closure
    open_requests = select(_Open.id).where(
        _Open.case_id == Case.id, _Open.state.in_(tuple(OPEN_STATES))
    )
    stands = request.end_reason.is_(None) | (request.end_reason != EndReason.NO_LONGER_ELIGIBLE)
    has_started = request.started_at.is_not(None) | closure.c.case_id.is_not(None)
    return {
        "tier": case((stands, request.tier)),
        "request_id": request.id,
        "programme_version_id": request.programme_version_id,
        "due_at": request.due_at,
        "deferred_until": request.deferred_until,
        "refusal": request.refusal,
        "is_contactable": _flag(request.is_contactable.is_(True)),
        "asked_at": func.coalesce(
            request.first_text_accepted_at, request.call_made_at, request.handed_over_at
        ),
        "reached_at": request.reached_at,
        "has_started": _flag(has_started),
        "completed_on": _Completing.counts_on,
        "completed_mode": _Completing.mode,
        "has_expired": _flag(request.state == RequestState.EXPIRED),
        "has_opted_out": _flag(request.opted_out_at.is_not(None)),
        "was_withdrawn": _flag(request.end_reason == EndReason.WITHDRAWN_AT_GO_LIVE),
        "has_open_request": _flag(open_requests.correlate(Case).exists()),
    }


def _known() -> dict[str, ColumnElement[bool]]:
    return {
        "knows_number": Person.number_kind.in_(tuple(USABLE_NUMBERS)),
        "knows_consent": Person.sms_consent.in_(tuple(SAID)),
        "knows_safe": Person.sms_safe.in_(tuple(SAID)),
        "knows_safety_check": Person.safety_checked_on.is_not(None),
        "knows_flags": and_(Case.flags.is_not(None), Case.flags != ""),
        "knows_first_attempt": _either(Case.first_attempt_on, Case.first_attempt_at),
        "knows_first_contact": _either(Case.first_contact_on, Case.first_contact_at),
        "knows_needs_assessment": Case.needs_assessment_on.is_not(None),
        "knows_support_plan": Case.support_plan_on.is_not(None),
        "knows_review": Case.review_on.is_not(None),
        "knows_closure_reason": Case.closure_reason.is_not(None),
        "knows_closure_code": and_(Case.closure_code.is_not(None), Case.closure_code != ""),
    }


def _closure_responses() -> Any:
    """Per case that answered anything at closure but a star: its completed satisfaction response.

    Completed means the end, or Finish, reached with an answer, once the request has ended.
    """
    is_completed = and_(
        InstrumentSnapshot.kind == InstrumentKind.SURVEY,
        Response.is_complete.is_(True),
        Response.counts_on.is_not(None),
    )
    return (
        select(Response.case_id, func.max(case((is_completed, Response.id))).label("completing_id"))
        .join(InstrumentSnapshot, InstrumentSnapshot.id == Response.instrument_id)
        .where(
            Response.case_id.in_(_CASE_IDS),
            Response.wave == Wave.CLOSURE,
            Response.superseded_by_id.is_(None),
            InstrumentSnapshot.kind != InstrumentKind.STAR,
        )
        .group_by(Response.case_id)
        .subquery("closure_responses")
    )


def _has_flag(flag: Flag) -> ColumnElement[bool]:
    return (literal(";") + func.coalesce(Case.flags, "") + literal(";")).contains(f";{flag.value};")


def _either(day: Any, instant: Any) -> ColumnElement[bool]:
    return or_(day.is_not(None), instant.is_not(None))


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
