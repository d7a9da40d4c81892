"""Are kept months what a count of the rows makes of them?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from survey_app.reporting.kept_tallies import count_month, kept_as, waiting_of_month
from survey_app.reporting.member_listing import KeptTallies, different_tallies
from survey_app.store.kept_months import (
    MonthKept,
    find_kept_months,
    get_left_out,
    read_all_tallies,
)
from survey_app.store.services import Service, services_named

_FIRST, _LAST = "0001-01", "9999-12"


@dataclass(frozen=True)
class MonthCheck:
    """A kept month beside a count anew: which tallies differ."""

    service: str
    month: str
    different: tuple[str, ...]


def check_months(
    session: Session, now: datetime, slugs: Sequence[str] | None = None
) -> Iterator[tuple[MonthCheck, int, int]]:
    """Compare every month that pages take as kept, but for the cases that they do not, with what
    the rows make of it; with each, how many of how many are behind. The session must be a
    snapshot."""
    kept = [
        (service, month, found)
        for service in session.scalars(services_named(slugs)).all()
        for month, found in find_kept_months(
            session, service.id, _FIRST, _LAST, kept_as(session, service, now), now
        ).items()
    ]
    for behind, (service, month, found) in enumerate(kept, start=1):
        different = _different(session, service, month, found, now)
        yield MonthCheck(service.slug, month, different), behind, len(kept)


def _different(
    session: Session, service: Service, month: str, found: MonthKept, now: datetime
) -> tuple[str, ...]:
    kept: KeptTallies = read_all_tallies(session, found)
    counted = count_month(session, service, month, now, get_left_out(session, found))
    anew = {row["tally"]: (row["totals"], row["members"]) for row in counted.kept()}
    different = different_tallies(kept, anew, but=found.apart)
    waiting = waiting_of_month(session, service, month, now)
    if not waiting.case_ids <= found.apart:
        different.add("waiting")
    return tuple(sorted(different))
