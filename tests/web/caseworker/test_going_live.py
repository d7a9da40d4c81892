"""The gate as pages: what is missing with links, the shadow's list, exact texts, alert cover."""

import html
import json
import re

import pytest
from sqlalchemy import delete, select

from survey_app.domain.cases import Role
from survey_app.domain.gate import ConditionId
from survey_app.store.gate import GateConfirmation, GateWaiver, find_alert_cover
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.decider import Decider
from survey_app.usecases.go_live import go_live
from survey_app.usecases.run_due import run_due
from tests.builders import a_person
from tests.gate import a_shadow, meet_gate
from tests.staff import an_account, send, sign_in
from tests.texting import a_due_request
from tests.world import NOON

PAGE = "/services/north/sending"
SHADOW, TEXTS, COVER = f"{PAGE}/shadow", f"{PAGE}/texts", f"{PAGE}/alerts"
READY = {"reason": "Ready.", "confirm": "yes", "waited": "send"}


@pytest.fixture
def shadow(database, runtime, client) -> None:
    """In shadow, over one person who would be texted and one who would not; a manager looks."""
    with database.write(Scope.worker()) as session:
        service = a_shadow(session, slug="north")
        a_due_request(session, service, case={"case_ref": "WM-YES"})
        refused = a_person(session, service, sms_consent="no")
        a_due_request(session, service, refused, case={"case_ref": "WM-NO"})
        a_due_request(session, a_shadow(session), case={"case_ref": "NOT-1"})
        email = an_account(session, (service, Role.MANAGER)).email
    run_due(runtime)
    sign_in(client, email)


@pytest.fixture
def ready(database, runtime, shadow) -> None:
    """The same, once everything was done."""
    with database.write(Scope.worker()) as session:
        meet_gate(session, get_service(session, "north"), runtime.settings)


def mode(database) -> str:
    with database.read(Scope.worker()) as session:
        return get_service(session, "north").mode


def confirmed(database) -> list[tuple[str, dict]]:
    with database.read(Scope.worker()) as session:
        rows = session.scalars(select(GateConfirmation).order_by(GateConfirmation.id))
        return [(row.condition, row.seen) for row in rows]


def as_caseworker(client, database) -> None:
    with database.write(Scope.worker()) as session:
        email = an_account(session, (get_service(session, "north"), Role.CASEWORKER)).email
    sign_in(client, email)


def seen_on(client, address: str) -> str:
    """What the page's form would send of what stood there."""
    found = re.search(r'name="seen" value="([^"]*)"', client.get(address).text)
    assert found is not None
    return html.unescape(found[1])


def test_the_page_lists_what_is_missing_with_links_instead_of_the_button(client, shadow):
    page = client.get(PAGE).text
    assert "Missing before it may send" in page
    assert "It was never checked that texts leave" in page
    assert "check-provider --service north" in page
    for href in (
        "/services/north/what-people-read?language=en",
        SHADOW,
        TEXTS,
        "/services/north/users",
        COVER,
    ):
        assert f'href="{href}">Open the page' in page
    assert "Let this service send" not in page


def test_who_may_not_open_a_page_is_given_no_link_to_it(client, shadow, database):
    as_caseworker(client, database)
    page = client.get(PAGE).text
    assert "Missing before it may send" in page
    assert 'href="/services/north/users">' not in page


def test_sent_all_the_same_it_is_refused_and_changes_nothing(client, shadow, database):
    refused = send(client, PAGE, f"{PAGE}/live", **READY)
    assert refused.status_code == 409
    assert "Nothing was changed: something is missing before it may send." in refused.text
    assert mode(database) == "shadow"


def test_once_nothing_is_missing_a_manager_lets_it_send(client, ready, database):
    page = client.get(PAGE).text
    assert "Missing before it may send" not in page
    assert send(client, PAGE, f"{PAGE}/live", **READY).status_code == 302
    assert mode(database) == "live"


def test_a_waiver_is_shown_for_thirty_days(client, ready, database, clock):
    with database.write(Scope.worker()) as session:
        waiver = GateWaiver(
            service_id=get_service(session, "north").id,
            condition=ConditionId.EXPECTED_TEXT,
            at=NOON,
            reason="A pilot of <b>two</b>.",
        )
        session.add(waiver)
    page = client.get(PAGE).text
    assert "Waived in the last 30 days" in page
    assert "expected-text, 18 November 2026, 12:00" in page
    assert "A pilot of &lt;b&gt;two&lt;/b&gt;." in page
    with database.write(Scope.worker()) as session:
        session.execute(delete(GateWaiver))
        session.add(
            GateWaiver(
                service_id=get_service(session, "north").id,
                condition=ConditionId.EXPECTED_TEXT,
                at=NOON.replace(month=10, day=19, hour=11),
                reason="Long ago.",
            )
        )
    assert "Long ago." not in client.get(PAGE).text


def test_the_history_says_what_was_waived(client, ready, database, runtime):
    with database.write(Scope.worker()) as session:
        service = get_service(session, "north")
        session.execute(delete(GateConfirmation))
        go_live(
            session,
            service,
            Decider(None, "A pilot.", NOON),
            runtime.settings,
            waive={ConditionId.SHADOW_LOOKED_AT, ConditionId.EXPECTED_TEXT},
        )
    page = client.get(PAGE).text
    assert "Waived: shadow-looked-at, expected-text. A pilot." in page


