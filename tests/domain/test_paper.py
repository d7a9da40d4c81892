"""What the numbers typed from a paper form answer, and which are refused."""

import pytest

from survey_app.domain.answers import Answer
from survey_app.domain.paper import PaperFault, questions_of, read_entries
from tests.links import SHIPPED

TIER_2 = questions_of([SHIPPED["self-assessment", "1"], SHIPPED["sus-tier-2", "1"]])


def number_of(item: str) -> int:
    return next(each.number for each in TIER_2 if each.item.id == item)


def read(**typed: str):
    entries = {number_of(item.replace("_", "-")): text for item, text in typed.items()}
    return read_entries(TIER_2, entries)


def test_questions_are_numbered_through_all_instruments():
    assert [each.number for each in TIER_2] == list(range(1, len(TIER_2) + 1))
    assert TIER_2[4].item.id == "satisfied"


def test_an_option_number_is_its_code_and_empty_is_left_out():
    said = read(feeling_safe="5", satisfied="1", comment=" It helped. ", recommend="")
    assert said.wrong == ()
    assert said.answers["self-assessment"] == {"feeling-safe": Answer(codes=("5",))}
    assert said.answers["sus-tier-2"] == {
        "satisfied": Answer(codes=("very-satisfied",)),
        "comment": Answer(text="It helped."),
    }


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("9", PaperFault.NO_SUCH_OPTION),
        ("0", PaperFault.NO_SUCH_OPTION),
        ("-1", PaperFault.NO_SUCH_OPTION),
        ("yes", PaperFault.NO_SUCH_OPTION),
        ("²", PaperFault.NO_SUCH_OPTION),
        ("1 2", PaperFault.ONE_ONLY),
    ],
)
def test_what_is_no_answer_is_refused_by_its_question(typed, fault):
    said = read(satisfied=typed)
    assert [(each.question.item.id, each.fault) for each in said.wrong] == [("satisfied", fault)]


def test_an_answer_off_the_route_is_refused_and_one_on_it_is_not():
    off = read(affected_finances="2", helped_finances="1")
    assert [(each.question.item.id, each.fault) for each in off.wrong] == [
        ("helped-finances", PaperFault.OFF_ROUTE)
    ]
    assert off.wrong[0].question.only_after == (number_of("affected-finances"), (1,))
    assert read(affected_finances="1", helped_finances="1").wrong == ()


def test_a_form_with_nothing_on_it_is_blank():
    assert read().is_blank
    assert not read(comment="x").is_blank
