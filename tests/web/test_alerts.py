"""The list of alerts, and one alert: read, taken, closed."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.requests import AlertKind
from survey_app.reporting.alerts import PAGE
from survey_app.store.alerts import Alert
from survey_app.store.audit import AuditRow
from survey_app.store.received_texts import ReceivedText
from survey_app.store.scope import Scope
from tests.alerts import an_alert
from tests.builders import a_case, a_service
from tests.staff import an_account, send, sign_in
from tests.world import NOON

LIST = "/services/ours/alerts"
WORDS = "They listened <b>to me</b>."


@pytest.fixture
def service(database):
    with database.write(Scope.worker()) as session:
        an_alert(session, text="of another service")
        return a_service(session, slug="ours")


@pytest.fixture
def account(database, service, client):
    with database.write(Scope.worker()) as session:
        account = an_account(session, (service, Role.CASEWORKER), name="Kim Doe")
    sign_in(client, account.email)
    return account


@pytest.fixture
def alert(database, service):
    with database.write(Scope.worker()) as session:
        return an_alert(session, a_case(session, service, case_ref="WM-1"), text=WORDS)


def stored(database, alert) -> Alert:
    with database.read(Scope.worker()) as session:
        return session.get_one(Alert, alert.id)


def actions(database) -> list[str]:
    with database.read(Scope.worker()) as session:
        query = select(AuditRow.action).where(AuditRow.subject == "alert").order_by(AuditRow.id)
        return list(session.scalars(query))


def test_an_empty_list_says_what_will_appear_here(client, account):
    assert "Nothing waits for you" in client.get(LIST).text


def test_the_list_shows_what_and_when_and_never_the_words(client, account, alert):
    page = client.get(LIST).text
    assert "WM-1" in page
    assert "Wrote a comment" in page
    assert "due in 2 days" in page
    assert "listened" not in page
    assert "another service" not in page


def test_what_is_due_first_stands_first_and_overdue_says_so(client, account, service, database):
    with database.write(Scope.worker()) as session:
        for ref, hours in (("LATER", 30), ("FIRST", -30), ("SECOND", -2), ("SOON", 0.5)):
            due_at = NOON + timedelta(hours=hours)
            an_alert(session, a_case(session, service, case_ref=ref), due_at=due_at)
    page = client.get(LIST).text
    assert re.findall("FIRST|SECOND|SOON|LATER", page) == ["FIRST", "SECOND", "SOON", "LATER"]
    for words in ("1 day overdue", "2 hours overdue", "due in less than an hour", "due in 1 day"):
        assert words in page


def test_a_long_list_pages_by_key_and_shows_each_alert_once(client, account, service, database):
    with database.write(Scope.worker()) as session:
        for n in range(PAGE + 3):
            an_alert(session, a_case(session, service, case_ref=f"REF-{n:03d}"))
    first = client.get(LIST).text
    older = re.search(r'href="([^"]+)" rel="next"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).text
    seen = re.findall(r"REF-\d+", first) + re.findall(r"REF-\d+", second)
    assert sorted(seen) == [f"REF-{n:03d}" for n in range(PAGE + 3)]
    assert 'rel="next"' not in second


def test_past_due_stands_before_urgent_and_urgent_before_the_rest_across_pages(
    client, account, service, database, clock
):
    cases = (("SOON", 0.01, False), ("UNSAFE", 40, True), ("LATE", -1, False))
    with database.write(Scope.worker()) as session:
        for n in range(PAGE):
            an_alert(session, a_case(session, service), due_at=NOON + timedelta(seconds=60 + n))
        for ref, hours, is_urgent in (*cases, ("WORST", -1, True)):
            due_at = NOON + timedelta(hours=hours)
            an_alert(
                session, a_case(session, service, case_ref=ref), due_at=due_at, is_urgent=is_urgent
            )
    first = client.get(LIST).text
    assert re.findall("WORST|LATE|UNSAFE|SOON", first) == ["WORST", "LATE", "UNSAFE", "SOON"]
    assert first.count("urgent<") == 2
    assert "2 alerts are past due." in first
    clock.move(minutes=10)  # Much falls due while somebody reads the first page.
    older = re.search(r'href="([^"]+)" rel="next"', first)
    second = client.get(older[1].replace("&amp;", "&")).text
    seen = re.findall(r"C-\d{5}", first) + re.findall(r"C-\d{5}", second)
    assert len(seen) == len(set(seen)) == PAGE
    assert re.findall("WORST|LATE|UNSAFE|SOON", second) == []


def test_mine_and_unclaimed_are_lists_of_their_own_and_the_menu_says_how_many_wait(
    client, account, service, database
):
    with database.write(Scope.worker()) as session:
        other = an_account(session, (service, Role.CASEWORKER))
        an_alert(session, a_case(session, service, case_ref="MY-1"), claimed_by_id=account.id)
        an_alert(session, a_case(session, service, case_ref="THEIRS"), claimed_by_id=other.id)
        an_alert(session, a_case(session, service, case_ref="FREE"))
        an_alert(session, a_case(session, service, case_ref="DONE"), closed_at=NOON)
    seen = {
        show: set(
            re.findall("MY-1|THEIRS|FREE|DONE", client.get(LIST, query_string={"show": show}).text)
        )
        for show in ("all", "mine", "unclaimed", "closed", "nonsense")
    }
    assert seen == {
        "all": {"MY-1", "THEIRS", "FREE"},
        "mine": {"MY-1"},
        "unclaimed": {"FREE"},
        "closed": {"DONE"},
        "nonsense": {"MY-1", "THEIRS", "FREE"},
    }
    menu = client.get("/services/ours/cases").text
    assert re.search(r'class="nav-count">3<', menu)


def test_notes_are_added_in_order_with_who_wrote_them_and_are_no_markup(
    client, account, alert, database
):
    page, address = f"{LIST}/{alert.id}", f"{LIST}/{alert.id}/notes"
    assert send(client, page, address, text="  ").status_code == 400
    for text in ("Rang, no answer.", "<b>Rang again</b>"):
        assert send(client, page, address, text=text).location == page
    shown = client.get(page).text
    assert shown.index("Rang, no answer.") < shown.index("&lt;b&gt;Rang again&lt;/b&gt;")
    assert "Kim Doe, 18 November 2026" in shown
    assert "Rang" not in client.get(LIST).text
    assert actions(database) == ["note-alert", "note-alert"]


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "~~~",
        f"{NOON.isoformat()}~0~2026-01-01~1",
        f"{NOON.isoformat()}~x~{NOON.isoformat()}~1",
        f"{NOON.isoformat()}~0~{NOON.isoformat()}~{10**30}",
    ],
)
def test_a_hand_edited_key_starts_from_the_top(client, account, alert, key):
    answer = client.get(LIST, query_string={"after": key})
    assert answer.status_code == 200
    assert "WM-1" in answer.text


def test_urgent_alerts_stand_first_and_pages_follow_that_order(client, account, service, database):
    with database.write(Scope.worker()) as session:
        for ref, hours, is_urgent in (("SOON", 1, False), ("URGENT", 40, True)):
            facts = {"due_at": NOON + timedelta(hours=hours), "is_urgent": is_urgent}
            an_alert(session, a_case(session, service, case_ref=ref), **facts)
        for n in range(PAGE):
            an_alert(session, a_case(session, service, case_ref=f"MANY-{n:02}"))
    page = client.get(LIST).text
    assert re.findall("SOON|URGENT", page)[:2] == ["URGENT", "SOON"]
    (older,) = set(re.findall(r'href="([^"]*after=[^"]*)"', page))
    rest = client.get(older.replace("&amp;", "&")).text
    assert re.findall(r"MANY-\d\d", rest)
    assert not re.findall("SOON|URGENT", rest)


def test_when_they_may_be_contacted_is_shown_with_what_they_said(
    client, account, service, database
):
    said = {"days": ["mon"], "times": ["evening"], "ways": ["call"], "note": "<i>quietly</i>"}
    with database.write(Scope.worker()) as session:
        alert = an_alert(session, a_case(session, service), safe_times=said)
    address = f"{LIST}/{alert.id}"
    assert "quietly" not in client.get(address).text
    page = send(client, address, f"{address}/text").text
    for words in ("Monday", "evening, until 8 pm", "call", "&lt;i&gt;quietly&lt;/i&gt;"):
        assert words in page


def test_opening_an_alert_does_not_show_the_words_and_writes_nothing(
    client, account, alert, database
):
    page = client.get(f"{LIST}/{alert.id}").text
    assert "listened" not in page
    assert actions(database) == []


def test_showing_the_words_is_on_the_record_and_they_are_not_markup(
    client, account, alert, database
):
    page = send(client, f"{LIST}/{alert.id}", f"{LIST}/{alert.id}/text")
    assert "They listened &lt;b&gt;to me&lt;/b&gt;." in page.text
    assert actions(database) == ["read-alert"]
    assert "listened" not in client.get(f"{LIST}/{alert.id}").text


def test_taking_it_shows_colleagues_who_has_it(client, account, alert, database):
    answer = send(client, f"{LIST}/{alert.id}", f"{LIST}/{alert.id}/claim")
    assert answer.location == f"{LIST}/{alert.id}"
    assert "Kim Doe" in client.get(LIST).text
    assert stored(database, alert).claimed_by_id == account.id


def test_closing_needs_a_note_and_moves_it_to_the_closed_ones(client, account, alert, database):
    page, address = f"{LIST}/{alert.id}", f"{LIST}/{alert.id}/close"
    refusals = [{"note": note, "outcome": "spoke"} for note in ("", "   ", "x" * 2001)]
    for fields in (*refusals, {"note": "Called."}, {"note": "Called.", "outcome": "nonsense"}):
        refused = send(client, page, address, **fields)
        assert refused.status_code == 400
        assert "There is a problem" in refused.text
    assert stored(database, alert).closed_at is None
    closed = send(client, page, address, note=" Called back. ", outcome="spoke")
    assert closed.status_code == 302
    assert stored(database, alert).outcome == "spoke"
    assert stored(database, alert).note == "Called back."
    assert "WM-1" not in client.get(LIST).text
    assert "WM-1" in client.get(LIST, query_string={"show": "closed"}).text
    assert "Spoke with the person" in client.get(page).text
    assert "Called back." in client.get(page).text


def test_an_alert_that_a_colleague_closed_meanwhile_says_so(client, account, alert, database):
    page = f"{LIST}/{alert.id}"
    token_page = client.get(page)
    with database.write(Scope.worker()) as session:
        session.get_one(Alert, alert.id).closed_at = NOON
    assert token_page.status_code == 200
    refused = send(client, LIST, f"{page}/close", note="Mine.", outcome="spoke")
    assert refused.status_code == 409
    assert "a colleague closed this alert" in refused.text
    assert "What you had written was not kept:" in refused.text
    assert ">Mine.</p>" in refused.text
    assert stored(database, alert).note is None


def test_an_alert_of_another_service_is_not_there(client, account, database):
    with database.write(Scope.worker()) as session:
        foreign = an_alert(session)
    assert client.get(f"{LIST}/{foreign.id}").status_code == 404
    for step in ("text", "claim", "close", "notes"):
        fields = {"note": "x", "text": "x", "outcome": "spoke"}
        answer = send(client, LIST, f"{LIST}/{foreign.id}/{step}", **fields)
        assert answer.status_code == 404
    assert actions(database) == []


def test_a_reply_is_an_alert_whose_words_are_shown_to_whoever_asks(
    client, account, service, database
):
    with database.write(Scope.worker()) as session:
        case = a_case(session, service, case_ref="WM-7")
        reply = ReceivedText(
            provider="twilio",
            provider_message_id="SM1",
            body="I am moving <b>house</b>",
            meaning="other",
            received_at=NOON,
        )
        session.add(reply)
        session.flush()
        alert = Alert(
            service_id=service.id,
            case_id=case.id,
            received_text_id=reply.id,
            kind=AlertKind.REPLY,
            item="reply",
            raised_at=NOON,
            due_at=NOON + timedelta(hours=48),
        )
        session.add(alert)
        session.flush()
        alert_id = alert.id
    assert "Texted back" in client.get(LIST).text
    assert "moving" not in client.get(f"{LIST}/{alert_id}").text
    page = send(client, f"{LIST}/{alert_id}", f"{LIST}/{alert_id}/text").text
    assert "I am moving &lt;b&gt;house&lt;/b&gt;" in page
    assert actions(database) == ["read-alert"]
