"""A process without pages, and a far end whose behaviour the test writes."""

import pytest

from survey_app.messaging.providers.choose import Providers
from survey_app.settings import Settings
from survey_app.store.database import Database
from survey_app.store.runtime import Runtime
from tests.messaging.far_end import FarEnd
from tests.world import TEST_KEYS, SetClock


@pytest.fixture
def process(database: Database, clock: SetClock) -> Runtime:
    """Settings, database and clock, as a worker holds them."""
    return Runtime(Settings(keys=TEST_KEYS), database, clock)


@pytest.fixture
def far_end() -> FarEnd:
    """A far end that behaves until told otherwise."""
    return FarEnd()


@pytest.fixture
def providers(far_end: FarEnd) -> Providers:
    """The far end in the place of the installation's provider."""
    return Providers({"simulated": far_end}, usual="simulated")
