"""A seed decides what breaks, and everything that the test promises to break does."""

from collections import Counter

from faults.misbehaviour import TAKES, VERY_LATE_SECONDS, Act, plan


def plans(seed, count=1000):
    return [plan(seed, f"Info>+447700900{n:03}", 1) for n in range(count)]


def test_one_seed_misbehaves_in_one_way_and_another_seed_in_another():
    assert plans(3) == plans(3)
    assert plans(3) != plans(4)


def test_a_second_attempt_is_drawn_anew():
    assert len({plan(3, "Info>+447700900123", attempt).act for attempt in range(1, 60)}) > 3


def test_a_thousand_texts_meet_every_misbehaviour_and_most_are_taken():
    acts = Counter(one.act for one in plans(5))
    assert set(acts) == set(Act)
    assert sum(acts[act] for act in TAKES) > 700


def test_callbacks_come_early_late_repeated_out_of_order_or_never():
    seen = {tuple(c.status for c in one.callbacks) for one in plans(6)}
    assert seen == {
        (),
        ("delivered",),
        ("sent", "delivered"),
        ("delivered", "sent"),
        ("sent", "delivered", "sent", "delivered"),
    }
    callbacks = [c for one in plans(6) for c in one.callbacks]
    assert any(c.is_early and not c.is_by_id for c in callbacks)
    assert any(c.is_early and c.is_by_id for c in callbacks)
    assert any(c.is_anothers for c in callbacks)
    assert any(c.after == VERY_LATE_SECONDS for c in callbacks)
