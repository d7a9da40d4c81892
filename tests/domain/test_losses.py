"""The loss planner: where most are lost, and what one step better would bring."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.ladder import STEPS
from survey_app.domain.losses import biggest, losses

COUNTS = dict(zip(STEPS, (1000, 900, 600, 500, 400, 300, 240), strict=True))


def loss_of(step: str, target: float | None = 70):
    return next(loss for loss in losses(COUNTS, target) if loss.step == step)


def test_a_step_that_loses_nobody_would_bring_what_later_steps_let_through():
    found = loss_of("contactable")
    assert (found.before, found.after, found.lost) == (900, 600, 300)
    assert found.gained == 120  # 300 more, of whom 240 in 600 complete
    assert found.completed_if_none_lost == 36.0


def test_how_many_fewer_must_be_lost_to_reach_the_target():
    assert loss_of("contactable", target=30).needed == 150  # 60 more complete
    assert loss_of("completed", target=30).needed == 60
    assert loss_of("contactable", target=70).needed is None
    assert loss_of("contactable", target=24).needed == 0
    assert loss_of("contactable", target=None).needed is None


def test_the_biggest_loss_is_named_and_none_where_nobody_is_lost():
    assert biggest(losses(COUNTS, 70)).step == "contactable"
    assert biggest(losses(dict.fromkeys(STEPS, 5), 70)) is None
    assert biggest(losses(dict.fromkeys(STEPS, 0), 70)) is None


@given(st.lists(st.integers(0, 400), min_size=7, max_size=7), st.floats(0, 100))
def test_what_is_needed_is_just_enough(drawn, target):
    counts = dict(zip(STEPS, sorted(drawn, reverse=True), strict=True))
    for found in losses(counts, target):
        assert 0 <= found.gained <= found.lost
        if found.needed is None or not found.needed:
            continue
        kept = counts["completed"] / counts[found.step]
        wanted = target * counts["supported"] / 100
        assert counts["completed"] + found.needed * kept >= wanted - 1e-6
        assert counts["completed"] + (found.needed - 1) * kept < wanted + 1e-6
