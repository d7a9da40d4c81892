"""Trials as pages: who may, what is refused in words, and what the texts and the card then say."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.trials import Arm
from survey_app.store.messages import SimulatedText
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.store.trials import Trial
from survey_app.usecases.run_due import run_due
from tests.builders import a_case, a_person
from tests.staff import an_account, send, sign_in
from tests.texting import a_due_request, a_texting_service
from tests.trials import a_trial, somebody_in, trial_of
from tests.world import NOON

LIST = "/services/ours/trials"
NEW = f"{LIST}/new"
WORDING = {"kind": "wording", "size": "400", "last_day": "2027-03-31", "reason": "Few answer."}
TIMES = WORDING | {"kind": "send-time", "first_time": "10:00", "second_time": "17:00"}


@pytest.fixture
def database_kind() -> str:
    """What the steps do is tested on both; nothing of the pages differs."""
    return "sqlite"


@pytest.fixture
def manager(signed_in_as) -> int:
    return signed_in_as(Role.MANAGER)


def sign_in_another(client, database, service, role=Role.ADMINISTRATOR) -> None:
    with database.write(Scope.worker()) as session:
        email = an_account(session, (service, role)).email
    sign_in(client, email)


def trials(database) -> list[Trial]:
    with database.read(Scope.worker()) as session:
        return list(session.scalars(select(Trial)))


def test_from_draft_to_end_by_two_people_with_their_reasons(client, manager, service, database):
    assert "Nothing was tried yet." in client.get(LIST).text
    drafted = send(client, NEW, NEW, **TIMES)
    assert drafted.status_code == 302
    page = drafted.location
    assert "You drafted this trial" in client.get(page).text
    own = send(client, page, f"{page}/approve", reason="Mine.")
    assert own.status_code == 400
    assert "somebody else has to approve it" in own.text
    sign_in_another(client, database, service)
    assert send(client, page, f"{page}/approve", reason=" ").status_code == 400
    assert send(client, page, f"{page}/approve", reason="Both fit.").status_code == 302
    assert send(client, page, f"{page}/start", reason="Now.").status_code == 302
    running = client.get(page).text
    assert "Time of day: sent at 10:00 against sent at 17:00" in running
    assert "Nobody is in it yet." in running
    assert "0 of 400 people planned are in; its last day is 31 March 2027." in running
    assert "Judge it once it has ended." in running
    assert send(client, page, f"{page}/end", reason="").status_code == 400
    assert send(client, page, f"{page}/end", reason="Enough.").status_code == 302
    ended = client.get(page).text
    for said in ("Few answer.", "Both fit.", "Enough.", "It was ended before its plan was"):
        assert said in ended
    assert len({t.key for t in trials(database)} - {None}) == 1
    assert all((t.key or "") not in ended for t in trials(database))
    assert "Draft a trial" in client.get(LIST).text


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.COMMISSIONER, Role.INTERVIEWER])
def test_only_managers_and_administrators_find_their_way_to_it(client, signed_in_as, role):
    signed_in_as(role)
    assert client.get(LIST).status_code == 403
    assert LIST not in client.get("/services/ours/sending").text


def test_sending_and_the_loss_planner_lead_to_it_and_no_other_page_of_figures(
    client, manager, service, database
):
    with database.write(Scope.worker()) as session:
        person = a_person(session, service)
        a_case(session, service, person, closed_on=NOON.date(), closure_reason="completed")
    figures = "/services/ours/figures/2026-Q3"
    leads = {
        address: f'href="{LIST}"' in client.get(address).text
        for address in ("/services/ours/sending", f"{figures}/reach", figures)
    }
    assert list(leads.values()) == [True, True, False]


@pytest.mark.parametrize(
    ("changes", "said", "field"),
    [
        ({"kind": ""}, "Choose what is tried.", "kind"),
        ({"kind": "typed-by-hand"}, "Choose what is tried.", "kind"),
        ({"reason": " "}, "Write why.", "reason"),
        ({"size": ""}, "Give a whole number of people.", "size"),
        ({"size": "many"}, "Give a whole number of people.", "size"),
        ({"size": "39"}, "Plan at least 40 people", "size"),
        ({"size": "9" * 30}, "Plan at most 100000 people.", "size"),
        ({"last_day": ""}, "Give a day.", "last_day"),
        ({"last_day": "soon"}, "Give a day.", "last_day"),
        ({"last_day": "2026-11-17"}, "The last day is over.", "last_day"),
        ({"last_day": "2030-01-01"}, "more than two years ahead", "last_day"),
        ({"first_time": ""}, "Give a time of day", "first_time"),
        ({"second_time": "25:00"}, "Give a time of day", "second_time"),
        ({"first_time": "08:00"}, "inside the hours", "first_time"),
        ({"second_time": "20:00"}, "inside the hours", "first_time"),
        ({"second_time": "10:30"}, "an hour apart", "second_time"),
    ],
)
def test_what_cannot_be_tried_is_said_in_words_beside_its_field(
    client, manager, database, changes, said, field
):
    answer = send(client, NEW, NEW, **(TIMES | changes))
    assert answer.status_code == 400
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert trials(database) == []


def test_a_second_trial_is_refused_while_one_has_not_ended(client, manager, service, database):
    with database.write(Scope.worker()) as session:
        a_trial(session, service, started_at=None, key=None)
    assert "One trial at a time" in client.get(LIST).text
    answer = send(client, NEW, NEW, **WORDING)
    assert answer.status_code == 400
    assert "Another trial of this service has not ended." in answer.text
    assert len(trials(database)) == 1


def test_a_service_that_does_not_send_starts_nothing(client, manager, service, database):
    with database.write(Scope.worker()) as session:
        page = f"{LIST}/{a_trial(session, service, started_at=None, key=None).id}"
        get_service(session, "ours").mode = "paused"
    assert "It has to be live before a trial starts." in client.get(page).text
    answer = send(client, page, f"{page}/start", reason="Now.")
    assert answer.status_code == 400
    assert "The service does not send now" in answer.text


def test_a_trial_of_another_service_is_not_there(client, manager, database):
    with database.write(Scope.worker()) as session:
        theirs = a_trial(session, a_texting_service(session)).id
    for address in (f"{LIST}/{theirs}", f"{LIST}/999"):
        assert client.get(address).status_code == 404


def test_whoever_ends_a_trial_of_wordings_says_what_becomes_of_those_who_came(
    client, manager, service, database
):
    with database.write(Scope.worker()) as session:
        trial = a_trial(session, service)
        page = f"{LIST}/{trial.id}"
    answer = send(client, page, f"{page}/end", reason="Harm.")
    assert answer.status_code == 400
    assert "Choose what becomes of them." in answer.text
    assert send(client, page, f"{page}/end", reason="Harm.", after="stop").status_code == 302
    with database.read(Scope.worker()) as session:
        assert trial_of(session, service.id).is_kept is False


def test_the_result_stands_with_bases_intervals_and_who_was_left_out(
    client, manager, service, database
):
    with database.write(Scope.worker()) as session:
        trial = a_trial(session, service)
        for n in range(12):
            arm, is_done = (Arm.SECOND if n % 2 else Arm.FIRST), n % 3 == 0
            a_due_request(
                session,
                service,
                trial_id=trial.id,
                trial_arm=arm,
                state="completed" if is_done else "asked",
            )
        a_due_request(session, service, trial_id=trial.id, trial_left_out="flagged")
        page = f"{LIST}/{trial.id}"
    text = unescape(client.get(page).text)
    assert "2 of 6, likely 10 to 70 %" in text
    assert "Completed, “question first” less “permission first”: 0 percentage points" in text
    assert "No more than chance" in text
    assert "8 of them can still answer" in text
    assert "A flag, or a crime that counts as one" in text
    assert "nothing of it is published, downloaded or shown to the commissioner" in text


def cards(client, case_ref: str) -> list[str]:
    page = client.get(f"/services/ours/cases/{case_ref}/expected-text").text
    return [unescape(body) for body in re.findall(r'phone-text__body"[^>]*>([^<]*)<', page)]


def test_card_case_page_and_phone_say_the_same_words_in_each_arm(
    client, signed_in_as, service, database, runtime
):
    with database.write(Scope.worker()) as session:
        a_trial(session, service)
        for arm in Arm:
            person = somebody_in(session, service, arm)
            a_due_request(session, service, person, case={"case_ref": f"WM-{arm}"})
    signed_in_as(Role.CASEWORKER)
    shown = {arm: cards(client, f"WM-{arm}") for arm in Arm}
    assert "You said we may ask how you are." in shown[Arm.FIRST][0]
    assert "How are you now? You said we may ask." in shown[Arm.SECOND][0]
    assert shown[Arm.FIRST][1] == shown[Arm.SECOND][1]
    card = client.get("/services/ours/cases/WM-second/expected-text").text
    assert "A trial of two wordings runs." in card
    case = unescape(client.get("/services/ours/cases/WM-second").text)
    assert shown[Arm.SECOND][0].split(" http")[0] in case
    run_due(runtime)
    with database.read(Scope.worker()) as session:
        came = {re.sub(r"/s/\w{12}", "/s/" + "x" * 12, t.body) for t in _sent(session)}
    assert came == {shown[arm][0] for arm in Arm}
    assert "invitation (question first)" in client.get("/services/ours/cases/WM-second").text
    listed = client.get("/services/ours/messages").text
    assert "invitation (question first)" in listed
    assert "permission first" not in listed


def _sent(session) -> list[SimulatedText]:
    return list(session.scalars(select(SimulatedText)))


def test_without_a_trial_the_card_is_the_usual_one(client, caseworker, service, database):
    with database.write(Scope.worker()) as session:
        person = session.get_one(Person, somebody_in(session, service, Arm.SECOND).id)
        a_due_request(session, service, person, case={"case_ref": "WM-1"})
    assert "You said we may ask how you are." in cards(client, "WM-1")[0]
    card = client.get("/services/ours/cases/WM-1/expected-text").text
    assert "A trial of two wordings runs." not in card
