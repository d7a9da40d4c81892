"""The case's pages: find, open, put right, deliver, close, reopen, and what bad input says."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.deliveries import Delivery
from survey_app.store.requests import SurveyRequest
from survey_app.store.saved_filters import SavedFilter
from survey_app.store.scope import Scope
from survey_app.store.services import programme_in_force
from survey_app.store.staff import StaffAccount
from survey_app.store.team_members import put_in_team
from tests.alerts import an_alert
from tests.builders import a_case
from tests.staff import an_account, csrf_of, send
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON

HOME = "/services/ours"
CASE = f"{HOME}/cases/WM-1"
SEEN = re.compile(r'name="(seen-[a-z_]+)" value="([^"]*)"')
VALUE = re.compile(r'<input class="govuk-input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"')
TICKED = re.compile(r'name="(support_level|flags)"[^>]* value="([^"]*)" checked')


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Pages play no part in how the databases differ: the use cases are tested on both."""
    return sqlite_database


@pytest.fixture
def case_id(database, service, caseworker) -> int:
    """An open community case of ours, with one of another service beside it."""
    with database.write(Scope.worker()) as session:
        a_case(session, a_texting_service(session), case_ref="NOT-1")
        known = {"case_ref": "WM-1", "caseworker_id": caseworker, "arrived_on": NOON.date()}
        return a_case(session, service, **known).id


def stored(database, case_id: int) -> Case:
    with database.read(Scope.worker()) as session:
        return session.get_one(Case, case_id)


def change(database, case_id: int, **facts) -> None:
    with database.write(Scope.worker()) as session:
        case = session.get_one(Case, case_id)
        for name, value in facts.items():
            setattr(case, name, value)


def hidden(page) -> dict[str, str]:
    return {"csrf_token": csrf_of(page), **dict(SEEN.findall(page.text))}


def fill(client, address: str, **fields):
    """Open a form, change these fields of it, send it."""
    page = client.get(address)
    known = dict(VALUE.findall(page.text)) | dict(TICKED.findall(page.text))
    return client.post(address, data=known | hidden(page) | fields)


def test_today_leads_to_what_is_due_and_a_case_to_all_that_happened(
    client, case_id, database, service
):
    with database.write(Scope.worker()) as session:
        an_alert(session, session.get_one(Case, case_id), text="SECRET words")
    page = client.get(HOME).text
    assert "WM-1" in page
    assert "NOT-1" not in page
    assert "Open the alert" in page
    shown = client.get(f"{HOME}?show=alerts&whose=service").text
    assert "WM-1" in shown
    case = client.get(CASE).text
    assert "Alert: Wrote a comment" in case
    assert f'href="{CASE}/answers"' in case
    assert "Answered: Your views on our support" in case
    assert "SECRET" not in case
    assert "Nothing is to be asked at the moment" in case
    assert "Tier 1. At the end: text." in case


def test_empty_states_say_what_to_do(client, caseworker, service):
    assert "Open the first one" in client.get(HOME).text
    assert "No alert is open." in client.get(f"{HOME}?show=alerts").text
    assert "Widen the filter" in client.get(f"{HOME}/cases").text


@pytest.mark.parametrize("after", ["x", "~", "2026-11-18~x", "~1", "2026-13-40~1"])
def test_a_key_that_is_none_begins_at_the_first_page(client, case_id, after):
    for address in (f"{HOME}?show=alerts", f"{HOME}?show=safe-contact", f"{HOME}/cases?"):
        assert client.get(f"{address}&after={after}").status_code == 200


def test_the_panel_says_why_no_text_may_go_and_what_to_do(client, caseworker, database, service):
    with database.write(Scope.worker()) as session:
        request = a_due_request(session, service, case={"case_ref": "WM-2", "flags": None})
        assert request.id
    page = client.get(f"{HOME}/cases/WM-2").text
    assert "No. The flags of a case of this person are not recorded." in page
    assert "Record the flags, or that there are none." in page
    assert f'href="{HOME}/cases/WM-2/facts"' in page
    assert "flags not recorded" in page


