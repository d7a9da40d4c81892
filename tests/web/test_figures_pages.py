"""The figures pages over a drawn world: filters, spans, files, and what a hand-edited address gets.

One database: what differs between the two is in the queries, and those are counted in tests of
reporting on both.
"""

import csv
import io
import json
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from survey_app.domain.cases import Role
from survey_app.domain.statistics import whole_percent
from survey_app.store.scope import Scope
from survey_app.web.commissioner.pages.registry import PAGES
from tests.drawn_figures import database_kind, place, world
from tests.reporting.worlds import fill
from tests.store.statements import counted_statements
from tests.web.test_figures import figures_of, words

__all__ = ["database_kind", "place", "world"]

CASES = 50


@dataclass
class Reader:
    """A member of staff in front of a service's figures."""

    client: FlaskClient
    place: str

    def open(self, address: str):
        return self.client.get(f"{self.place}/{address}")

    def words(self, address: str) -> str:
        answer = self.open(address)
        assert answer.status_code == 200, address
        return words(answer.text)

    def json(self, address: str) -> dict:
        return self.open(address).json


@pytest.fixture
def reader(place, client) -> Reader:
    return Reader(client, place(Role.MANAGER))


def test_every_page_and_every_file_of_it_shows_the_numbers_of_the_one_report(reader):
    report = reader.json("2018-Q1/report.json")
    for page in PAGES:
        text = reader.open(f"2018-Q1/{page}").text
        assert not re.search(r"\bnan\b|\bNone\b|%%", words(text)), page
        files = re.findall(r'href="/services/[^"]*/figures/(2018-Q1/[^"]*\.(?:csv|svg))"', text)
        assert text.count('<div class="chart__still"><svg') == len(figures_of(text))
        for address in files:
            if "report." not in address:
                answer = reader.open(address)
                assert answer.status_code == 200
                assert answer.text.startswith("<svg ") or "," in answer.text, address
    wanted = next(r for r in report["satisfaction"] if r["measure"] == "satisfied")
    name = f"satisfaction-{wanted['tier']}-{wanted['instrument']}"
    rows = list(csv.DictReader(io.StringIO(reader.open(f"2018-Q1/satisfaction/{name}.csv").text)))
    shown = {key.removeprefix("Share: "): v for key, v in rows[0].items() if "Share" in key}
    rate = {key: "" if value is None else str(value) for key, value in wanted["rate"].items()}
    assert shown == rate
    percent = whole_percent(wanted["rate"]["numerator"], wanted["rate"]["denominator"])
    assert f"{percent} % {wanted['rate']['numerator']} of" in reader.words("2018-Q1/satisfaction")


def test_a_filter_narrows_every_page_and_stays_in_every_address(reader, world):
    everyone = reader.json("2018-Q1/report.json")["ladder"][-1]["supported"]
    for sex in ("female", "not-recorded"):
        found = reader.json(f"2018-Q1/report.json?sex={sex}")
        assert found["filters"] == {"sex": sex}
        assert 0 < found["ladder"][-1]["supported"] < everyone
    for page in PAGES:
        text = reader.open(f"2018-Q1/{page}?sex=female&flag=high-risk").text
        links = re.findall(r'<nav class="figure-pages".*?</nav>', text, re.DOTALL)[0]
        # The ten pages, and the groups side by side.
        assert links.count("sex=female") == len(PAGES) + 1
        assert "Sex: female" in words(text)
    assert "Sex: female" in reader.words("2018-Q1/by/age-band?sex=female&flag=high-risk")
    answered = reader.json("2018-Q1/report.json?mode=phone")
    assert answered["ladder"] is None
    assert answered["satisfaction"]
    one = reader.json("2018-Q1/report.json?instrument=sus-tier-1")
    assert {row["instrument"] for row in one["satisfaction"]} == {"sus-tier-1"}
    tier = reader.json("2018-Q1/report.json?tier=2")
    assert {row["tier"] for row in tier["satisfaction"]} == {"2"}


def test_a_filter_that_leaves_nobody_says_so_in_words(reader):
    for page in PAGES.keys() - {"definitions"}:
        text = reader.open(f"2018-Q1/{page}?crime-category=piracy").text
        assert "Nobody in this period fits these filters." in text, page
        assert "<table" not in text, page
        assert reader.open(f"2018-Q1/{page}/no-such-block.csv").status_code == 404
        assert reader.open(f"2018-Q1/{page}/no-such-block.svg").status_code == 404


