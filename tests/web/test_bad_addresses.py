"""Every figures page, split page and file answers every bad address in words.

One table of addresses against one of pages: never a server's fault, never a stack of noughts,
never `nan`. One database: nothing here depends on its kind.
"""

import re

import pytest

from survey_app.domain.cases import Role
from survey_app.reporting.quarter_tables import PUBLISHED_BY
from survey_app.store.scope import Scope
from survey_app.web.commissioner.pages.registry import PAGES
from tests import builders
from tests.drawn_figures import database_kind, place, world
from tests.staff import an_account, sign_in
from tests.web.test_figures import words

__all__ = ["database_kind", "place", "world"]

HTML = [f"/{page}" for page in PAGES] + [f"/by/{by.value}" for by in PUBLISHED_BY]
FILES = ["/report.csv", "/report.xlsx", "/report.csv?by=sex", "/report.xlsx?by=flag"]
DATA = ["/report.json", "/report.json?by=tier"]
BLOCKS = ["/reach/no-such-block.csv", "/stars/no-such-block.svg", "/trends/no-such-block.csv"]

IMPOSSIBLE = {
    ("2018-Q9", ""): "A quarter is written like 2018-Q1",
    ("18-Q1", ""): "A quarter is written like 2018-Q1",
    ("2018-Q1..2018-Q5", ""): "A quarter is written like 2018-Q1",
    ("2018-Q2..2018-Q1", ""): "The earlier quarter comes first",
    ("1990-Q1..2018-Q1", ""): "at most ten years",
    ("2018-Q1", "basis=moon"): "There is no such basis",
    ("2018-Q1", "tier=9"): "9 is no value of the filter Tier",
    ("2018-Q1", "flag=high-risk%00"): "is no value of the filter Flag",
    ("2018-Q1", "sex=" + "x" * 201): "is no value of the filter Sex",
}
NOBODY = {
    ("1999-Q1", ""): "Nobody is in this ",
    ("1999-Q1..1999-Q3", ""): "Nobody is in th",
    ("2018-Q1", "crime-category=%27%3B--"): "Nobody in this period fits these filters",
    ("2018-Q1", "sex=female&ethnicity=none-such&tier=3"): "Nobody in this period fits",
}


def address(place: str, period: str, page: str, query: str) -> str:
    joint = "&" if "?" in page else "?"
    return f"{place}/{period}{page}" + (f"{joint}{query}" if query else "")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COMMISSIONER])
def test_what_cannot_be_is_said_in_words_everywhere(place, client, role):
    there = place(role)
    for (period, query), said in IMPOSSIBLE.items():
        for page in ("", *HTML, *FILES, *DATA, *BLOCKS):
            answer = client.get(address(there, period, page, query))
            assert answer.status_code == 404, answer.request.url
            assert said in words(answer.text), answer.request.url


def test_nobody_is_said_in_words_on_every_page_and_instead_of_every_file(place, client):
    there = place(Role.MANAGER)
    for (period, query), said in NOBODY.items():
        for page in ("", *HTML):
            answer = client.get(address(there, period, page, query))
            assert answer.status_code == 200, answer.request.url
            if page != "/definitions":
                assert said in words(answer.text), answer.request.url
                assert "<table" not in answer.text, answer.request.url
        for page in (*FILES, *BLOCKS):
            answer = client.get(address(there, period, page, query))
            assert answer.status_code == 404, answer.request.url
            assert answer.mimetype == "text/html"
        for page in DATA:
            answer = client.get(address(there, period, page, query))
            assert (answer.status_code, answer.json["satisfaction"]) == (200, [])


def test_what_is_not_published_is_said_in_words_to_the_commissioner(place, client):
    there = place(Role.COMMISSIONER)
    for period, query in [("2018-Q1", ""), ("2018-Q1..2018-Q2", ""), *NOBODY]:
        for page in ("", *HTML):
            answer = client.get(address(there, period, page, query))
            assert answer.status_code == 200, answer.request.url
            assert re.search("not published|quarter by quarter", answer.text), answer.request.url
        for page in (*FILES, *DATA):
            answer = client.get(address(there, period, page, query))
            assert answer.status_code == 404, answer.request.url
            assert "These figures are not published" in words(answer.text)


def test_a_service_without_a_programme_has_figures_without_tiers_or_targets(
    database, client, world
):
    with database.write(Scope.worker()) as session:
        service = builders.a_service(session)
        for _n in range(6):
            builders.a_case(session, service, closed_on=world.cases[0].closed_on)
        account = an_account(session, (service, Role.MANAGER))
    sign_in(client, account.email)
    there = f"/services/{service.slug}/figures"
    for page in ("", *HTML, *FILES, *DATA):
        answer = client.get(f"{there}/2018-Q1{page}")
        assert answer.status_code == 200, page
        if answer.mimetype == "text/html":
            assert not re.search(r"\bnan\b|\bNone\b|%%", words(answer.text)), page


@pytest.mark.parametrize("page", ["/horoscope", "/by/horoscope", "/by/month", "/reach/x.pdf"])
def test_a_page_that_is_none_is_not_found(place, client, page):
    assert client.get(f"{place(Role.MANAGER)}/2018-Q1{page}").status_code == 404
