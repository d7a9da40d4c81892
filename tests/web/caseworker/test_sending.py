"""Shadow, go-live, pause and revoked links, as pages: who may, why, and what it does."""

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.messaging.outbox import cancel_queued
from survey_app.messaging.tokens import find_by_token, new_token
from survey_app.store.audit import AuditRow
from survey_app.store.messages import OutboxMessage, SimulatedText
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.run_due import run_due
from tests.builders import a_person
from tests.staff import send
from tests.staff_texts import a_text
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

PAGE = "/services/ours/sending"


@pytest.fixture
def in_shadow(database, service, runtime):
    """A shadow over one person who may be texted and one who may not; a live one beside it."""
    with database.write(Scope.worker()) as session:
        get_service(session, "ours").mode = "shadow"
        a_due_request(session, service, case={"case_ref": "WM-YES"})
        refused = a_person(session, service, sms_consent="no")
        a_due_request(session, service, refused, case={"case_ref": "WM-NO"})
        a_due_request(session, a_texting_service(session), case={"case_ref": "NOT-1"})
    run_due(runtime)


def mode(database) -> str:
    with database.read(Scope.worker()) as session:
        return get_service(session, "ours").mode


def sent(database) -> int:
    with database.read(Scope.worker()) as session:
        return len(session.scalars(select(SimulatedText)).all())


def last_details(database) -> dict:
    with database.read(Scope.worker()) as session:
        return session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first().details


def test_a_shadow_shows_who_would_have_been_texted_when_and_sends_nothing(
    client, caseworker, in_shadow, database
):
    page = client.get(PAGE).text
    assert "1 text was due and allowed" in page
    assert "1 of them would leave at once" in page
    assert "WM-YES" in page
    assert "Decided 18 November 2026, 12:00: Yes." in page
    assert "NOT-1" not in page
    assert "<dt>The person has not agreed to be texted.</dt><dd>1</dd>" in page
    assert "You said we may ask how you are." in page
    assert sent(database) == 1


def test_what_was_taken_back_since_stands_there_with_its_reason(
    client, caseworker, in_shadow, database
):
    with database.write(Scope.worker()) as session:
        message = session.scalars(
            select(OutboxMessage).where(OutboxMessage.state == "pending")
        ).one()
        cancel_queued(session, person_ids=[message.person_id], reason="unsafe", now=NOON)
    page = client.get(PAGE).text
    assert "0 of them would leave at once" in page
    assert "Taken back since: Texts to this number are not safe." in page


def test_only_a_manager_sees_the_way_to_go_live(client, signed_in_as, in_shadow, database):
    signed_in_as(Role.CASEWORKER)
    assert "A manager of this service can let it send." in client.get(PAGE).text
    answer = send(client, PAGE, f"{PAGE}/live", reason="x", confirm="yes")
    assert answer.status_code == 403
    assert mode(database) == "shadow"


READY = {"reason": "Ready.", "confirm": "yes", "waited": "send"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "Write why."),
        ({"reason": " "}, "Write why."),
        ({"confirm": ""}, "Confirm that you have looked at it."),
        ({"waited": ""}, "Choose what becomes of those who waited."),
        ({"waited": "other"}, "Choose what becomes of those who waited."),
        ({"waited": "withdraw"}, "Give the day."),
        ({"waited": "withdraw", "withdraw_before": "soon"}, "There is a problem"),
        ({"waited": "withdraw", "withdraw_before": "2026-11-20"}, "up to 19 November 2026"),
    ],
)
def test_going_live_needs_a_reason_a_signature_and_a_word_on_those_who_waited(
    client, signed_in_as, in_shadow, database, changes, said
):
    signed_in_as(Role.MANAGER)
    fields = {name: value for name, value in (READY | changes).items() if value}
    answer = send(client, PAGE, f"{PAGE}/live", **fields)
    assert answer.status_code == 400
    assert "There is a problem" in answer.text
    assert said in answer.text
    assert mode(database) == "shadow"


