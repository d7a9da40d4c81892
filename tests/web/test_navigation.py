"""The menu leads everybody to all that they may open in two clicks, and says where they are."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from survey_app.domain.access import may
from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from survey_app.web.shared.access import Audience, declared_access
from survey_app.web.shared.navigation import MENU, OF_SERVICE, Place
from tests.staff import an_account, sign_in
from tests.world import NOON

HOME = "/services/ours"
PLACES = [place for section in MENU for place in section.places]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The menu does not depend on the database."""
    return sqlite_database


@pytest.fixture
def sign_in_as(database: Database, client: FlaskClient):
    """Signs the browser in with a role in a service that runs."""
    with database.write(Scope.worker()) as session:
        service = add_service(session, name="Our service", slug="ours", now=NOON)
        emails = {role: an_account(session, (service, role)).email for role in Role}
    return lambda role: sign_in(client, emails[role])


def menu_of(page: str) -> list[tuple[str, str | None]]:
    """Address of each entry, and what is said of its being current."""
    return links(page, "govuk-service-navigation__link")


def below_of(page: str) -> list[tuple[str, str | None]]:
    found = re.search(r'<nav class="subnav".*?</nav>', page, re.DOTALL)
    return links(found[0], "chip") if found else []


def links(page: str, kind: str) -> list[tuple[str, str | None]]:
    pattern = rf'<a class="{kind}" href="([^"]+)"(?: aria-current="(\w+)")?'
    return [(unescape(href), here or None) for href, here in re.findall(pattern, page)]


def test_every_page_of_a_service_lies_below_one_entry_of_the_menu(app: Flask):
    for rule in app.url_map.iter_rules():
        declared = declared_access(app.view_functions[rule.endpoint])
        is_staff = declared is not None and declared.audience is Audience.STAFF
        if is_staff and rule.rule.startswith(OF_SERVICE):
            found = [place.endpoint for place in PLACES if place.holds(rule.rule)]
            assert len(found) == 1, f"give {rule.rule} one place in MENU, not {found}"


@pytest.mark.parametrize("role", list(Role))
def test_everything_that_a_role_may_open_is_two_clicks_away(app, client, sign_in_as, role: Role):
    sign_in_as(role)
    reached = set()
    for href, _here in menu_of(client.get(HOME, follow_redirects=True).text):
        page = client.get(href)
        assert page.status_code == 200, href
        reached |= {href, *(each for each, _here in below_of(page.text))}
    with app.test_request_context():
        allowed = [place for place in PLACES if may([role], place.task)]
        assert reached == {address_of(app, place) for place in allowed}


def address_of(app: Flask, place: Place) -> str:
    return str(app.url_map.bind("localhost").build(place.endpoint, {"slug": "ours"}))


def test_a_managers_menu_is_one_row(client, sign_in_as):
    sign_in_as(Role.MANAGER)
    assert len(menu_of(client.get(HOME).text)) <= 8


@pytest.mark.parametrize(
    ("address", "entry", "below"),
    [
        ("", ("", "page"), None),
        ("/overview", ("", "true"), None),
        ("/open-case", ("/cases", "true"), ("/cases", "true")),
        ("/held", ("/cases", "true"), ("/held", "page")),
        ("/users", ("/users", "page"), ("/users", "page")),
        ("/users/invite", ("/users", "true"), ("/users", "true")),
        ("/languages", ("/users", "true"), ("/languages", "page")),
        (
            "/oversight/overdue/list",
            ("/oversight/coverage", "true"),
            ("/oversight/overdue", "true"),
        ),
        ("/publish", ("/figures", "true"), ("/publish", "page")),
    ],
)
def test_the_current_place_is_marked_in_both_rows(client, sign_in_as, address, entry, below):
    sign_in_as(Role.MANAGER)
    page = client.get(HOME + address).text
    assert [each for each in menu_of(page) if each[1]] == [(HOME + entry[0], entry[1])]
    expected = [] if below is None else [(HOME + below[0], below[1])]
    assert [each for each in below_of(page) if each[1]] == expected
