"""Reports as they are shown, beside the same counted live, for tests of months kept as counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest

from survey_app.domain.periods import Period, Quarter, Span
from survey_app.reporting import report as reports
from survey_app.reporting.counting import Part
from survey_app.reporting.filters import NOT_RECORDED, Dimension, Filters
from survey_app.reporting.kept_tallies import kept_as
from survey_app.reporting.population import Audience
from survey_app.reporting.report import Report
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.kept_months import MonthKept, find_kept_months
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.usecases.keep_months import keep_months
from tests.reporting.worlds import NOW
from tests.world import TEST_KEYS

QUARTER = Quarter(2018, 1)
AROUND = Span(Quarter(2017, 4), Quarter(2018, 2))

FILTERED: tuple[tuple[Filters, Dimension | None], ...] = (
    (Filters({Dimension.TIER: "none"}), None),
    (Filters({Dimension.TIER: "2"}), Dimension.TIER),
    (Filters({Dimension.FLAG: "high-risk"}), Dimension.FLAG),
    (Filters({Dimension.LANGUAGE: "pl"}), Dimension.QUARTER),
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

    def keep(self, *, is_patient: bool = False) -> int:
        """Keep what has moved; how many months were counted."""
        runtime = Runtime(Settings(keys=TEST_KEYS), self.database, lambda: self.now)
        return keep_months(runtime, is_patient=is_patient).kept

    def kept(self) -> dict[str, MonthKept]:
        """The months that are taken as kept, and the cases of each that are not."""
        with self.database.read(Scope.worker()) as session:
            service = session.get_one(Service, self.service_id)
            way = kept_as(session, service, self.now)
            months = "0001-01", "9999-12"
            return find_kept_months(session, service.id, *months, way, self.now)

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


VALUES: Mapping[Dimension, tuple[str, ...]] = {
    Dimension.TIER: ("none", "1", "2", "3"),
    Dimension.CRIME_CATEGORY: ("burglary", "fraud", NOT_RECORDED),
    Dimension.FLAG: ("none", "high-risk", "vulnerable", NOT_RECORDED),
    Dimension.SEX: ("female", "male", NOT_RECORDED),
    Dimension.LANGUAGE: ("en", "pl"),
    Dimension.MODE: ("sms-link", "phone"),
}


def drawn_question(draw: Random) -> tuple[Filters, Dimension | None]:
    """Any filters, up to four at once, and any split."""
    asked = draw.sample(sorted(VALUES), draw.randrange(5))
    instrument = draw.choice((None, None, None, "self-assessment", "sus-tier-1", "adult-star"))
    only = {dimension: draw.choice(VALUES[dimension]) for dimension in asked}
    return Filters(only, instrument), draw.choice((None, *Dimension))
