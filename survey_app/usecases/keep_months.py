"""Keep what the months' figures were counted as, so that a page need not count them again.

Like `run_due` it opens its own transactions: a month is counted in one snapshot, without holding
anybody up, and stored in another that takes away the marks of that snapshot and no others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from survey_app.reporting.kept_tallies import count_month, is_settled, kept_as
from survey_app.store.kept_months import (
    all_kept_months,
    forget_months,
    kept_contents,
    months_to_look_at,
    see_month,
    settle_month,
)
from survey_app.store.move_marks import marks_differ
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service


@dataclass
class Kept:
    """What one pass did: months kept anew, months that cannot be kept yet, and months that
    somebody else was looking at."""

    kept: int = 0
    open: int = 0
    left: int = 0
    is_marked: bool = True
    """Whether the triggers that mark moves are there; without them nothing is kept, and nothing
    that was kept is trusted."""


def keep_months(
    runtime: Runtime,
    now: datetime | None = None,
    *,
    should_stop: Callable[[], bool] = lambda: False,
    slugs: Sequence[str] | None = None,
    is_again: bool = False,
) -> Kept:
    """Look at every month that has moved or is not kept, the newest first.

    `should_stop` is asked between months. `is_again`: look at all others too.
    """
    now = now or runtime.now()
    with runtime.database.read(Scope.worker()) as session:
        done = Kept(is_marked=not marks_differ(session.connection()))
    if is_again or not done.is_marked:
        with runtime.database.write(Scope.worker()) as session:
            forget_months(session)
    if not done.is_marked:
        return done
    for service_id, month in _places(runtime, now, slugs):
        if should_stop():
            break
        is_kept, is_ours = _keep(runtime, service_id, month, now)
        done.left += not is_ours
        done.kept += is_ours and is_kept
        done.open += is_ours and not is_kept
    return done


def _places(runtime: Runtime, now: datetime, slugs: Sequence[str] | None) -> list[tuple[int, str]]:
    with runtime.database.snapshot(Scope.worker()) as session:
        services = session.scalars(_services(slugs)).all()
        ways = {service.id: kept_as(session, service, now) for service in services}
        return months_to_look_at(session, ways)


def _keep(runtime: Runtime, service_id: int, month: str, now: datetime) -> tuple[bool, bool]:
    """Whether the month is kept now, and whether that was ours to say."""
    with runtime.database.snapshot(Scope.worker()) as session:
        service = session.get_one(Service, service_id)
        seen = see_month(session, service_id, month)
        is_to_keep = is_settled(session, service, month, now)
        if not is_to_keep and not seen.marks and seen.version is not None:
            return False, True
        way = kept_as(session, service, now) if is_to_keep else None
        rows = list(count_month(session, service, month, now)) if is_to_keep else []
    with runtime.database.write(Scope.worker()) as session:
        return is_to_keep, settle_month(session, seen, way, now, rows)


@dataclass(frozen=True)
class MonthCheck:
    """A kept month beside a count anew: which tallies differ."""

    service: str
    month: str
    different: tuple[str, ...]


def check_months(
    session: Session, now: datetime, slugs: Sequence[str] | None = None
) -> Iterator[tuple[MonthCheck, int, int]]:
    """Compare every kept month that has not moved with what the rows make of it; with each, how
    many of how many are behind. The session must be a snapshot."""
    kept = [
        (service, month, month_id)
        for service in session.scalars(_services(slugs)).all()
        for month, month_id in all_kept_months(
            session, service.id, kept_as(session, service, now)
        ).items()
    ]
    for behind, (service, month, month_id) in enumerate(kept, start=1):
        different = _different(session, service, month, month_id, now)
        yield MonthCheck(service.slug, month, different), behind, len(kept)


def _different(
    session: Session, service: Service, month: str, month_id: int, now: datetime
) -> tuple[str, ...]:
    kept = kept_contents(session, month_id)
    counted = {
        (row["tally"], row["dimension"], row["value"]): row["content"]
        for row in count_month(session, service, month, now)
    }
    places = kept.keys() | counted.keys()
    different = {place[0] for place in places if kept.get(place) != counted.get(place)}
    if not is_settled(session, service, month, now):
        different.add("is-settled")
    return tuple(sorted(different))


def _services(slugs: Sequence[str] | None) -> Select[tuple[Service]]:
    query = select(Service).order_by(Service.id)
    return query if slugs is None else query.where(Service.slug.in_(slugs))
