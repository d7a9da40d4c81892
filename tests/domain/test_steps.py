"""Where is someone in a link of several instruments?"""

import pytest
from hypothesis import given

from survey_app.domain.answers import SKIPPED, Answer
from survey_app.domain.instruments import Instrument
from survey_app.domain.steps import (
    Progress,
    Step,
    find_next_step,
    find_step,
    find_step_before,
    progress,
    steps,
)
from tests.domain.definitions import an_instrument_of, helped, scale, yes_no
from tests.domain.strategies import answered_instruments

FIRST = an_instrument_of(scale("feeling-safe"), key="self-assessment", version="2")
SECOND = an_instrument_of(yes_no("affected"), helped("helped", "affected"), key="survey")
LINK = (FIRST, SECOND)
YES = Answer(codes=("yes",))

SAFE = Step("self-assessment", "2", "feeling-safe")
AFFECTED = Step("survey", "1", "affected")
HELPED = Step("survey", "1", "helped")


def test_a_link_asks_its_instruments_in_order() -> None:
    assert steps(LINK, {}) == (SAFE, AFFECTED)
    assert steps(LINK, {"survey": {"affected": YES}}) == (SAFE, AFFECTED, HELPED)


def test_the_same_item_id_in_two_instruments_is_two_steps() -> None:
    other = an_instrument_of(scale("feeling-safe"), key="other")
    answers = {"self-assessment": {"feeling-safe": SKIPPED}}
    assert find_next_step((FIRST, other), answers) == Step("other", "1", "feeling-safe")


def test_the_next_step_passes_over_answers_and_skips() -> None:
    assert find_next_step(LINK, {}) == SAFE
    begun = {"self-assessment": {"feeling-safe": SKIPPED}, "survey": {"affected": YES}}
    assert find_next_step(LINK, begun) == HELPED
    done = begun | {"survey": {"affected": YES, "helped": SKIPPED}}
    assert find_next_step(LINK, done) is None


def test_a_step_is_found_by_the_name_that_its_page_carries() -> None:
    taken = steps(LINK, {})
    assert SAFE.name == "self-assessment:2:feeling-safe"
    assert find_step(taken, SAFE.name) == SAFE
    assert find_step(taken, HELPED.name) is None
    assert find_step(taken, "") is None


def test_going_back_stops_at_the_first_step() -> None:
    taken = steps(LINK, {})
    assert find_step_before(taken, AFFECTED) == SAFE
    assert find_step_before(taken, SAFE) is None


def test_progress_counts_from_one_and_grows_when_an_answer_opens_a_question() -> None:
    assert progress(steps(LINK, {}), AFFECTED) == Progress(number=2, of=2)
    opened = steps(LINK, {"survey": {"affected": YES}})
    assert progress(opened, HELPED) == Progress(number=3, of=3)
    with pytest.raises(ValueError, match="not in tuple"):
        progress(steps(LINK, {}), HELPED)


@given(answered_instruments())
def test_every_step_has_a_name_of_its_own(answered: tuple[Instrument, dict[str, Answer]]) -> None:
    instrument, answers = answered
    taken = steps([instrument, FIRST], {instrument.key: answers})
    assert len({step.name for step in taken}) == len(taken)
    assert all(find_step(taken, step.name) == step for step in taken)
