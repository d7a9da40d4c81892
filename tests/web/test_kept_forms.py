"""A form left open overnight: sign in, and the entry is still there, unsaved."""

import re

import pytest
from sqlalchemy import func, select

from survey_app.domain.cases import Role
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.store.staff import StaffAccount
from survey_app.store.staff_sessions import KeptEntry
from survey_app.usecases.staff_sessions import KEPT_FOR
from survey_app.web.shared.identity import IDLE_LIMIT
from tests.staff import PASSWORD, an_account, csrf_of, sign_in
from tests.staff_texts import a_text
from tests.texting import a_texting_service

PAGE = "/services/ours/cases/WM-1/safe-contact"
ENTRY = {
    "sms_consent": "no",
    "sms_safe": "unknown",
    "days": "some",
    "safe_days": ["tue", "thu"],
    "safe_from": "10:30",
    "how": 'On the phone, "quietly" <b>.',
}


@pytest.fixture
def database_kind() -> str:
    """Nothing here is asked of the database that differs between the two."""
    return "sqlite"


@pytest.fixture
def case(database) -> int:
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="ours", name="Our service")
        return a_text(session, service, case_ref="WM-1").person_id


@pytest.fixture
def emails(database, case) -> list[str]:
    with database.write(Scope.worker()) as session:
        service = get_service(session, "ours")
        return [an_account(session, (service, Role.CASEWORKER)).email for _n in range(2)]


def token_of(client) -> str:
    return csrf_of(client.get(PAGE))


def post(client, token, address=PAGE, referrer=PAGE, **fields):
    return client.post(
        address,
        data={"csrf_token": token} | (fields or ENTRY),
        headers={"Referer": f"http://localhost{referrer}"},
    )


def sign_in_again(client, answer, email):
    page = client.get(answer.location)
    wanted = re.search(r'name="next" value="([^"]*)"', page.text)[1]
    fields = {"csrf_token": csrf_of(page), "email": email, "password": PASSWORD, "next": wanted}
    return page, client.post("/sign-in", data=fields)


def kept(database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(KeptEntry.id)))


def consent(database, person_id) -> str:
    with database.read(Scope.worker()) as session:
        return session.get_one(Person, person_id).sms_consent


def is_filled(page) -> bool:
    return all(
        part in page.text
        for part in (
            "This is not saved yet.",
            "On the phone, &quot;quietly&quot; &lt;b&gt;.",
            'value="10:30"',
            'value="tue" checked',
            'value="thu" checked',
        )
    )


def test_after_the_idle_limit_the_entry_waits_behind_the_sign_in(
    client, emails, clock, database, case
):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(seconds=IDLE_LIMIT.total_seconds() + 1)
    answer = post(client, token)
    assert answer.status_code == 302
    page, back = sign_in_again(client, answer, emails[0])
    assert "find what you had entered" in page.text
    assert back.location == PAGE
    shown = client.get(PAGE)
    assert is_filled(shown)
    assert consent(database, case) == "yes"
    assert kept(database) == 0
    assert post(client, csrf_of(shown)).status_code == 302
    assert consent(database, case) == "no"


def test_it_is_shown_once(client, emails, clock):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    sign_in_again(client, post(client, token), emails[0])
    assert is_filled(client.get(PAGE))
    assert "This is not saved yet." not in client.get(PAGE).text


def test_who_signed_in_anew_in_another_tab_finds_it_too(client, emails, clock, database, case):
    sign_in(client, emails[0])
    stale = token_of(client)
    clock.move(hours=9)
    sign_in(client, emails[0])
    answer = post(client, stale)
    assert answer.location == PAGE
    assert is_filled(client.get(PAGE))
    assert consent(database, case) == "yes"


def test_sealed_in_the_database_without_the_token(client, emails, clock, database):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    post(client, token, password="hush", **ENTRY)
    with database.read() as session:
        raw = session.connection().exec_driver_sql("SELECT fields FROM kept_entries").scalar()
        [entry] = session.scalars(select(KeptEntry)).all()
    assert b"quietly" not in bytes(raw)
    assert not {"password", "csrf_token"} & set(entry.fields)


def test_somebody_else_who_signs_in_there_does_not_see_it(client, emails, clock):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    sign_in_again(client, post(client, token), emails[1])
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "quietly" not in page.text


def test_it_does_not_wait_for_ever(client, emails, clock):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    answer = post(client, token)
    clock.move(seconds=KEPT_FOR.total_seconds())
    sign_in_again(client, answer, emails[0])
    assert "quietly" not in client.get(PAGE).text


def test_it_survives_signing_out_everywhere(client, emails, database):
    sign_in(client, emails[0])
    token = token_of(client)
    with database.write() as session:
        session.scalars(select(StaffAccount).filter_by(email=emails[0])).one().session_epoch += 1
    sign_in_again(client, post(client, token), emails[0])
    assert is_filled(client.get(PAGE))


def test_a_form_of_another_site_is_not_kept(client, emails, clock, database):
    sign_in(client, emails[0])
    clock.move(hours=1)
    assert post(client, "made up").status_code == 400
    assert kept(database) == 0
    clock.move(hours=-1)
    assert post(client, "made up").status_code == 400


def test_a_stranger_has_nothing_kept(app, client, emails, database):
    stranger = app.test_client()
    token = csrf_of(stranger.get("/sign-in"))
    assert post(stranger, token).status_code == 302
    assert kept(database) == 0


def test_where_the_form_is_gone_what_was_entered_is_shown_as_text(client, emails, clock):
    address = "/services/ours/sending/pause"
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    answer = post(client, token, address=address, referrer=PAGE, reason="Too many texts.")
    sign_in_again(client, answer, emails[0])
    page = client.get(PAGE).text
    assert "was not saved" in page
    assert "reason: Too many texts." in page


def test_an_endless_entry_is_not_kept(client, emails, clock, database):
    sign_in(client, emails[0])
    token = token_of(client)
    clock.move(hours=1)
    assert post(client, token, how="x" * 70_000).status_code == 302
    assert kept(database) == 0
