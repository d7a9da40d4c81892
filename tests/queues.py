"""A queue of either kind for tests: a file always, Redis where one can be reached."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from survey_app.messaging.queue import NAME
from survey_app.settings import Settings
from tests.world import TEST_KEYS

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13")


@pytest.fixture(params=["file", "redis"])
def queue_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an installation whose queue is empty; the test runs once on each kind."""
    settings = Settings(keys=TEST_KEYS, data_dir=tmp_path)
    if request.param == "file":
        yield settings
        return
    key = f"huey.redis.{NAME}"
    with Redis.from_url(REDIS, socket_connect_timeout=3) as server:
        try:
            server.delete(key)
        except RedisError:
            pytest.skip("Redis is missing: set TEST_REDIS_URL or start one on 127.0.0.1:6379")
        yield replace(settings, queue_url=REDIS)
        server.delete(key)
