"""Reports as they are shown, beside the same counted live, for tests of months kept as counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from survey_app.domain.periods import Period, Quarter, Span
from survey_app.domain.requests import OPEN_STATES, RequestState
from survey_app.reporting import report as reports
from survey_app.reporting.counting import Part
from survey_app.reporting.filters import NOT_RECORDED, Dimension, Filters
from survey_app.reporting.population import Audience
from survey_app.reporting.report import Report
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.kept_months import all_kept_months
from survey_app.store.requests import SurveyRequest
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.keep_months import keep_months, kept_as
from tests.reporting.worlds import NOW, World
from tests.world import TEST_KEYS

QUARTER = Quarter(2018, 1)
AROUND = Span(Quarter(2017, 4), Quarter(2018, 2))

FILTERED: tuple[tuple[Filters, Dimension | None], ...] = (
    (Filters({Dimension.TIER: "none"}), None),
    (Filters({Dimension.TIER: "2"}), Dimension.TIER),
    (Filters({Dimension.CRIME_CATEGORY: NOT_RECORDED}), Dimension.MONTH),
    (Filters({Dimension.FLAG: "high-risk"}), Dimension.FLAG),
    (Filters({Dimension.FLAG: NOT_RECORDED}), None),
    (Filters({Dimension.LOCAL_AUTHORITY: "Elsewhere"}), None),
    (Filters({Dimension.SEX: "female"}), Dimension.SEX),
    (Filters({Dimension.LANGUAGE: "pl"}), Dimension.QUARTER),
    (Filters({Dimension.MODE: "phone"}), None),
    (Filters({Dimension.MODE: "phone"}), Dimension.MODE),
    (Filters({Dimension.SEX: "male", Dimension.FLAG: "none"}), None),
    (Filters({Dimension.SEX: "male"}), Dimension.MODE),
    (Filters({}, instrument="sus-tier-1"), None),
)


@dataclass
class Keeping:
    """A world's database with its worker's keeping of months."""

    database: Database
    service_id: int
    now: datetime = NOW

    def keep(self) -> int:
        """Keep what may be kept; how many months were counted."""
        runtime = Runtime(Settings(keys=TEST_KEYS), self.database, lambda: self.now)
        return keep_months(runtime).kept

    def kept(self) -> set[str]:
        """The months that are kept and have not moved."""
        with self.database.read(Scope.worker()) as session:
            service = session.get_one(Service, self.service_id)
            way = kept_as(session, service, self.now)
            return set(all_kept_months(session, service.id, way))

    def report(self, period: Period, **choices: object) -> Report:
        """What is shown."""
        with self.database.read(Scope.worker()) as session:
            service = session.get_one(Service, self.service_id)
            return reports.report(session, service, period, now=self.now, **choices)  # type: ignore[arg-type]

    def live(self, period: Period, **choices: object) -> Report:
        """The same with nothing taken as kept."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reports, "with_kept_months", lambda _session, population: population)
            return self.report(period, **choices)

    def assert_equal(self, period: Period, **choices: object) -> None:
        """What is shown is what is counted live."""
        assert self.report(period, **choices) == self.live(period, **choices), choices

    def assert_all_equal(self) -> None:
        """In every part and split, under a filter by anything, for both audiences."""
        self.assert_equal(QUARTER, audience=Audience.COMMISSIONER)
        self.assert_equal(AROUND, audience=Audience.STAFF, parts=list(Part))
        for by in Dimension:
            self.assert_equal(QUARTER, by=by, audience=Audience.STAFF, parts=list(Part))
        for filters, by in FILTERED:
            self.assert_equal(
                QUARTER, by=by, audience=Audience.STAFF, parts=list(Part), filters=filters
            )


def settle_requests(world: World, months: tuple[str, ...]) -> None:
    """End every open request of the cases that closed in these months; nothing is to come."""
    ids = [c.id for c in world.cases if c.closed_on and f"{c.closed_on:%Y-%m}" in months]
    of_months = SurveyRequest.case_id.in_(ids)
    settled = {"due_at": NOW - timedelta(days=2), "deferred_until": None}
    world.session.execute(update(SurveyRequest).where(of_months).values(settled))
    world.session.execute(
        update(SurveyRequest)
        .where(of_months, SurveyRequest.state.in_(OPEN_STATES))
        .values(state=RequestState.EXPIRED)
    )
    world.session.expire_all()
