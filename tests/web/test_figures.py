"""Figures pages: live for the service's staff, as published for the commissioner."""

import csv
import io
import json
import re

import pytest

from survey_app.domain.cases import Role
from survey_app.reporting.charts.rows import MARK, UNMARKED
from survey_app.store.publications import Publication
from survey_app.store.scope import Scope
from survey_app.usecases.add_service import add_service
from survey_app.web.commissioner.pages.registry import PAGES
from tests.builders import a_case
from tests.reports import a_measure, a_rate, a_report, a_star, a_suppressed_rate
from tests.staff import an_account, sign_in
from tests.world import NOON

PLACE = "/services/ours/figures"
PAGE = f"{PLACE}/2026-Q2"


@pytest.fixture
def service(database):
    with database.write(Scope.worker()) as session:
        return add_service(session, slug="ours", name="Our service", now=NOON)


@pytest.fixture
def signed_in(database, service, client):
    def as_role(role: Role):
        with database.write(Scope.worker()) as session:
            account = an_account(session, (service, role), name=f"Kim {role}")
        sign_in(client, account.email)
        return account

    return as_role


@pytest.fixture
def publish(database, service):
    def store(report=None, **facts):
        facts = {"period": "2026-Q2", "published_at": NOON} | facts
        with database.write(Scope.worker()) as session:
            session.add(
                Publication(
                    service_id=service.id,
                    report=report or a_report(audience="commissioner"),
                    **facts,
                )
            )

    return store


def words(page: str) -> str:
    """The page's text without its markup and without charts' data."""
    without = re.sub(r"<script.*?</script>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


def figures_of(page: str) -> list[dict]:
    """Every chart's figure on the page."""
    found = re.findall(
        r'<script type="application/json" class="figure"[^>]*>(.*?)</script>', page, re.DOTALL
    )
    return [json.loads(text) for text in found]


def test_the_commissioner_reads_what_was_published_when_and_by_whom(signed_in, publish, client):
    account = signed_in(Role.COMMISSIONER)
    publish(published_by_id=account.id)
    page = words(client.get(f"{PAGE}/satisfaction").text)
    assert "Published 18 November 2026, 12:00 by Kim commissioner." in page
    assert "94 % 105 of 112, likely 88 to 97 %" in page
    assert "61 % 68 of 112" in page
    assert "no data" in page
    assert "Live figures" not in page
    assert "Satisfaction by how people answered is not in what is published." in page


def test_the_commissioner_sees_the_newest_publication(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    publish()
    publish(a_report(satisfaction=[a_measure("satisfied", a_rate(1, 40))]))
    assert "1 of 40" in client.get(PAGE).text
    assert "105 of 112" not in client.get(PAGE).text


def test_an_unpublished_quarter_says_so_to_the_commissioner_whatever_happened_in_it(
    signed_in, publish, client, database, service
):
    signed_in(Role.COMMISSIONER)
    publish(period="2026-Q1")
    with database.write(Scope.worker()) as session:
        a_case(session, service, closed_on=NOON.date().replace(month=8))
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "This quarter is not published" in answer.text
    for name in ("report.csv", "report.json"):
        assert client.get(f"{PAGE}/{name}").status_code == 404


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.MANAGER, Role.ADMINISTRATOR])
def test_staff_read_live_figures_not_the_publication(
    signed_in, publish, client, database, service, role
):
    signed_in(role)
    publish()
    with database.write(Scope.worker()) as session:
        for _n in range(3):
            a_case(session, service, closed_on=NOON.date().replace(month=8))
        a_case(session, closed_on=NOON.date().replace(month=8))
    page = words(client.get(f"{PAGE}/reach").text)
    assert "Live figures" in page
    assert "Of 3 people supported" in page
    assert "105 of 112" not in page