def test_a_reference_leads_to_its_case_and_its_beginning_to_a_list(client, case_id):
    assert client.get(f"{HOME}/cases?q=wm-1").location == CASE
    assert ">WM-1<" in client.get(f"{HOME}/cases?q=wm").text
    assert (
        "No case has a reference that begins with NOT-1" in client.get(f"{HOME}/cases?q=NOT-1").text
    )
    assert client.get(f"{HOME}/cases/NOT-1").status_code == 404


def test_a_filter_is_kept_for_oneself_and_let_go(client, case_id, database, signed_in_as):
    words = {"whose": "service", "state": "open", "level": "community"}
    address = f"{HOME}/case-filters"
    assert send(client, f"{HOME}/cases", address, name=" ", **words).status_code == 400
    assert send(client, f"{HOME}/cases", address, name="Community", **words).status_code == 302
    assert ">Community</a>" in client.get(f"{HOME}/cases").text
    with database.read(Scope.worker()) as session:
        kept = session.scalars(select(SavedFilter)).one()
    assert kept.narrowing == words
    signed_in_as(Role.MANAGER)
    assert ">Community</a>" not in client.get(f"{HOME}/cases").text
    send(client, f"{HOME}/cases", f"{address}/{kept.id}/let-go")
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(SavedFilter)).one().name == "Community"


def test_my_team_is_a_choice_for_whoever_has_one(client, case_id, database, service, caseworker):
    assert "My team" not in client.get(f"{HOME}/cases").text + client.get(HOME).text
    with database.write(Scope.worker()) as session:
        colleague = an_account(session, (service, Role.CASEWORKER)).id
        for ref, worker in (("WM-8", colleague), ("WM-9", None)):
            an_alert(session, a_case(session, service, case_ref=ref, caseworker_id=worker))
        for account_id in (colleague, caseworker):
            put_in_team(session, service.id, account_id, "North")
    for address in (f"{HOME}/cases?whose=my-team", f"{HOME}?whose=my-team"):
        page = client.get(address).text
        assert "My team: North" in page
        assert "WM-8" in page
        assert "WM-9" not in page
    assert "WM-9" in client.get(f"{HOME}?whose=service").text
    assert "team North" in client.get(CASE).text


def test_a_filter_kept_before_there_were_teams_still_means_everybody(
    client, case_id, database, service, caseworker
):
    with database.write(Scope.worker()) as session:
        known = {"account_id": caseworker, "name": "Old", "created_at": NOON}
        words = {"whose": "team", "state": "open"}
        session.add(SavedFilter(service_id=service.id, narrowing=words, **known))
        a_case(session, service, case_ref="WM-9")
    page = client.get(f"{HOME}/cases?whose=team").text
    assert "WM-9" in page
    assert 'whose=service&amp;state=open" aria-current="page">Old</a>' in page


def test_a_delivery_is_added_and_taken_back(client, case_id, database):
    address = f"{CASE}/deliveries"
    assert fill(client, address, kind="call").status_code == 302
    page = client.get(address).text
    assert "3 deliveries count for the tier." in page
    with database.read(Scope.worker()) as session:
        row = session.scalars(select(Delivery)).one()
    back = f"{address}/{row.id}/take-back"
    for said in ("It counts no longer.", "taken back already"):
        assert send(client, address, back).status_code == 302
        assert said in client.get(address).text
    assert stored(database, case_id).deliveries == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"count": "-1"}, "Write 1 or more."),
        ({"count": "0"}, "Write 1 or more."),
        ({"count": "51"}, "at most 50"),
        ({"count": "999999999"}, "at most 50"),
        ({"count": "many"}, "as a whole number"),
        ({"kind": "magic"}, "Choose what was done."),
        ({"on": "2026-09-17"}, "before the referral on 18 September 2026"),
        ({"on": "2026-11-19"}, "has not come yet"),
        ({"on": "soon"}, "Write the day as"),
    ],
)
def test_a_delivery_that_cannot_be_says_what_to_do_and_counts_nothing(
    client, case_id, database, fields, said
):
    answer = fill(client, f"{CASE}/deliveries", **({"kind": "call"} | fields))
    assert answer.status_code == 400
    assert said in answer.text
    for value in fields.values():
        assert value == "magic" or f'value="{value}"' in answer.text
    assert stored(database, case_id).deliveries == 2


