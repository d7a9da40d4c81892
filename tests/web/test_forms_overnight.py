"""Every form that staff fill in, left open overnight: sign in, and the entry is still there."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.page_forms import Control, PageForm, forms_of
from tests.staff import PASSWORD, csrf_of, sign_in
from tests.staff_ground import Ground, addresses, build_ground
from tests.world import NOON, SetClock

NEVER_KEPT = ("csrf_token", "pin", "code")
FILLED = {"date": "2026-11-17", "time": "10:30", "number": "3", "email": "sam@example.org"}
FEWEST_FORMS = 20


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What is kept does not differ between the databases."""
    return sqlite_database


@pytest.fixture
def ground(database: Database) -> Ground:
    """A service in which every page has something to show."""
    with database.write(Scope.worker()) as session:
        return build_ground(session)


def is_filled_in(control: Control) -> bool:
    hidden = control.kind in ("hidden", "password") or control.name in NEVER_KEPT
    return not hidden and "password" not in control.name


def fill(form: PageForm) -> dict[str, list[str]]:
    """Something else in every field than what stands there."""
    for control in form.controls.values():
        if not is_filled_in(control):
            continue
        if control.kind in ("radio", "select"):
            control.chosen = [control.offered[-1]]
        elif control.kind == "checkbox":
            control.chosen = [each for each in control.offered if each not in control.chosen][:1]
        else:
            control.chosen = [FILLED.get(control.kind, 'Kept & "said"')]
    return form.sent


def without_token(sent: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in sent.items() if name != "csrf_token" and any(values)}


def sign_in_again(client: FlaskClient, wanted: str, email: str) -> str:
    page = client.get(wanted)
    token, next_page = csrf_of(page), forms_of(page.text)[-1].controls["next"].chosen[0]
    fields = {"csrf_token": token, "email": email, "password": PASSWORD, "next": next_page}
    answer = client.post("/sign-in", data=fields)
    assert answer.status_code == 302
    return client.get(answer.location).text


def forms_to_fill(client: FlaskClient, address: str) -> list[int]:
    """Which of a page's forms send something that somebody entered."""
    return [
        place
        for place, form in enumerate(forms_of(client.get(address).text))
        if form.method == "post" and any(map(is_filled_in, form.controls.values()))
    ]


def left_overnight(
    client: FlaskClient, clock: SetClock, email: str, address: str, place: int
) -> None:
    clock.now = NOON
    sign_in(client, email)
    form = forms_of(client.get(address).text)[place]
    target, sent = form.action or address, fill(form)
    clock.move(hours=20)
    referrer = {"Referer": f"http://localhost{address}"}
    answer = client.post(target, data=sent, headers=referrer)
    assert answer.status_code == 302, (address, target)
    shown = sign_in_again(client, answer.location, email)
    assert "This is not saved yet." in shown, (address, target)
    again = [each for each in forms_of(shown) if (each.action or address) == target]
    if again:
        assert without_token(again[0].sent) == without_token(sent), (address, target)
    else:
        words = [text for values in sent.values() for text in values if text.startswith("Kept")]
        assert all(text in unescape(shown) for text in words), (address, target)


def test_every_form_left_open_overnight_is_found_filled_in(
    app: Flask, client: FlaskClient, ground: Ground, clock: SetClock
):
    email = ground.emails[Role.MANAGER]
    sign_in(client, email)
    found = [
        (address, place)
        for endpoint, (address, *_more) in addresses(app, ground).items()
        if not endpoint.startswith("account.")
        for place in forms_to_fill(client, address)
    ]
    assert len(found) >= FEWEST_FORMS
    for address, place in found:
        left_overnight(client, clock, email, address, place)
