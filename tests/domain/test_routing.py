"""Does everyone meet the questions that apply to them, and no others?"""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.answers import SKIPPED, Answer, Standing
from survey_app.domain.instruments import Instrument
from survey_app.domain.routing import (
    answers_off_route,
    dropped_by_change,
    find_next_item,
    route,
    standings,
)
from tests.domain.definitions import an_instrument_of, helped, text, yes_no
from tests.domain.strategies import answered_instruments, answers_to_item

YES = Answer(codes=("yes",))
NO = Answer(codes=("no",))

PAIR = an_instrument_of(yes_no("affected"), helped("helped", "affected"), text("comment"))
CHAIN = an_instrument_of(
    yes_no("a"),
    yes_no("b", ask_when={"item": "a", "codes": ["yes"]}),
    yes_no("c", ask_when={"item": "b", "codes": ["yes"]}),
)

Answered = tuple[Instrument, dict[str, Answer]]


def test_a_conditional_question_waits_for_its_answer() -> None:
    assert route(PAIR, {}) == ("affected", "comment")
    assert route(PAIR, {"affected": YES}) == ("affected", "helped", "comment")
    assert route(PAIR, {"affected": NO}) == ("affected", "comment")
    assert route(PAIR, {"affected": SKIPPED}) == ("affected", "comment")


def test_an_answer_off_the_route_decides_nothing() -> None:
    answers = {"a": NO, "b": YES, "c": YES}
    assert route(CHAIN, answers) == ("a",)
    assert answers_off_route(CHAIN, answers) == ("b", "c")


def test_a_skip_off_the_route_is_no_answer() -> None:
    assert answers_off_route(CHAIN, {"a": NO, "b": SKIPPED}) == ()


def test_the_next_item_is_the_first_neither_answered_nor_skipped() -> None:
    seen: dict[str, Answer] = {}
    met = []
    for answer in (YES, SKIPPED, SKIPPED):
        item = find_next_item(PAIR, seen)
        assert item is not None
        met.append(item.id)
        seen[item.id] = answer
    assert met == ["affected", "helped", "comment"]
    assert find_next_item(PAIR, seen) is None


def test_a_changed_answer_drops_what_no_longer_applies() -> None:
    answers = {"a": YES, "b": YES, "c": NO}
    assert dropped_by_change(CHAIN, answers, "a", NO) == ("b", "c")
    assert dropped_by_change(CHAIN, answers, "b", NO) == ("c",)
    assert dropped_by_change(CHAIN, answers, "c", YES) == ()


def test_who_was_not_asked_is_not_blank() -> None:
    measured = an_instrument_of(
        yes_no(
            "affected",
            measures=[{"key": "affected", "positive": ["yes"], "outside": ["prefer-not-to-say"]}],
        ),
        helped("helped", "affected"),
    )
    assert standings(measured, {}) == {
        "affected": Standing.BLANK,
        "helped": Standing.NOT_ASKED,
    }
    assert standings(measured, {"affected": YES}) == {
        "affected": Standing.POSITIVE,
        "helped": Standing.BLANK,
    }
    # An answer that a later change put off the route no longer counts.
    assert standings(measured, {"affected": NO, "helped": YES}) == {
        "affected": Standing.COUNTED,
        "helped": Standing.NOT_ASKED,
    }


@given(answered_instruments())
def test_a_route_never_visits_a_question_whose_condition_is_false(answered: Answered) -> None:
    instrument, answers = answered
    visited = route(instrument, answers)
    for item_id in visited:
        condition = instrument.item(item_id).ask_when
        if condition is None:
            continue
        assert condition.item in visited[: visited.index(item_id)]
        assert set(answers[condition.item].codes) & set(condition.codes)


@given(answered_instruments())
def test_a_route_visits_every_question_whose_condition_is_true(answered: Answered) -> None:
    instrument, answers = answered
    visited = route(instrument, answers)
    for item in instrument.items:
        if item.id in visited:
            continue
        condition = item.ask_when
        assert condition is not None
        given_codes = answers.get(condition.item, SKIPPED).codes
        assert condition.item not in visited or not set(given_codes) & set(condition.codes)


@given(answered_instruments())
def test_a_route_keeps_the_order_of_the_items(answered: Answered) -> None:
    instrument, answers = answered
    order = [item.id for item in instrument.items]
    visited = route(instrument, answers)
    assert list(visited) == sorted(visited, key=order.index)


@given(answered_instruments())
def test_answers_off_the_route_do_not_change_it(answered: Answered) -> None:
    instrument, answers = answered
    off = answers_off_route(instrument, answers)
    kept = {item_id: answer for item_id, answer in answers.items() if item_id not in off}
    assert route(instrument, kept) == route(instrument, answers)
    assert answers_off_route(instrument, kept) == ()


@given(answered_instruments(), st.data())
def test_a_changed_answer_drops_exactly_what_leaves_the_route(
    answered: Answered, data: st.DataObject
) -> None:
    instrument, answers = answered
    item = instrument.item(data.draw(st.sampled_from(route(instrument, answers))))
    changed = data.draw(answers_to_item(item))
    dropped = dropped_by_change(instrument, answers, item.id, changed)
    left = set(route(instrument, answers)) - set(route(instrument, {**answers, item.id: changed}))
    answered_before = {key for key, answer in answers.items() if not answer.is_blank}
    assert set(dropped) == left & answered_before


@given(answered_instruments(), st.data())
def test_answering_step_by_step_always_ends_with_nothing_off_route(
    answered: Answered, data: st.DataObject
) -> None:
    instrument, _ = answered
    seen: dict[str, Answer] = {}
    while (item := find_next_item(instrument, seen)) is not None:
        seen[item.id] = data.draw(answers_to_item(item))
    assert set(seen) == set(route(instrument, seen))
    assert answers_off_route(instrument, seen) == ()