def test_a_case_is_closed_after_its_preview_once(client, case_id, database):
    address = f"{CASE}/close"
    preview = fill(client, address, reason="completed")
    assert preview.status_code == 200
    for words in ("What will follow", "Text: yes, from 21 November 2026, 09:00.", "7 and 14"):
        assert words in preview.text
    assert stored(database, case_id).closed_on is None
    confirmed = {"on": "2026-11-18", "reason": "completed", "confirm": "yes"}
    done = client.post(address, data=confirmed | hidden(preview))
    assert done.location == CASE
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(SurveyRequest.wave)).all() == ["closure"]
    page = client.get(CASE).text
    assert "Support completed" in page
    assert "Closing recorded" in page
    late = client.post(address, data=confirmed | hidden(preview))
    assert late.status_code == 409
    assert "Somebody changed this case meanwhile" in late.text
    fresh = {name: value for name, value in hidden(preview).items() if name == "csrf_token"}
    again = client.post(address, data=confirmed | fresh)
    assert again.status_code == 409
    assert "closed on 18 November 2026 already" in again.text


def test_whoever_is_there_at_the_closing_is_handed_the_device_at_once(client, case_id):
    address, button = f"{CASE}/close", "Close it and hand over this device"
    declined = {"reason": "declined", "code-declined": "no-need"}
    assert button not in fill(client, address, **declined).text
    preview = fill(client, address, reason="completed")
    assert button in preview.text
    confirmed = {"on": "2026-11-18", "reason": "completed", "confirm": "yes", "then": "hand-over"}
    done = client.post(address, data=confirmed | hidden(preview))
    assert done.location == f"{CASE}/hand-over"
    assert "End of support" in client.get(done.location).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose a reason."),
        ({"reason": "bored"}, "Choose a reason."),
        ({"reason": "declined"}, "Choose what the person said"),
        ({"reason": "declined", "code-declined": "needs-met"}, "one of the answers"),
        ({"reason": "withdrew", "code-withdrew": "other", "detail": ""}, "what the reason was"),
        ({"reason": "transferred"}, "to whom the case goes"),
        ({"reason": "completed", "on": "2026-09-01"}, "before the referral"),
        ({"reason": "completed", "on": "2026-11-19"}, "has not come yet"),
        ({"reason": "completed", "on": ""}, "Write the day as"),
    ],
)
def test_a_closing_that_cannot_be_says_why_and_keeps_the_entry(
    client, case_id, database, fields, said
):
    answer = fill(client, f"{CASE}/close", **({"detail": "Kept words"} | fields))
    assert (answer.status_code, said in answer.text) == (400, True)
    assert "What will follow" not in answer.text
    assert fields.get("detail", "Kept words") in answer.text
    assert stored(database, case_id).closed_on is None


def test_declining_is_coded_and_nobody_is_asked(client, case_id, database):
    address = f"{CASE}/close"
    said = {"reason": "declined", "code-declined": "not-now"}
    preview = fill(client, address, **said)
    assert "People who declined are not asked." in preview.text
    client.post(address, data=hidden(preview) | said | {"on": "2026-11-18", "confirm": "yes"})
    assert stored(database, case_id).closure_code == "not-now"
    assert "Not at the moment" in client.get(CASE).text


def test_a_programme_may_ask_for_codes_of_its_own(client, case_id, database, service):
    codes = {"other": [{"code": "moved-to-police", "text": "The police took over"}]}
    with database.write(Scope.worker()) as session:
        version = programme_in_force(session, service.id)
        version.content = version.content | {"closure_codes": codes}
    address = f"{CASE}/close"
    said = {"reason": "other", "detail": "As agreed."}
    assert 'href="#code-other"' in fill(client, address, **said).text
    said["code-other"] = "moved-to-police"
    preview = fill(client, address, **said)
    client.post(address, data=hidden(preview) | said | {"on": "2026-11-18", "confirm": "yes"})
    assert "The police took over" in client.get(CASE).text