def test_once_live_what_waited_is_sent_after_a_fresh_decision(
    client, signed_in_as, in_shadow, database, runtime
):
    signed_in_as(Role.MANAGER)
    page = client.get(PAGE).text
    assert "1 request has waited, since 18 November 2026, 12:00." in page
    assert "Week of 16 November 2026" in page
    assert send(client, PAGE, f"{PAGE}/live", **READY).status_code == 302
    assert last_details(database) == {
        "from": "shadow",
        "to": "live",
        "reason": "Ready.",
        "waited": 1,
    }
    assert "1 who had waited was asked after a fresh decision. Ready." in client.get(PAGE).text
    with database.write(Scope.worker()) as session:
        message = session.scalars(
            select(OutboxMessage).where(OutboxMessage.state == "pending")
        ).one()
        session.get_one(Person, message.person_id).sms_safe = "no"
    run_due(runtime)
    assert sent(database) == 1


def test_what_waited_may_be_withdrawn_and_nothing_of_it_leaves(
    client, signed_in_as, in_shadow, database, runtime
):
    signed_in_as(Role.MANAGER)
    withdraw = READY | {"waited": "withdraw", "withdraw_before": "2026-11-19"}
    assert send(client, PAGE, f"{PAGE}/live", **withdraw).status_code == 302
    page = client.get(PAGE).text
    assert "1 request that had waited was withdrawn unasked." in page
    assert "of 1 who had waited, 1 since before 19 November 2026 were withdrawn. Ready." in page
    listed = client.get("/services/ours/messages?show=taken-back").text
    assert "was withdrawn when it went live" in listed
    run_due(runtime)
    assert sent(database) == 1


def test_a_service_in_which_nobody_waits_goes_live_without_a_word_on_them(
    client, signed_in_as, service, database
):
    with database.write(Scope.worker()) as session:
        get_service(session, "ours").mode = "paused"
    signed_in_as(Role.MANAGER)
    assert "Nobody waits." in client.get(PAGE).text
    fields = {"reason": "All is well.", "confirm": "yes"}
    assert send(client, PAGE, f"{PAGE}/live", **fields).status_code == 302
    assert mode(database) == "live"
    assert "Live. All is well." in client.get(PAGE).text


def test_whoever_works_there_may_pause_and_says_why(client, caseworker, service, database, runtime):
    with database.write(Scope.worker()) as session:
        a_text(session, service)
    assert send(client, PAGE, f"{PAGE}/pause", reason="").status_code == 400
    assert mode(database) == "live"
    assert send(client, PAGE, f"{PAGE}/pause", reason="Wrong file.").status_code == 302
    assert (mode(database), last_details(database)["reason"]) == ("paused", "Wrong file.")
    run_due(runtime)
    assert sent(database) == 0


def test_one_button_pauses_all_services_that_one_works_in_and_no_other(
    client, signed_in_as, service, database
):
    signed_in_as(Role.ADMINISTRATOR)
    with database.write(Scope.worker()) as session:
        a_texting_service(session, slug="elsewhere")
    assert 'href="/services/pause-everything"' in client.get("/services").text
    everything = "/services/pause-everything"
    assert send(client, everything, everything, reason=" ").status_code == 400
    assert mode(database) == "live"
    assert send(client, everything, everything, reason="An incident.").status_code == 302
    assert mode(database) == "paused"
    with database.read(Scope.worker()) as session:
        assert get_service(session, "elsewhere").mode == "live"
    assert "Paused: Our service." in client.get("/services").text
    assert "Paused. An incident." in client.get(PAGE).text


def test_revoking_makes_every_open_link_of_the_service_lead_nowhere(
    client, signed_in_as, service, database
):
    with database.write(Scope.worker()) as session:
        _, token = new_token(session, a_text(session, service).request_id, NOON)
    signed_in_as(Role.MANAGER)
    assert send(client, PAGE, f"{PAGE}/revoke-links", reason="").status_code == 400
    assert send(client, PAGE, f"{PAGE}/revoke-links", reason="Stolen.").status_code == 302
    assert "2 links revoked. Stolen." in client.get(PAGE).text
    with database.read(Scope.worker()) as session:
        assert find_by_token(session, token) is None
    assert client.get(f"/s/{token}").status_code in (404, 410)
