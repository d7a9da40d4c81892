"""What a browser shows does not depend on the database: its walks run on SQLite alone.

Journeys (`tests/journeys`) drive a browser on both.
"""

import pytest


@pytest.fixture
def database_kind() -> str:
    """The one database of these walks."""
    return "sqlite"