def test_a_missing_last_reading_is_warned_of(client, case_id, database):
    change(database, case_id, support_level="caseworker")
    preview = fill(client, f"{CASE}/close", reason="completed")
    assert "The last reading is missing." in preview.text
    way = re.search(r'href="([^"]+)">Record it first', preview.text)
    assert way is not None
    assert client.get(way[1]).status_code == 200
    assert way[1].replace("closure", "baseline") in client.get(CASE).text


def test_a_closed_case_is_reopened_for_a_reason(client, case_id, database):
    change(database, case_id, closed_on=NOON.date(), closure_reason="completed")
    address = f"{CASE}/reopen"
    assert "Reopen it" in client.get(f"{CASE}/close").text
    assert send(client, address, address, why=" ").status_code == 400
    assert send(client, address, address, why="She rang.").location == CASE
    assert stored(database, case_id).closed_on is None
    assert "She rang." in client.get(CASE).text


def test_of_two_who_save_the_second_sees_what_changed_and_keeps_the_entry(
    client, case_id, database
):
    address = f"{CASE}/facts"
    opened = client.get(address)
    known = dict(VALUE.findall(opened.text)) | dict(TICKED.findall(opened.text))
    change(database, case_id, local_authority="Tarn")
    mine = known | hidden(opened) | {"local_authority": "Fenwick", "crime_category": "Fraud"}
    late = client.post(address, data=mine)
    assert late.status_code == 409
    assert "You were shown: nothing. It now says: Tarn. You wrote: Fenwick." in late.text
    assert 'value="Fenwick"' in late.text
    assert stored(database, case_id).crime_category is None
    again = client.post(address, data=mine | hidden(late))
    assert again.location == CASE
    case = stored(database, case_id)
    assert (case.local_authority, case.crime_category) == ("Fenwick", "Fraud")
    assert "Local authority: Tarn, now Fenwick." in client.get(CASE).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"referred_on": "2026-11-19"}, "Referred on: this day has not come yet."),
        ({"date_of_birth": "31/02/1990"}, "Date of birth: there is no such day."),
        ({"date_of_birth": "01/12/2026"}, "this is after the referral"),
        ({"first_contact_at": "yesterday"}, "First contact: write the day as"),
        ({"support_level": "royal"}, "Support level: choose one of the answers."),
        ({"flags": "none;child"}, "Flags: choose either none of these"),
        ({"local_authority": "x" * 301}, "at most 300 characters"),
    ],
)
def test_a_fact_that_cannot_be_says_what_to_do_and_changes_nothing(
    client, case_id, database, fields, said
):
    answer = fill(client, f"{CASE}/facts", crime_category="Fraud", **fields)
    assert (answer.status_code, said in answer.text) == (400, True)
    assert stored(database, case_id).crime_category is None


def test_a_case_is_opened_by_hand_and_linked_to_where_it_came_from(
    client, case_id, database, caseworker
):
    address = f"{HOME}/open-case"
    with database.read(Scope.worker()) as session:
        email = session.get_one(StaffAccount, caseworker).email
    fields = {
        "case_ref": "WM-9",
        "support_level": "community",
        "caseworker": email,
        "flags": "none",
        "mobile": "07700 900101",
        "sms_consent": "yes",
        "sms_safe": "yes",
        "from_place": "Harrowdale",
        "earlier_ref": "WM-1",
    }
    refused = fill(client, address, **(fields | {"case_ref": "WM-1"}))
    assert refused.status_code == 400
    assert "there is a case with this reference already" in refused.text
    assert 'value="07700 900101"' in refused.text
    lost = fill(client, address, **(fields | {"from_place": ""}))
    assert "Transferred from: fill it in" in lost.text
    assert fill(client, address, **fields).location == f"{HOME}/cases/WM-9"
    page = client.get(f"{HOME}/cases/WM-9").text
    assert "Transferred in" in page
    assert "Start of support: to be asked" in page
    assert f'href="{CASE}"' in page
    assert "Goes on as another case" in client.get(CASE).text