def test_the_shadow_shows_who_would_have_been_texted_and_why_others_not(client, shadow):
    page = client.get(SHADOW).text
    assert "WM-YES" in page
    assert "NOT-1" not in page
    assert "<dt>The person has not agreed to be texted.</dt><dd>1</dd>" in page


def test_a_manager_confirms_the_list_with_the_counts_seen(client, shadow, database):
    seen = seen_on(client, SHADOW)
    assert json.loads(seen) == {"texts": 1, "refused": {"no-consent": 1}}
    assert send(client, SHADOW, SHADOW, seen=seen).location == PAGE
    assert confirmed(database) == [(ConditionId.SHADOW_LOOKED_AT, json.loads(seen))]
    assert "Confirmed</dt>" in client.get(SHADOW).text


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"texts": 2}', "[" * 30_000, "[" * 9_000])
@pytest.mark.parametrize("address", [SHADOW, TEXTS])
def test_what_was_not_seen_is_not_confirmed(client, shadow, database, address, seen):
    refused = send(client, address, address, seen=seen)
    assert refused.status_code == 409
    assert "something changed since you opened the page" in refused.text
    assert confirmed(database) == []


def test_a_list_that_changed_meanwhile_is_looked_at_again(client, shadow, database, runtime):
    seen = seen_on(client, SHADOW)
    with database.write(Scope.worker()) as session:
        a_due_request(session, get_service(session, "north"))
    run_due(runtime)
    assert send(client, SHADOW, SHADOW, seen=seen).status_code == 409
    assert confirmed(database) == []


def test_a_young_shadow_has_no_button(client, shadow, database):
    with database.write(Scope.worker()) as session:
        get_service(session, "north").created_at = NOON
    page = client.get(SHADOW).text
    assert "after 20 decisions, or 7 days in shadow" in page
    assert "Confirm this list" not in page
    seen = json.dumps({"texts": 1, "refused": {"no-consent": 1}})
    assert send(client, SHADOW, SHADOW, seen=seen).status_code == 409
    assert confirmed(database) == []


def test_the_exact_texts_stand_there_in_every_language_offered(
    client, shadow, database, catalogue_folder
):
    catalogue_folder.make("cy")
    with database.write(Scope.worker()) as session:
        get_service(session, "north").draft_languages = ["cy"]
    page = client.get(TEXTS).text
    assert "English" in page
    assert "Welsh" in page
    assert page.count('class="phone-text"') == 6
    assert "From Ask Us" in page
    assert "You said we may ask how you are." in page
    assert "⟦cy You said we may ask how you are." in page
    assert "Your word is willow." in page
    assert "not yet" in page


def test_a_manager_confirms_the_texts_until_one_changes(client, shadow, database):
    seen = seen_on(client, TEXTS)
    assert send(client, TEXTS, TEXTS, seen=seen).location == PAGE
    assert confirmed(database) == [(ConditionId.EXPECTED_TEXT, json.loads(seen))]
    assert "18 November 2026, 12:00" in client.get(TEXTS).text
    with database.write(Scope.worker()) as session:
        get_service(session, "north").sender = "Else"
    assert "not as they are now" in client.get(TEXTS).text
    assert send(client, TEXTS, TEXTS, seen=seen).status_code == 409


@pytest.mark.parametrize("address", [SHADOW, TEXTS, COVER])
def test_only_a_manager_confirms_or_sets(client, shadow, database, address):
    as_caseworker(client, database)
    page = client.get(address)
    assert page.status_code == 200
    assert "A manager of this service can" in page.text
    assert send(client, PAGE, address, seen="{}").status_code == 403


def test_alert_cover_names_an_owner_whom_the_list_of_alerts_shows(client, shadow, database):
    with database.write(Scope.worker()) as session:
        service = get_service(session, "north")
        owner = an_account(session, (service, Role.CASEWORKER), name="Kim Doe")
        an_account(session, (service, Role.COMMISSIONER), name="Not Able")
    page = client.get(COVER).text
    assert "Kim Doe" in page
    assert "Not Able" not in page
    sent = {"owner": str(owner.id), "hours": "24", "low_safety_hours": " 2 "}
    assert send(client, COVER, COVER, **sent).location == COVER
    with database.read(Scope.worker()) as session:
        service = get_service(session, "north")
        assert (service.alert_due_hours, service.low_safety_due_hours) == (24, 2)
        assert find_alert_cover(session, service.id).owner_id == owner.id
    listed = client.get("/services/north/alerts").text
    assert "Kim Doe sees to it that they are looked at." in listed


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"owner": ""}, "Choose a manager or caseworker"),
        ({"owner": "999999999"}, "Choose a manager or caseworker"),
        ({"hours": "337"}, "hours from 1 to 336"),
        ({"hours": "two"}, "hours from 1 to 336"),
        ({"low_safety_hours": "17"}, "working hours from 1 to 16"),
        ({"low_safety_hours": "-4"}, "working hours from 1 to 16"),
    ],
)
def test_alert_cover_that_cannot_be_is_refused_and_what_was_typed_stays(
    client, shadow, database, changes, said
):
    with database.write(Scope.worker()) as session:
        owner = an_account(session, (get_service(session, "north"), Role.CASEWORKER)).id
    typed = {"owner": str(owner), "hours": "30", "low_safety_hours": "3"} | changes
    refused = send(client, COVER, COVER, **typed)
    assert refused.status_code == 400
    assert said in refused.text
    assert f'value="{typed["hours"]}"' in refused.text
    with database.read(Scope.worker()) as session:
        assert get_service(session, "north").alert_due_hours == 48
