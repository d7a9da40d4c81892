"""A Redis that stands still costs nobody more than a second."""

from dataclasses import replace
from time import monotonic

import pytest

from faults.own_servers import OwnServer, own_redis
from faults.processes import DidNotStart
from survey_app.messaging.queue import Queue
from survey_app.web.victim.guesses import Guessed, Guesses

AT_ONCE = 1.5
"""Seconds: the one that a call may take, and the machine's own."""


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    try:
        with own_redis(tmp_path_factory.mktemp("redis")) as server:
            yield server
    except DidNotStart as missing:
        pytest.skip(str(missing))


@pytest.fixture(params=["before it was called", "after it was called"])
def frozen(request, redis: OwnServer, app):
    """The app on a Redis that stands still, met for the first time or known before."""
    runtime = app.extensions["runtime"]
    settings = replace(runtime.settings, redis_url=redis.url, queue_url=redis.url)
    app.extensions["runtime"] = replace(runtime, settings=settings)
    app.extensions["guesses"] = Guesses(settings.redis_url)
    app.extensions["queue"] = Queue(settings)
    if request.param == "after it was called":
        app.extensions["guesses"].failed(Guessed.CODE, "192.0.2.1")
        app.extensions["queue"].nudge()
    redis.freeze()
    yield app
    redis.thaw()


def took(call) -> float:
    began = monotonic()
    call()
    return monotonic() - began


def test_a_page_that_counts_failed_links_still_comes(frozen, database):
    client = frozen.test_client()
    assert took(lambda: client.get("/s/abcdefghjkmn")) < AT_ONCE
    assert client.get("/s/abcdefghjkmn").status_code == 404


def test_a_nudge_that_nobody_takes_holds_nobody_up(frozen):
    assert took(frozen.extensions["queue"].nudge) < AT_ONCE


def test_metrics_say_that_the_queue_is_away(frozen):
    client = frozen.test_client()
    answers = []
    assert took(lambda: answers.append(client.get("/metrics"))) < AT_ONCE
    assert "survey_queue_up 0.0" in answers[0].text.splitlines()
