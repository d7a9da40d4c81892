"""How a young person is asked the same things."""

import pytest

from survey_app.domain.definitions import FaultCode, Faults
from survey_app.domain.instruments import parse_instrument
from survey_app.domain.programmes import YoungTerms, instrument_faults, parse_programme
from survey_app.domain.routing import route
from survey_app.domain.young_people import (
    as_asked,
    faces_of,
    left_out_items,
    left_out_unless_answered,
)
from tests.domain.definitions import (
    PREFER_NOT,
    an_instrument_of,
    helped,
    raw_programme,
    scale,
    text,
    yes_no,
)

WORDS = {"text": "Okay?", "hint": "Just now.", "options": {"1": "Bad", "5": "Great"}}
TERMS = YoungTerms(wording=True, leave_out={"probe": ("affected",)})


def probe(**parts):
    items = (
        scale("home", young_person=WORDS, hint="At home."),
        yes_no("affected"),
        helped("helped", "affected"),
        text("comment"),
    )
    return an_instrument_of(*items, key="probe", **parts)


def test_words_change_and_ids_codes_and_values_stay():
    before, after = probe().item("home"), as_asked(probe(), TERMS).item("home")
    assert (after.text, after.hint) == ("Okay?", "Just now.")
    assert [option.text for option in after.options][:5] == [
        "Bad", "Step 2", "Step 3", "Step 4", "Great",
    ]  # fmt: skip
    assert (after.codes, after.values, after.outcome) == (
        before.codes,
        before.values,
        before.outcome,
    )


def test_without_the_switch_the_words_are_everyones():
    terms = YoungTerms(leave_out=TERMS.leave_out)
    assert as_asked(probe(), terms).item("home").text == "How is it?"


def test_what_is_left_out_takes_along_what_it_leads_to():
    assert [item.id for item in as_asked(probe(), TERMS).items] == ["home", "comment"]
    assert left_out_items(probe(), TERMS) == ("affected", "helped")
    assert route(as_asked(probe(), TERMS), {}) == ("home", "comment")


@pytest.mark.parametrize(
    ("answered", "left_out"),
    [((), ("affected", "helped")), (("affected",), ()), (("home",), ("affected", "helped"))],
)
def test_on_paper_an_answer_shows_that_it_was_asked(answered, left_out):
    assert left_out_unless_answered(probe(), TERMS, answered) == left_out


def test_another_instrument_is_asked_whole():
    other = an_instrument_of(yes_no("affected"), key="other")
    assert as_asked(other, TERMS) == other


def test_faces_go_from_the_worst_to_the_best_point_whatever_the_order():
    up = an_instrument_of(scale("home")).item("home")
    down = an_instrument_of(scale("home", polarity="lower-is-better", doing_well_from=2)).items[0]
    assert faces_of(up) == {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
    assert faces_of(down) == {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}


def test_a_five_point_choice_has_the_happy_face_beside_its_positive_end():
    codes = ["very-easy", "easy", "neither", "hard", "very-hard"]
    item = {
        "id": "easy",
        "type": "choice",
        "text": "How easy?",
        "options": [*({"code": code, "text": code} for code in codes), PREFER_NOT],
        "measures": [{"key": "easy", "positive": codes[:2], "outside": ["prefer-not-to-say"]}],
    }
    assert faces_of(an_instrument_of(item).item("easy")) == dict(
        zip(codes, (5, 4, 3, 2, 1), strict=True)
    )


@pytest.mark.parametrize("item", [yes_no("a"), scale("a", top=10), text("a")])
def test_other_questions_have_no_faces(item):
    assert faces_of(an_instrument_of(item).item("a")) == {}


def test_wording_for_a_code_that_is_no_option_is_a_fault():
    raw = probe().model_dump(mode="json")
    raw["items"][0]["young_person"]["options"]["9"] = "Nine"
    found = parse_instrument(raw)
    assert isinstance(found, Faults)
    assert [(f.item, f.code, f.detail) for f in found.faults] == [
        ("home", FaultCode.UNKNOWN_CODE, "young_person: 9")
    ]


@pytest.mark.parametrize(
    ("leave_out", "code"),
    [
        ({"nobody": ["home"]}, FaultCode.UNKNOWN_INSTRUMENT),
        ({"probe": ["garden"]}, FaultCode.UNKNOWN_ITEM),
        ({"probe": ["helped"]}, FaultCode.LEFT_OUT_IN_HALVES),
        ({"probe": ["home", "affected", "helped", "comment"]}, FaultCode.NOTHING_LEFT),
        ({"probe": ["affected", "helped"]}, None),
    ],
)
def test_what_a_programme_leaves_out_must_be_there_and_whole(leave_out, code):
    raw = raw_programme() | {"young_person": {"wording": True, "leave_out": leave_out}}
    programme = parse_programme(raw)
    found = instrument_faults(programme, {"probe": probe()})
    here = [f.code for f in found if f.item == "young_person.leave_out"]
    assert here == ([code] if code else [])
