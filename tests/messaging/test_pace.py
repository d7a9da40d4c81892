"""A sender keeps to its rate; another sender does not wait for it."""

import pytest

from survey_app.messaging.providers.pace import Pace, per_second


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def a_pace(rate: float | None) -> tuple[Pace, Time]:
    time = Time()
    return Pace(rate, lambda: time.now, time.sleep), time


@pytest.mark.parametrize(("rate", "seconds"), [(1, 9), (10, 0.9), (0.5, 18), (None, 0)])
def test_ten_texts_of_one_sender_take_as_long_as_its_rate_says(rate, seconds):
    pace, time = a_pace(rate)
    for _ in range(10):
        pace.wait("Info")
    assert time.now - 100 == pytest.approx(seconds)


def test_senders_do_not_wait_for_each_other():
    pace, time = a_pace(1)
    for sender in ("Info", "+447700900001", "Help"):
        pace.wait(sender)
    assert time.now == 100


def test_time_that_passed_by_itself_is_not_waited_for_again():
    pace, time = a_pace(1)
    pace.wait("Info")
    time.now += 30
    pace.wait("Info")
    assert time.now == 130


@pytest.mark.parametrize(
    ("written", "rate"),
    [("1", 1), ("0.5", 0.5), ("", None), ("0", None), ("-1", None), ("fast", None), ("nan", None)],
)
def test_a_rate_is_a_number_above_0(written, rate):
    assert per_second(written) == rate
