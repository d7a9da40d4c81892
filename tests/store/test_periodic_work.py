"""However many workers ask, each slot of periodic work is one worker's turn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from survey_app.store.periodic_work import take_turn
from tests.world import NOON


def turn(database, name, every, now):
    with database.write() as session:
        return take_turn(session, name, every, now)


def test_of_many_who_ask_at_the_same_time_one_is_told_yes_in_each_slot(database):
    turn(database, "another kind of work", 5.0, NOON)
    with ThreadPoolExecutor(6) as pool:
        for slot in range(5):
            now = NOON + timedelta(seconds=5 * slot)
            asked = [pool.submit(turn, database, "sweep", 5.0, now) for _ in range(12)]
            assert [one.result() for one in asked].count(True) == 1


@pytest.mark.parametrize(
    ("seconds_later", "every", "expected"),
    [
        (0.0, 5.0, False),
        (4.9, 5.0, False),
        (5.0, 5.0, True),
        (7.3, 5.0, True),
        (-3.0, 5.0, False),  # two who ask together, and whose statements come the other way round
        (-59.0, 5.0, False),
        (-61.0, 5.0, True),  # a clock that was put back
        (-3600.0, 5.0, True),
        (-86400.0, 5.0, True),
        (0.5, 0.2, True),
        (600.0, 900.0, False),
    ],
)
def test_a_turn_is_free_again_when_a_later_slot_has_begun(database, seconds_later, every, expected):
    assert turn(database, "sweep", every, NOON)
    later = NOON + timedelta(seconds=seconds_later)
    assert turn(database, "sweep", every, later) is expected


def test_one_kind_of_work_does_not_take_the_turn_of_another(database):
    assert turn(database, "sweep", 5.0, NOON)
    assert turn(database, "refused", 5.0, NOON)
    assert not turn(database, "sweep", 5.0, NOON)


def test_a_turn_that_is_not_committed_is_nobody_s(database):
    def takes_it_and_dies():
        with database.write() as session:
            assert take_turn(session, "sweep", 5.0, NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        takes_it_and_dies()
    assert turn(database, "sweep", 5.0, NOON)
