"""Fixtures for every test stand in tests/databases.py, tests/world.py, tests/browsers.py
and tests/catalogues.py."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases", "tests.world", "tests.browsers", "tests.catalogues"]

# On a shared machine an example's time says nothing; CI must not fail by the luck of the draw.
settings.register_profile(
    "here", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")
