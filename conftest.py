"""Fixtures for every test stand in tests/databases.py, tests/world.py, tests/browsers.py
and tests/catalogues.py."""

import os
import shutil
from pathlib import Path

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.databases", "tests.world", "tests.browsers", "tests.catalogues"]

# On a shared machine an example's time says nothing; CI must not fail by the luck of the draw.
settings.register_profile(
    "here", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("ci", parent=settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A test's database is as durable as an installation's: each commit waits for the disk. In memory
# it does not, which is a third of the suite's time. Where there is room; TMPDIR is left alone.
IN_MEMORY = Path("/dev/shm")  # noqa: S108 (only where tests keep their files)
ROOM = 4 * 2**30
if (
    IN_MEMORY.is_dir()
    and os.access(IN_MEMORY, os.W_OK)
    and shutil.disk_usage(IN_MEMORY).free > ROOM
):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