@pytest.mark.parametrize("page", [page for page in PAGES if page != "definitions"])
def test_an_empty_quarter_says_so_instead_of_a_stack_of_noughts(signed_in, client, page):
    signed_in(Role.MANAGER)
    found = client.get(f"{PAGE}/{page}").text
    assert "Nobody is in this quarter" in found
    assert "<table" not in found
    assert "charts." not in found


def test_every_chart_says_what_its_table_says(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    publish()
    found = {
        page: client.get(f"{PAGE}/{page}").text for page in ("satisfaction", "outcomes", "stars")
    }
    drawn = {page: figures_of(text) for page, text in found.items()}
    assert [len(figures) for figures in drawn.values()] == [3, 1, 2]
    for page, text in found.items():
        assert text.count('<div class="chart__still"><svg') == len(drawn[page])
    satisfied = drawn["satisfaction"][1]["data"][0]
    assert satisfied["x"][0] == 93.8
    assert "94 % (105 of 112, likely 88 to 97 %)" in satisfied["text"][0]
    outcomes = drawn["outcomes"][0]
    assert [trace["text"][1] for trace in outcomes["data"]] == ["70", "15", "9", "6"]


def test_a_suppressed_figure_is_nowhere_on_the_page(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    hidden = a_measure("satisfied", a_suppressed_rate(), outside_base={"blank": "[c]"})
    publish(a_report(satisfaction=[hidden, a_measure("recommend", a_suppressed_rate(40))]))
    page = client.get(f"{PAGE}/satisfaction").text
    assert "[c] stands for a figure that is kept back" in page
    assert "Too few people answered" in page
    assert "satisfaction-2-sus-tier-2-chart" not in page


@pytest.mark.parametrize("page", PAGES)
def test_every_page_bears_a_report_with_everything_suppressed(signed_in, publish, client, page):
    signed_in(Role.COMMISSIONER)
    publish(everything_hidden(a_report()))
    answer = client.get(f"{PAGE}/{page}")
    assert answer.status_code == 200
    assert not re.search(r"\bnan\b|\bNone\b", words(answer.text))


def everything_hidden(value):
    """The same document with every count and share kept back."""
    if isinstance(value, dict):
        if "denominator" in value:
            return a_suppressed_rate()
        kept = ("definitions_version", "period", "target")
        return {k: v if k in kept else everything_hidden(v) for k, v in value.items()}
    if isinstance(value, list):
        return [everything_hidden(one) for one in value]
    return "[c]" if isinstance(value, int | float) and not isinstance(value, bool) else value


def test_a_suppressed_star_says_so_in_table_and_chart(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    hidden = a_star("safety", "[c]", "[c]") | {
        "paired": "[c]",
        "increased": "[c]",
        "increased_rate": a_suppressed_rate(),
    }
    publish(a_report(stars=[hidden, a_star("home", 5, 7)]))
    page = client.get(f"{PAGE}/stars")
    assert page.status_code == 200
    assert "[c] to [c]" not in words(page.text)
    chart = figures_of(page.text)[1]
    assert "Safety: [c]" in json.dumps(chart)


def test_a_suppressed_row_has_no_mark_in_the_chart(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    rows = [a_measure("satisfied", a_suppressed_rate(40)), a_measure("recommend", a_rate(20, 40))]
    publish(a_report(satisfaction=rows))
    chart = figures_of(client.get(f"{PAGE}/satisfaction").text)[0]
    assert chart["data"][0]["y"] == [UNMARKED + MARK]
    assert chart["layout"]["annotations"][0]["text"] == "Satisfied or very satisfied: [c]"


def test_a_provisional_quarter_says_so(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    period = a_report()["period"] | {"provisional": True}
    publish(a_report(period=period))
    page = words(client.get(PAGE).text)
    assert "provisional" in page
    assert "When this was published, some people of this quarter could still answer." in page


@pytest.mark.parametrize(
    "period", ["2026-Q5", "2026-Q0", "2026", "nonsense", "0000-Q1", "2026-q1", "2026-Q1 "]
)
@pytest.mark.parametrize("role", [Role.MANAGER, Role.COMMISSIONER])
def test_a_period_that_does_not_exist_is_explained(signed_in, client, role, period):
    signed_in(role)
    answer = client.get(f"{PLACE}/{period}")
    assert answer.status_code == 404
    assert "A quarter is written like 2018-Q1" in answer.text


def test_a_basis_that_does_not_exist_is_explained(signed_in, client):
    signed_in(Role.MANAGER)
    answer = client.get(PAGE, query_string={"basis": "x"})
    assert answer.status_code == 404
    assert "There is no such basis" in answer.text


def test_the_other_basis_is_live_only(signed_in, publish, client, database, service):
    signed_in(Role.COMMISSIONER)
    publish()
    page = client.get(PAGE, query_string={"basis": "answered"}).text
    assert "Figures are published by cases closed in the quarter" in page
    signed_in(Role.MANAGER)
    page = client.get(f"{PAGE}/definitions", query_string={"basis": "answered"}).text
    assert "Answers given in the quarter." in page
    page = client.get(f"{PAGE}/reach", query_string={"basis": "answered"}).text
    assert "This page is about cases, not about answers" in words(page)


def test_quarters_lead_to_their_neighbours_but_not_into_the_future(signed_in, client):
    signed_in(Role.MANAGER)
    page = client.get(f"{PLACE}/2026-Q3").text
    assert f'href="{PLACE}/2026-Q2" rel="prev"' in page
    assert 'rel="next"' not in page
    assert f'href="{PLACE}/2027-Q1" rel="next"' not in client.get(f"{PLACE}/2026-Q4").text
    assert f'href="{PLACE}/2026-Q3" rel="next"' in client.get(PAGE).text


def test_the_json_file_is_the_published_document_itself(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    report = a_report(audience="commissioner")
    publish(report)
    answer = client.get(f"{PAGE}/report.json")
    assert answer.json == report
    assert 'filename="ours-2026-Q2.json"' in answer.headers["Content-Disposition"]


def test_the_csv_file_has_the_published_figures(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    publish()
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}/report.csv").text)))
    wanted = ("satisfaction", "2", "satisfied")
    found = [r for r in rows if (r["section"], r["tier"], r["key"]) == wanted]
    assert [(r["numerator"], r["denominator"], r["percent"]) for r in found] == [
        ("105", "112", "93.8")
    ]


def test_staff_download_the_live_figures(signed_in, publish, client):
    signed_in(Role.CASEWORKER)
    publish()
    live = client.get(f"{PAGE}/report.json").json
    assert (live["audience"], live["satisfaction"]) == ("staff", [])
    assert live["changes"] == live["who_answered"] == []


def test_the_commissioner_starts_at_the_published_quarters(signed_in, publish, client):
    signed_in(Role.COMMISSIONER)
    page = client.get("/services/ours", follow_redirects=True)
    assert page.request.path == PLACE
    assert "No quarter is published yet" in page.text
    publish(period="2025-Q4")
    publish()
    page = words(client.get(PLACE).text)
    assert page.index("Q2 2026/27") < page.index("Q4 2025/26")
    assert "Q1 2026/27" not in page


def test_staff_get_every_quarter_since_the_first_closing(signed_in, client, database, service):
    signed_in(Role.CASEWORKER)
    assert re.findall(r"Q\d \d{4}/\d\d", words(client.get(PLACE).text)) == [
        "Q3 2026/27",
        "Q2 2026/27",
    ]
    with database.write(Scope.worker()) as session:
        a_case(session, service, closed_on=NOON.date().replace(month=2))
        a_case(session, closed_on=NOON.date().replace(year=2020))
    assert re.findall(r"Q\d \d{4}/\d\d", words(client.get(PLACE).text))[-1] == "Q4 2025/26"
