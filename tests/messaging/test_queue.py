"""A nudge is heard at once, says nothing, and may be lost without harm."""

import pickle
from dataclasses import replace
from queue import Empty
from queue import Queue as Heard

import pytest

from survey_app.messaging.queue import Queue, QueueNotAvailable
from survey_app.settings import Settings
from tests.queues import queue_settings
from tests.world import TEST_KEYS

__all__ = ["queue_settings"]


@pytest.fixture
def heard(queue_settings):
    """What a listening process hears: one entry for each nudge."""
    entries: Heard[str] = Heard()
    listener = Queue(queue_settings).listener(lambda: entries.put("nudged"))
    listener.start()
    yield entries
    listener.stop(graceful=True)


def waiting(queue: Queue) -> list[bytes]:
    return [bytes(item) for item in queue._huey.storage.enqueued_items()]


def test_a_nudge_is_heard_by_a_listener_in_another_process_s_queue(queue_settings, heard):
    Queue(queue_settings).nudge()
    assert heard.get(timeout=10) == "nudged"


def test_a_listener_that_failed_at_one_nudge_hears_the_next(queue_settings, capsys):
    entries: Heard[str] = Heard()
    faults = [RuntimeError("words about +447700900123")]

    def fails_once():
        entries.put("nudged")
        if faults:
            raise faults.pop()

    listener = Queue(queue_settings).listener(fails_once)
    listener.start()
    try:
        for _ in range(2):
            Queue(queue_settings).nudge()
            assert entries.get(timeout=10) == "nudged"
    finally:
        listener.stop(graceful=True)
    said = "".join(capsys.readouterr())
    assert "RuntimeError" in said
    assert "900123" not in said


def test_nudges_that_wait_are_one(queue_settings):
    queue = Queue(queue_settings)
    for _ in range(5):
        queue.nudge()
    assert len(waiting(queue)) == 1


def test_a_nudge_carries_nothing(queue_settings):
    queue = Queue(queue_settings)
    queue.nudge()
    [item] = waiting(queue)
    task = queue._huey.deserialize_task(item)
    assert (task.args, task.kwargs) == ((), {})


class Intruder:
    """Unpickling it would tell."""

    def __reduce__(self):
        return (pytest.fail, ("something that nobody signed was loaded",))


@pytest.mark.parametrize("is_signed_with_another_key", [False, True])
def test_what_was_not_signed_with_our_key_is_never_loaded(
    queue_settings, heard, capsys, is_signed_with_another_key
):
    queue = Queue(queue_settings)
    content = pickle.dumps(Intruder())
    if is_signed_with_another_key:
        other = replace(queue_settings, keys=replace(TEST_KEYS, secret="another secret" * 3))
        content = Queue(other)._huey.serializer._sign(content)
    queue._huey.storage.enqueue(content)
    with pytest.raises(Empty):
        heard.get(timeout=1.5)
    assert "ValueError" in "".join(capsys.readouterr())
    queue.nudge()
    assert heard.get(timeout=10) == "nudged"


def test_a_nudge_to_a_queue_that_is_away_is_lost_without_a_word_of_where_it_is(capsys):
    queue = Queue(Settings(keys=TEST_KEYS, queue_url="redis://:hidden@127.0.0.1:1/0"))
    queue.nudge()
    said = "".join(capsys.readouterr())
    assert "nudge-lost" in said
    assert "hidden" not in said


@pytest.mark.parametrize("url", ["amqp://127.0.0.1", "127.0.0.1:6379", "file:///queue.db"])
def test_a_queue_of_an_unknown_kind_is_refused_by_name(url):
    queue = Queue(Settings(keys=TEST_KEYS, queue_url=url))
    with pytest.raises(QueueNotAvailable, match="QUEUE_URL"):
        queue.listener(lambda: None)
