"""An alert is told in the words of question and answer, of the version that was answered."""

from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from survey_app.domain.requests import AlertKind
from survey_app.reporting.alert_answers import AlertAnswer, alert_answers
from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.responses import Answer, Response
from survey_app.store.services import InstrumentSnapshot
from tests.alerts import an_alert
from tests.builders import a_case, an_instrument
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON


def only_alert(session: Session, kind: AlertKind) -> Alert:
    return session.scalars(select(Alert).where(Alert.kind == kind)).one()


def an_answer(session: Session, case: Case, instrument: InstrumentSnapshot, *codes: str) -> Alert:
    """An alert about item `feels-safe` of this instrument, answered with these codes."""
    response = Response(
        service_id=case.service_id,
        case_id=case.id,
        wave="closure",
        instrument_id=instrument.id,
        mode="in-person",
        language="en",
        started_at=NOON,
    )
    session.add(response)
    session.flush()
    for code in codes:
        session.add(Answer(response_id=response.id, item="feels-safe", code=code, answered_at=NOON))
    alert = Alert(
        service_id=case.service_id,
        case_id=case.id,
        response_id=response.id,
        kind=AlertKind.LOW_SAFETY,
        item="feels-safe",
        raised_at=NOON,
        due_at=NOON,
    )
    session.add(alert)
    session.flush()
    return alert


def a_version(session: Session, version: str, text: str, worst: str) -> InstrumentSnapshot:
    """A star whose only area is said like this."""
    shipped = newest_instruments()["adult-star"].model_dump(mode="json")
    item: dict[str, Any] = {
        **shipped["items"][0],
        "id": "feels-safe",
        "text": text,
        "alert_when": {"codes": ["1"], "kind": "low-safety"},
    }
    item["options"] = [{**item["options"][0], "text": worst}, *item["options"][1:]]
    content = shipped | {"version": version, "items": [item]}
    return an_instrument(session, "adult-star", content, version=version)


def test_low_safety_says_the_question_and_what_was_chosen(session: Session):
    _, token = a_link(session, "self-assessment")
    Respondent(session, token).begin().say("feeling-safe", "1")
    alert = only_alert(session, AlertKind.LOW_SAFETY)
    said = alert_answers(session, [alert.id])[alert.id]
    assert said == AlertAnswer("How safe do you feel at the moment?", "Not safe at all")
    assert said.in_words == "How safe do you feel at the moment? Not safe at all"


def test_a_yes_to_being_contacted_says_so(session: Session):
    _, token = a_link(session)
    Respondent(session, token).begin().say("contact-me", "yes")
    alert = only_alert(session, AlertKind.CONTACT_WISH)
    said = alert_answers(session, [alert.id])[alert.id]
    assert said.in_words == "Would you like someone to contact you? Yes"


def test_the_words_are_those_of_the_version_that_was_answered(session: Session):
    case = a_case(session)
    first = a_version(session, "1", "I feel safe in my daily life", "Not at all")
    second = a_version(session, "2", "My days feel safe", "Never")
    alerts = [an_answer(session, case, each, "1") for each in (first, second)]
    said = alert_answers(session, [alert.id for alert in alerts])
    assert [said[alert.id].in_words for alert in alerts] == [
        "I feel safe in my daily life: Not at all",
        "My days feel safe: Never",
    ]


def test_of_what_somebody_wrote_only_the_question_is_told(session: Session):
    alert = an_alert(session, text="He waits outside.")
    said = alert_answers(session, [alert.id])[alert.id]
    assert said.chosen == said.in_words == ""
    assert said.question == "Is there anything else you would like to tell us?"


def test_an_answer_that_was_taken_back_leaves_the_question_alone(session: Session):
    case = a_case(session)
    alert = an_answer(session, case, a_version(session, "1", "I feel safe", "No"), "1")
    session.execute(delete(Answer).where(Answer.response_id == alert.response_id))
    assert alert_answers(session, [alert.id])[alert.id] == AlertAnswer("I feel safe", "")


@pytest.mark.parametrize(("codes", "said"), [(("1", "9x"), "No; 9x"), (("9x",), "9x")])
def test_a_list_opens_whatever_one_of_its_alerts_is_about(session: Session, codes, said):
    alert = an_answer(session, a_case(session), a_version(session, "1", "Safe?", "No"), *codes)
    assert alert_answers(session, [alert.id])[alert.id].chosen == said
    alert.item = "gone"
    session.flush()
    assert alert_answers(session, [alert.id])[alert.id].question == "gone"


def test_what_is_about_no_answer_is_left_out_and_nobody_elses_is_told(session: Session):
    mine, other = an_alert(session), an_alert(session)
    mine.response_id = None
    session.flush()
    assert alert_answers(session, [mine.id]) == {}
    assert alert_answers(session, []) == {}
    assert set(alert_answers(session, [other.id])) == {other.id}
