"""The pages of who is held: what contradicts, who sees how much of it, and the decision."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.cases import Case
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from tests.builders import a_case, a_held_row, a_hold, a_person, a_request
from tests.staff import an_account, csrf_of, send, sign_in
from tests.texting import a_number, a_texting_service
from tests.world import NOON

LIST = "/services/ours/held"
PAGE = f"{LIST}/H-1"
BIRTHS = {"column": "date_of_birth", "values": ["1986-11-18", "1968-11-18"], "lines": [4, 9]}
WHY = "Asked her at the visit."


@pytest.fixture
def held(database, service) -> int:
    """H-1 and H-2 are one person's: two numbers, of which one is recorded. The person's id."""
    with database.write(Scope.worker()) as session:
        person = a_person(session, service, **a_number("145"))
        case = a_case(session, service, person, case_ref="H-2")
        a_case(session, service, person, case_ref="H-1")
        a_hold(session, case)
        a_request(session, case)
        return person.id


def decide(client, **fields):
    """Fill the form in as it is shown now, and send it."""
    return decide_on(client, client.get(PAGE), **fields)


def decide_on(client, shown, **fields):
    seen = re.search(r'name="seen-held" value="([^"]*)"', shown.text)[1]
    named = {"csrf_token": csrf_of(shown), "seen-held": seen, "reason": WHY} | fields
    return client.post(PAGE, data=named)


def number_of(database, person_id: int) -> str | None:
    with database.read(Scope.worker()) as session:
        return session.get_one(Person, person_id).mobile


def words(page) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def choices(page, name: str) -> list[str]:
    found = re.findall(rf'name="{name}" type="radio" value="([^"]*)"', page.text)
    return [unescape(each) for each in found]


def test_the_list_says_what_contradicts_where_it_stood_and_since_when(client, caseworker, held):
    page = client.get(LIST)
    said = words(page)
    assert "H-2, H-1" in said
    assert "Different numbers are given for one person." in said
    assert "ends in 145 ends in 146 lines 2 and 3 of cases.csv" in said
    assert "held since 18 November 2026" in said
    assert "900145" not in page.text
    assert f'href="{PAGE}"' in page.text


def test_numbers_that_end_alike_are_told_apart(client, caseworker, held, database, service):
    with database.write(Scope.worker()) as session:
        values = ["07700 900145", "07700 901145"]
        a_hold(session, a_case(session, service), evidence={"values": values})
    assert "ends in 0145 ends in 1145 lines 2 and 3" in words(client.get(LIST))


def test_both_lists_page_the_longest_first(client, caseworker, database, service):
    with database.write(Scope.worker()) as session:
        for n in range(26):
            since = NOON.replace(minute=n)
            a_hold(session, a_case(session, service, case_ref=f"P-{n}"), since=since)
            a_held_row(session, service, case_ref=f"Q-{n}", arrived_at=since)
    first = client.get(LIST)
    for letter, name in (("P", "after"), ("Q", "rows")):
        link = re.search(rf'href="({LIST}\?{name}=[^"]+)"', first.text)
        then = client.get(unescape(link[1]).split("#")[0])
        assert f"{letter}-0" in first.text
        assert f"{letter}-25" not in words(first)
        assert f"{letter}-25" in then.text
        assert f"{letter}-24 " not in words(then)
    for odd in ("after=x", "after=2026-01-01~1", "rows=2026-01-01T00:00~9", "after=~", "rows=%00"):
        assert "P-0" in client.get(f"{LIST}?{odd}").text


def test_rejected_rows_in_force_say_why_what_holds_and_what_to_do(
    client, caseworker, database, service
):
    with database.write(Scope.worker()) as session:
        a_held_row(session, service, case_ref="R-1")
        flags = ["domestic-abuse", "child"]
        odd = [{"column": "mobile", "code": "digits-lost"}, "broken-quotes"]
        a_held_row(session, service, case_ref=None, client_ref="K-7", words={"flags": flags})
        a_held_row(session, service, case_ref="R-2", faults=odd, words={})
        a_held_row(session, service, case_ref="R-3", ended_at=NOON)
    page = client.get(LIST)
    said = words(page)
    assert "R-1 Rejected: Deliveries: is not a whole number." in said
    assert "Holds: Do not contact: yes; Texts are safe: no. line 7, since 18 November" in said
    assert "client K-7" in said
    assert "Holds: Flags: Domestic abuse, Child." in said
    assert "Rejected: Mobile number: digits lost; quotation marks are broken." in said
    assert "correct the row in its source and import the file again" in said
    assert "R-3" not in said
    assert "900147" not in page.text


def test_the_page_shows_both_values_in_full_to_whoever_decides(client, caseworker, held):
    page = client.get(PAGE)
    assert "07700 900145 07700 900146 From lines 2 and 3 of cases.csv" in words(page)
    assert choices(page, "mobile") == ["stored", "+447700900146", "other"]
    assert "07700 900145: recorded now" in words(page)
    assert "checked" not in page.text
    assert 'name="date_of_birth"' not in page.text


def test_the_recorded_number_stays_and_the_case_says_whether_a_text_may_go(
    client, caseworker, held, database
):
    answer = decide(client, mobile="stored")
    assert (answer.status_code, answer.location) == (302, "/services/ours/cases/H-1")
    after = client.get(answer.location)
    assert "Nobody of this case is held any more." in after.text
    assert "the facts contradict" not in after.text
    assert "Decided what is right where facts contradicted" in after.text
    assert number_of(database, held) == "+447700900145"


@pytest.mark.parametrize(
    "fields", [{"mobile": "07700 900146"}, {"mobile": "other", "mobile-other": "07700 900146"}]
)
def test_another_number_is_new_and_the_page_says_what_is_next(
    client, caseworker, held, database, fields
):
    answer = decide(client, **fields)
    assert answer.status_code == 302
    assert "confirm safe contact before a text can go" in client.get(answer.location).text
    assert number_of(database, held) == "07700 900146"
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(Hold.reason)).all() == [WHY]


def test_birth_dates_are_shown_as_days_and_chosen_beside_the_number(
    client, caseworker, held, database, service
):
    with database.write(Scope.worker()) as session:
        more = {"service_id": service.id, "person_id": held, "since": NOON}
        hold = {"cause": "several-birth-dates", "evidence": BIRTHS, "evidence_hash": "b"}
        session.add(Hold(**more, **hold))
    page = client.get(PAGE)
    assert "18 November 1986 18 November 1968 From lines 4 and 9" in words(page)
    assert choices(page, "date_of_birth") == ["stored", "1986-11-18", "1968-11-18", "other"]
    assert decide(client, mobile="stored", date_of_birth="1968-11-18").status_code == 302
    with database.read(Scope.worker()) as session:
        assert str(session.get_one(Person, held).date_of_birth) == "1968-11-18"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Choose the number that is theirs."),
        ({"mobile": "other"}, "Choose the number that is theirs."),
        ({"mobile": "other", "mobile-other": "0770 mine"}, "This is not a phone number."),
        ({"mobile": "stored", "reason": " "}, "Write how you know."),
    ],
)
def test_what_is_missing_is_said_and_what_was_entered_stays(
    client, caseworker, held, database, fields, said
):
    answer = decide(client, **fields)
    assert answer.status_code == 400
    assert said in answer.text
    for name in set(fields) - {"mobile"}:
        assert fields[name].strip() in answer.text
    if fields.get("mobile") in ("stored", "other"):
        assert f'value="{fields["mobile"]}" checked' in answer.text
    assert number_of(database, held) == "+447700900145"


def test_whoever_is_second_is_told_and_writes_nothing_over(client, caseworker, held, database):
    shown = client.get(PAGE)
    assert decide_on(client, shown, mobile="stored").status_code == 302
    late = decide_on(client, shown, mobile="07700 900146", reason="At the door.")
    assert late.status_code == 409
    assert "this was decided meanwhile" in late.text
    assert re.search(r"Staff \d+ decided on 18 November 2026, 12:00\.", late.text)
    assert "At the door." in late.text
    assert number_of(database, held) == "+447700900145"
    assert "Nobody is held" in client.get(PAGE).text


def test_what_came_in_since_the_page_was_shown_is_looked_at_first(
    client, caseworker, held, database
):
    shown = client.get(PAGE)
    with database.write(Scope.worker()) as session:
        session.get_one(Person, held).mobile = "07700 900199"
    late = decide_on(client, shown, mobile="stored")
    assert late.status_code == 409
    assert "Look again at what contradicts" in late.text
    assert decide_on(client, late, mobile="stored").status_code == 302


def test_a_colleague_sees_that_it_contradicts_and_decides_nothing(
    client, caseworker, held, database, service
):
    with database.write(Scope.worker()) as session:
        own = an_account(session, (service, Role.CASEWORKER), name="Ada Own")
        for case in session.scalars(select(Case).where(Case.person_id == held)):
            case.caseworker_id = own.id
    page = client.get(PAGE)
    assert "Ada Own or a manager decides." in words(page)
    assert "ends in 145" in words(page)
    assert "900145" not in page.text
    assert 'name="reason"' not in page.text
    answer = send(client, PAGE, PAGE, mobile="stored", reason=WHY)
    assert answer.status_code == 403
    assert "only their caseworker or a manager decides" in answer.text
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(Hold.ended_at)).all() == [None]


def test_a_manager_decides_on_everybody_s_cases(client, signed_in_as, held):
    signed_in_as(Role.MANAGER)
    assert decide(client, mobile="stored").status_code == 302


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.COMMISSIONER, Role.ADMINISTRATOR])
def test_nobody_else_sees_who_is_held(client, signed_in_as, held, role):
    signed_in_as(role)
    assert [client.get(address).status_code for address in (LIST, PAGE)] == [403, 403]


def test_another_services_manager_finds_nothing(client, held, database):
    with database.write(Scope.worker()) as session:
        there = a_texting_service(session, slug="theirs")
        email = an_account(session, (there, Role.MANAGER)).email
    sign_in(client, email)
    theirs = "/services/theirs/held"
    assert client.get(LIST).status_code == client.get(PAGE).status_code == 404
    assert client.get(f"{theirs}/H-1").status_code == 404
    own = client.get(theirs)
    assert "Nobody is held" in own.text
    token = csrf_of(own)
    for address in (PAGE, f"{theirs}/H-1"):
        sent = client.post(address, data={"csrf_token": token, "mobile": "stored", "reason": WHY})
        assert sent.status_code == 404
    with database.read(Scope.worker()) as session:
        assert session.scalars(select(Hold.ended_at)).all() == [None]


def test_today_and_the_case_say_it_and_lead_there(client, caseworker, held):
    for address in ("/services/ours?whose=service", "/services/ours/cases/H-2"):
        page = client.get(address)
        assert "Nobody is contacted: the facts contradict." in page.text
    assert f'href="{LIST}/H-2"' in page.text
    today = client.get("/services/ours?whose=service")
    assert "Held: facts contradict 1" in words(today)
    assert f'href="{PAGE}"' in today.text
    kind = client.get("/services/ours?show=held&whose=service")
    assert "held since 18 November 2026" in kind.text


def test_what_needs_no_choice_needs_a_reason_alone(client, caseworker, database, service):
    with database.write(Scope.worker()) as session:
        care = {"column": "do_not_contact", "values": ["pls ring mum"], "lines": [12]}
        case = a_case(session, service, case_ref="H-1")
        a_hold(session, case, "care-unreadable", evidence=care, stands_in_person=True)
        a_hold(session, case, "row-unreadable", evidence={"values": [], "column": None})
    page = client.get(PAGE)
    assert "Do not contact: pls ring mum From line 12 of cases.csv" in words(page)
    assert "nobody texts, calls or asks this person in person" in page.text
    assert "lines 2 and 3 of cases.csv" in page.text
    assert "If the file meant more care, record that first" in page.text
    assert decide(client).status_code == 302


def test_one_value_of_one_line_is_offered_with_its_line(client, caseworker, held, database):
    with database.write(Scope.worker()) as session:
        hold = session.scalars(select(Hold)).one()
        hold.evidence = {"column": "mobile", "values": ["07700 900146"], "lines": [3]}
    assert "07700 900146: from line 3" in words(client.get(PAGE))


def test_cells_and_rows_are_shown_only_to_whoever_decides(client, caseworker, database, service):
    with database.write(Scope.worker()) as session:
        case = a_case(session, service, case_ref="H-1")
        row = {"column": "", "values": ["H-1,07700 900148,1986-11-18"], "lines": [5]}
        rows = {"column": "mobile;flags", "values": ["07700 900149; none"], "lines": [6, 7]}
        a_hold(session, case, "row-unreadable", evidence=row)
        a_hold(session, case, "rows-disagree", evidence=rows)
        a_hold(session, case, evidence={"column": "client_ref", "values": ["NULL"], "lines": []})
        a_hold(session, case, "many-cases", evidence={"column": "client_ref", "values": ["9"]})
    listed = client.get(LIST)
    assert "none of them was taken in. Mobile number, Flags. lines 6 and 7" in words(listed)
    assert "Different numbers are given for one person. Client reference." in words(listed)
    assert "More cases than one person has" in listed.text
    assert not {"900148", "900149", "1986", "NULL"} & set(re.findall(r"\w+", listed.text))
    page = client.get(PAGE)
    assert "H-1,07700 900148,1986-11-18 From line 5 of cases.csv" in words(page)
    assert "Mobile number, Flags: 07700 900149; none From lines 6 and 7" in words(page)
    assert choices(page, "mobile") == ["stored", "other"]
