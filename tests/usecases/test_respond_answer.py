"""One answer at a time: kept, changed, skipped, refused, and what each does to the rest."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.answers import AnswerRefusal
from survey_app.domain.requests import AlertKind, RequestState
from survey_app.store.alerts import Alert
from survey_app.store.requests import SurveyRequest
from survey_app.usecases.respond.answer import StepRefusal, Submission, answer
from tests.links import a_link
from tests.store.statements import counted_statements
from tests.usecases.respondent import Respondent
from tests.world import NOON


@pytest.fixture
def someone(session: Session) -> Respondent:
    """Has started a link of five questions."""
    return Respondent(session, a_link(session)[1]).begin()


@pytest.fixture
def tier_two(session: Session) -> Respondent:
    """Has started a link with the conditional pairs."""
    return Respondent(session, a_link(session, "sus-tier-2")[1]).begin()


def test_an_answer_is_kept_and_the_next_question_comes(someone: Respondent):
    outcome = someone.say("satisfied", "very-satisfied")
    assert outcome.next_step == someone.step("use-again")
    assert someone.stored() == [("satisfied", "very-satisfied", False, None)]


def test_a_skip_is_kept_and_counts_as_dealt_with(someone: Respondent):
    outcome = someone.skip("satisfied")
    assert outcome.next_step == someone.step("use-again")
    assert someone.stored() == [("satisfied", "", True, None)]
    assert (someone.sheet.reached, someone.sheet.answered) == (1, 0)


def test_the_same_sent_twice_is_one_answer(someone: Respondent):
    first = someone.say("satisfied", "satisfied")
    stored = someone.stored()
    assert someone.say("satisfied", "satisfied") == first
    assert someone.stored() == stored


def test_a_changed_answer_takes_the_place_of_the_earlier_one(someone: Respondent):
    someone.say("satisfied", "satisfied")
    someone.say("use-again", "yes")
    outcome = someone.say("satisfied", "neither")
    assert outcome.next_step == someone.step("recommend")
    assert sorted(someone.stored()) == [
        ("satisfied", "neither", False, None),
        ("use-again", "yes", False, None),
    ]


def test_continuing_without_a_choice_keeps_an_earlier_answer(someone: Respondent):
    someone.say("satisfied", "satisfied")
    assert someone.say("satisfied").next_step == someone.step("use-again")
    assert someone.stored() == [("satisfied", "satisfied", False, None)]


def test_skipping_takes_an_earlier_answer_back(someone: Respondent):
    someone.say("satisfied", "satisfied")
    someone.skip("satisfied")
    assert someone.stored() == [("satisfied", "", True, None)]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ((), AnswerRefusal.EMPTY),
        (("",), AnswerRefusal.EMPTY),
        (("excellent",), AnswerRefusal.UNKNOWN_CODE),
        (("Satisfied",), AnswerRefusal.UNKNOWN_CODE),
        (("satisfied", "neither"), AnswerRefusal.MORE_THAN_ONE),
    ],
)
def test_what_is_no_answer_is_refused_and_leaves_nothing(
    someone: Respondent, values: tuple[str, ...], refusal: AnswerRefusal
):
    assert someone.say("satisfied", *values) is refusal
    assert someone.stored() == []


def test_a_refused_answer_leaves_the_earlier_one(someone: Respondent):
    someone.say("satisfied", "satisfied")
    assert someone.say("satisfied", "excellent") is AnswerRefusal.UNKNOWN_CODE
    assert someone.stored() == [("satisfied", "satisfied", False, None)]


def test_free_text_is_kept_as_written_and_read_back_by_nobody(someone: Respondent):
    someone.say("comment", "  Everyone was kind.\r\nReally. ")
    assert someone.stored() == [("comment", "", False, "Everyone was kind.\nReally.")]
    read_back = someone.sheet.find_answer(someone.step("comment"))
    assert read_back is not None
    assert "kind" not in read_back.text


def test_free_text_left_empty_is_a_skip(someone: Respondent):
    assert someone.say("comment", "   ").next_step == someone.step("satisfied")
    assert someone.stored() == [("comment", "", True, None)]


def test_yes_opens_a_question_and_no_does_not(tier_two: Respondent):
    tier_two.say("affected-confidence", "yes")
    assert tier_two.step("helped-confidence") in tier_two.sheet.steps
    tier_two.say("affected-accommodation", "no")
    assert tier_two.step("helped-accommodation") not in tier_two.sheet.steps


def test_an_answer_to_a_question_that_is_not_asked_is_refused(tier_two: Respondent):
    assert tier_two.say("helped-confidence", "yes") is StepRefusal.NOT_ON_ROUTE
    tier_two.say("affected-confidence", "no")
    assert tier_two.say("helped-confidence", "yes") is StepRefusal.NOT_ON_ROUTE
    assert [item for item, *_ in tier_two.stored()] == ["affected-confidence"]


def test_a_change_drops_the_answers_that_no_longer_apply_and_says_how_many(tier_two: Respondent):
    tier_two.say("affected-confidence", "yes")
    tier_two.say("helped-confidence", "yes")
    tier_two.say("affected-accommodation", "yes")
    tier_two.skip("helped-accommodation")
    assert tier_two.say("affected-confidence", "no").dropped == 1
    assert tier_two.say("affected-accommodation", "no").dropped == 0
    assert [item for item, *_ in tier_two.stored()] == [
        "affected-confidence",
        "affected-accommodation",
    ]


def test_a_question_asked_again_after_a_change_comes_without_its_old_answer(tier_two: Respondent):
    tier_two.say("affected-confidence", "yes")
    tier_two.say("helped-confidence", "yes")
    tier_two.say("affected-confidence", "no")
    tier_two.say("affected-confidence", "yes")
    assert tier_two.sheet.find_answer(tier_two.step("helped-confidence")) is None


def test_two_instruments_with_one_item_id_keep_their_answers_apart(session: Session):
    someone = Respondent(session, a_link(session, "self-assessment", "sus-tier-1")[1]).begin()
    twins = [s for s in someone.questionnaire.all_steps if s.item == "health-and-wellbeing"]
    assert [step.instrument for step in twins] == ["self-assessment", "sus-tier-1"]
    someone.say(twins[1], "agree")
    assert someone.sheet.find_answer(twins[0]) is None
    assert someone.sheet.next_step == twins[0]


def test_the_last_answer_ends_the_request(someone: Respondent, session: Session):
    for item in ("satisfied", "use-again", "recommend", "comment"):
        assert someone.skip(item).next_step is not None
    assert someone.link.is_open
    assert someone.say("contact-me", "no").next_step is None
    request = session.get_one(SurveyRequest, someone.link.request_id)
    assert request.state == RequestState.COMPLETED


@pytest.mark.parametrize(
    ("item", "value", "kind"),
    [
        ("comment", "Please ring me", AlertKind.FREE_TEXT),
        ("contact-me", "yes", AlertKind.CONTACT_WISH),
        ("contact-me", "no", None),
        ("satisfied", "very-dissatisfied", None),
    ],
)
def test_free_text_and_a_contact_wish_make_an_alert_at_once(
    someone: Respondent, session: Session, item: str, value: str, kind: AlertKind | None
):
    assert someone.say(item, value).alert is kind
    alerts = session.scalars(select(Alert)).all()
    assert [(alert.kind, alert.item) for alert in alerts] == ([(kind, item)] if kind else [])
    assert someone.link.is_open


def test_keeping_an_answer_is_one_statement(session: Session):
    _, token = a_link(session, "self-assessment", "sus-tier-2")
    someone = Respondent(session, token).begin()
    sheet, step = someone.sheet, someone.step("feeling-safe")
    with counted_statements(session) as statements:
        answer(session, sheet, step, Submission(["4"]), now=NOON)
    assert [each.split()[0] for each in statements] == ["INSERT"]
