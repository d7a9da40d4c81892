"""What is due today, and overdue: for one caseworker, a team, or everybody?

One query for each kind of work but readings (two), whatever the number of cases. Rows carry the
case reference and why, never a name, a number, or what somebody wrote. Each list pages by key.
"""

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, func, literal, or_, select

from survey_app.domain.cases import NumberKind, Recorded
from survey_app.domain.readings_due import ReadingStanding
from survey_app.domain.requests import OPEN_STATES, Wave
from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.desk_due import (
    Desk,
    DueKind,
    DueList,
    DueRow,
    instant_key,
    one_page,
    worker_of,
)
from survey_app.reporting.desk_due_requests import calls_due, refused_texts
from survey_app.reporting.desk_held import held_due
from survey_app.reporting.desk_readings import OwedReading, owed_readings
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest

RECONFIRM_AHEAD = timedelta(days=14)
"""Safety details are due again so long before they are too old to go by."""

READINGS = {
    DueKind.BASELINE: Wave.BASELINE,
    DueKind.REVIEW: Wave.REVIEW,
    DueKind.CLOSURE: Wave.CLOSURE,
}
_NEVER = date(1900, 1, 1)


def due_today(desk: Desk, limit: int | None) -> dict[DueKind, DueList]:
    """The first rows of every kind (all without a limit), with how many there are."""
    owed = _owed(desk)
    return {kind: _list(desk, kind, limit, None, owed) for kind in DueKind}


def due_of_kind(
    desk: Desk, kind: DueKind, limit: int | None, after: tuple[str, int] | None = None
) -> DueList:
    """The rows of one kind that come after a key. `total` counts from there."""
    return _list(desk, kind, limit, after, _owed(desk) if kind in READINGS else [])


def has_cases(desk: Desk) -> bool:
    """Whether there is any case that is theirs."""
    found = select(Case.id).where(Case.service_id == desk.service_id, *desk.mine).limit(1)
    return desk.session.scalar(found) is not None


def _owed(desk: Desk) -> list[OwedReading]:
    return owed_readings(desk.session, desk.service_id, desk.programme, desk.today, *desk.mine)


def _list(
    desk: Desk,
    kind: DueKind,
    limit: int | None,
    after: tuple[str, int] | None,
    owed: list[OwedReading],
) -> DueList:
    if kind in READINGS:
        return _readings(kind, owed, limit, after)
    return _QUERIED[kind](desk, limit, after)


def _readings(
    kind: DueKind, owed: list[OwedReading], limit: int | None, after: tuple[str, int] | None
) -> DueList:
    wave = READINGS[kind]
    rows = [
        DueRow(
            kind=kind,
            case_ref=each.case.case_ref,
            worker=worker_of(each.case),
            since=each.reading.due_on,
            is_overdue=each.reading.standing is ReadingStanding.OVERDUE,
            key=(each.reading.due_on.isoformat(), each.case.id),
            wave=wave,
        )
        for each in owed
        if each.reading.wave is wave
    ]
    left = [row for row in rows if after is None or row.key > after]
    return DueList(tuple(left[:limit]), len(left))


def _alerts(desk: Desk, limit: int | None, after: tuple[str, int] | None) -> DueList:
    query = (
        select(Alert.id, Alert.kind, Alert.due_at, Case.case_ref)
        .join(Case, Case.id == Alert.case_id)
        .where(Alert.service_id == desk.service_id, Alert.closed_at.is_(None), *desk.mine)
    )
    rows, total = one_page(desk, query, Alert.due_at, Alert.id, limit, instant_key(after))
    return DueList(
        tuple(
            DueRow(
                kind=DueKind.ALERTS,
                case_ref=row.case_ref,
                worker=worker_of(row),
                since=row.due_at.astimezone(LONDON).date(),
                is_overdue=row.due_at < desk.now,
                key=(row.due_at.isoformat(), row.id),
                reason=row.kind,
                alert_id=row.id,
                due_at=row.due_at,
            )
            for row in rows
        ),
        total,
    )


def _safe_contact(desk: Desk, limit: int | None, after: tuple[str, int] | None) -> DueList:
    """Details that are, or will soon be, too old to go by, of people still to be asked."""
    lasts = timedelta(days=desk.programme.contact.stale_after_days)
    checked = func.coalesce(Person.safety_checked_on, literal(_NEVER))
    query = (
        select(Case.id, Case.case_ref, Person.safety_checked_on, checked.label("checked"))
        .join(Person, Person.id == Case.person_id)
        .where(
            Case.service_id == desk.service_id,
            or_(Case.closed_on.is_(None), _has_open_request()),
            *_could_be_reached(),
            checked <= desk.today - lasts + RECONFIRM_AHEAD,
            *desk.mine,
        )
    )
    key = None if after is None else (date.fromisoformat(after[0]), after[1])
    rows, total = one_page(desk, query, checked, Case.id, limit, key)
    return DueList(
        tuple(
            DueRow(
                kind=DueKind.SAFE_CONTACT,
                case_ref=row.case_ref,
                worker=worker_of(row),
                since=row.safety_checked_on and row.safety_checked_on + lasts,
                is_overdue=row.safety_checked_on is None
                or row.safety_checked_on + lasts < desk.today,
                key=((row.safety_checked_on or _NEVER).isoformat(), row.id),
            )
            for row in rows
        ),
        total,
    )


def _has_open_request() -> ColumnElement[bool]:
    return exists().where(SurveyRequest.case_id == Case.id, SurveyRequest.state.in_(OPEN_STATES))


def _could_be_reached() -> tuple[ColumnElement[bool], ...]:
    """Where a fresh check could let a text or a call go at all."""
    return (
        Person.number_kind.in_((NumberKind.UK_MOBILE, NumberKind.UK_LANDLINE)),
        Person.opted_out_at.is_(None),
        func.coalesce(Person.do_not_contact, Recorded.NO) == Recorded.NO,
    )


_QUERIED: dict[DueKind, Callable[[Desk, int | None, tuple[str, int] | None], DueList]] = {
    DueKind.ALERTS: _alerts,
    DueKind.HELD: held_due,
    DueKind.SAFE_CONTACT: _safe_contact,
    DueKind.REFUSED: refused_texts,
    DueKind.CALLS: calls_due,
}
