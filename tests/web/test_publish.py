"""A manager publishes a quarter: looks, says why, confirms."""

import re

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.publications import Publication
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from tests.builders import a_case, a_person
from tests.staff import an_account, csrf_of, sign_in
from tests.world import NOON

LIST = "/services/ours/publish"
PAGE = f"{LIST}/2026-Q2"
AUGUST = NOON.date().replace(month=8)


@pytest.fixture
def service(database):
    with database.write(Scope.worker()) as session:
        service = add_service(session, slug="ours", name="Our service", now=NOON)
        for _n in range(7):
            a_case(session, service, closed_on=AUGUST)
        return service


@pytest.fixture
def manager(database, service, client):
    with database.write(Scope.worker()) as session:
        account = an_account(session, (service, Role.MANAGER), name="Kim Doe")
    sign_in(client, account.email)
    return account


def form_of(client) -> dict[str, str]:
    page = client.get(PAGE)
    seen = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert seen is not None
    return {
        "csrf_token": csrf_of(page),
        "seen": seen[1],
        "reason": "quarterly report",
        "confirm": "yes",
    }


def published(database) -> list[Publication]:
    with database.read(Scope.worker()) as session:
        return list(session.scalars(select(Publication)))


def test_the_preview_is_what_the_commissioner_will_see(client, manager, database, service):
    with database.write(Scope.worker()) as session:
        for _n in range(2):
            a_case(session, service, closed_on=AUGUST, support_level="caseworker")
    page = client.get(PAGE).text
    assert re.search(r"Of \d+ figures, \d+ \(\d+ %\) are kept back as \[c\]", page)
    assert "Compared with what was published" not in page
    assert published(database) == []


def test_a_published_quarter_is_stored_listed_and_shown_to_the_commissioner(
    client, manager, database, service
):
    answer = client.post(PAGE, data=form_of(client))
    assert (answer.status_code, answer.location) == (302, LIST)
    stored = published(database)[0]
    assert (stored.period, stored.published_by_id) == ("2026-Q2", manager.id)
    assert stored.report["audience"] == "commissioner"
    assert stored.report["basis"] == "closed"
    page = client.get(LIST).text
    assert "Q2 2026/27 is published." in page
    assert "Kim Doe" in page
    with database.write(Scope.worker()) as session:
        reader = an_account(session, (service, Role.COMMISSIONER))
    sign_in(client, reader.email)
    assert "Of 7 people supported" in client.get("/services/ours/figures/2026-Q2/reach").text


def test_late_cases_do_not_move_what_was_published(client, manager, database, service):
    client.post(PAGE, data=form_of(client))
    with database.write(Scope.worker()) as session:
        for _n in range(9):
            a_case(session, service, closed_on=AUGUST)
        reader = an_account(session, (service, Role.COMMISSIONER))
    sign_in(client, reader.email)
    assert "Of 7 people supported" in client.get("/services/ours/figures/2026-Q2/reach").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "Write why you publish now"),
        ({"reason": "x" * 501}, "at most 500 characters"),
        ({"confirm": None}, "Tick the box"),
    ],
)
def test_a_form_that_is_not_filled_publishes_nothing(client, manager, database, change, words):
    fields = {k: v for k, v in (form_of(client) | change).items() if v is not None}
    answer = client.post(PAGE, data=fields)
    assert answer.status_code == 400
    assert words in answer.text
    assert published(database) == []


def test_figures_that_moved_are_shown_again_first(client, manager, database, service):
    fields = form_of(client)
    with database.write(Scope.worker()) as session:
        for _n in range(6):
            a_case(session, service, closed_on=AUGUST)
    answer = client.post(PAGE, data=fields)
    assert answer.status_code == 409
    assert "The figures changed while you were reading" in answer.text
    assert published(database) == []
    assert client.post(PAGE, data=form_of(client)).status_code == 302


def test_the_same_figures_cannot_be_published_twice(client, manager, database):
    fields = form_of(client)
    client.post(PAGE, data=fields)
    answer = client.post(PAGE, data=fields)
    assert answer.status_code == 409
    assert "published already" in answer.text
    assert len(published(database)) == 1
    assert "<form" not in client.get(PAGE).text.split("<main")[1]


def test_an_empty_and_a_coming_quarter_cannot_be_published(client, manager):
    empty = client.get(f"{LIST}/2025-Q1").text.split("<main")[1]
    assert "There is nothing to publish" in empty
    assert "<form" not in empty
    assert "This quarter has not begun" in client.get(f"{LIST}/2027-Q1").text


def test_a_quarter_that_is_not_over_warns(client, manager, database, service):
    with database.write(Scope.worker()) as session:
        a_case(session, service, closed_on=NOON.date())
    assert "more cases will close in it" in client.get(f"{LIST}/2026-Q3").text
    assert "more cases will close in it" not in client.get(PAGE).text


def test_the_list_says_what_to_do_before_anything_is_published(client, manager):
    page = client.get(LIST).text
    assert "Nothing was published yet" in page
    assert "Q2 2026/27" in page


def test_the_commissioner_gets_each_published_split_and_no_other(
    client, manager, database, service
):
    with database.write(Scope.worker()) as session:
        for sex in ("female", "male"):
            for _n in range(8):
                a_case(session, service, a_person(session, service, sex=sex), closed_on=AUGUST)
        reader = an_account(session, (service, Role.COMMISSIONER))
    assert client.get("/services/ours/figures/2026-Q2/by/sex").status_code == 200
    fields = form_of(client)
    client.post(PAGE, data=fields)
    with database.write(Scope.worker()) as session:
        a_case(session, service, closed_on=AUGUST)
    preview = client.get(PAGE).text
    assert "moved by so few people" in preview
    assert re.search(r"[1-9]\d* counts that were told would be kept back", preview)
    assert '"strict" value="yes"' in client.get(f"{PAGE}?strict=yes").text
    sign_in(client, reader.email)
    page = client.get("/services/ours/figures/2026-Q2/by/sex").text
    assert "By sex" in page
    assert "female" in page.lower()
    report = client.get("/services/ours/figures/2026-Q2/report.json?by=sex").json
    stored = published(database)[0]
    assert report is not None
    assert {row["group"] for row in report["ladder"]} >= {"female", "male", "not-recorded"}
    with database.read(Scope.worker()) as session:
        assert session.get_one(Publication, stored.id).tables["sex"] == report
    files = "/services/ours/figures/2026-Q2/report"
    assert "female" in client.get(f"{files}.csv?by=sex").text
    assert client.get(f"{files}.xlsx?by=sex").data.startswith(b"PK")
    assert client.get(f"{files}.json?by=month").status_code == 404
    assert client.get(f"{files}.json?by=sex,flag").status_code == 404
    assert client.get("/services/ours/figures/2026-Q2/by/month").status_code == 404
    assert "not published" in client.get("/services/ours/figures/2026-Q1/by/sex").text