def test_an_address_that_cannot_be_is_answered_in_words(reader):
    for address, said in (
        ("2018-Q9", "A quarter is written like 2018-Q1"),
        ("2018-Q1..", "A quarter is written like 2018-Q1"),
        ("2018-Q1..2018-Q1..2018-Q2", "A quarter is written like 2018-Q1"),
        ("2018-Q2..2018-Q1", "The earlier quarter comes first"),
        ("1999-Q2..2018-Q1", "at most ten years"),
        ("2018-Q1?tier=9", "9 is no value of the filter Tier"),
        ("2018-Q1/reach?flag=zzz", "zzz is no value of the filter Flag"),
        ("2018-Q1?mode=owl", "owl is no value"),
        ("2018-Q1?sex=" + "x" * 300, "is no value of the filter Sex"),
        ("2018-Q1?basis=x", "There is no such basis"),
        ("chosen?from=2018-Q1&to=never", "A quarter is written like 2018-Q1"),
    ):
        answer = reader.open(address)
        assert answer.status_code == 404, address
        assert said in words(answer.text), address


def test_what_no_filter_knows_is_passed_over_and_a_page_that_is_none_is_not_found(reader):
    assert "Nobody" not in reader.words("2018-Q1?colour=red&sex=&tier=")
    assert reader.open("2018-Q1/horoscope").status_code == 404
    assert "<script>alert" not in reader.open("2018-Q1?crime-category=<script>alert(1)").text


def test_several_quarters_are_one_period(reader):
    whole = reader.json("2017-Q4..2018-Q1/report.json")
    parts = [reader.json(f"{code}/report.json") for code in ("2017-Q4", "2018-Q1")]
    for key in ("supported", "completed"):
        assert whole["ladder"][-1][key] == sum(part["ladder"][-1][key] for part in parts)
    assert whole["period"]["from"] == "2018-01-01"
    page = reader.words("2017-Q4..2018-Q1")
    assert "Q4 2017/18 – Q1 2018/19" in page
    assert "Q2 2017/18 – Q3 2017/18" in page


def test_the_form_leads_to_an_address_that_says_it_all(reader):
    text = reader.open("2018-Q1/choose?page=reach&sex=female").text
    assert '<option value="female" selected>' in text
    assert ">burglary</option>" in text
    answer = reader.open("chosen?from=2018-Q2&to=2018-Q1&page=reach&sex=female&tier=&basis=closed")
    assert answer.status_code == 302
    assert answer.location == f"{reader.place}/2018-Q1..2018-Q2/reach?sex=female"
    assert reader.open("chosen?from=2018-Q1&to=2018-Q1&page=x").location.endswith("/2018-Q1")


def test_trends_go_by_quarters_or_months(reader):
    assert "Fewer than 6 periods have figures" in reader.words("2018-Q1/trends")
    months = figures_of(reader.open("2018-Q1/trends?unit=month").text)
    assert "Apr" in json.dumps(months[0]["layout"]["xaxis"])


def test_places_are_compared_by_the_figure_that_was_chosen(reader, database, world):
    with database.write(Scope.worker()) as session:
        for n, case in enumerate(world.cases):
            session.merge(case).local_authority = ("North", "South")[n % 2]
    page = reader.words("2018-Q1/compare")
    assert "Local authorities: Completed, of those supported" in page
    areas = [row["area"] for row in reader.json("2018-Q1/report.json")["outcomes"]]
    figures = [f"improved-self-assessment-{area}" for area in areas]
    pages = [reader.words(f"2018-Q1/compare?figure={figure}") for figure in figures]
    # Where only one of two places has pairs, there is nothing to compare.
    assert any("Local authorities: Improved" in page for page in pages)
    assert "Completed, of those supported" in reader.words("2018-Q1/compare?figure=nonsense")


def test_no_page_sends_more_statements_for_more_cases(reader, database, world):
    def statements() -> dict[str, int]:
        found = {}
        for page in PAGES:
            with (
                reader.client.application.extensions["runtime"].database.read() as session,
                counted_statements(session) as sent,
            ):
                assert reader.open(f"2018-Q1/{page}?unit=month").status_code == 200
            found[page] = len(sent)
        return found

    few = statements()
    with database.write(Scope.worker()) as session:
        world.session = session
        fill(world, 15)
    assert statements() == few
    assert max(few.values()) < 40
