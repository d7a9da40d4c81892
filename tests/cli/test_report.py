"""The `report` command: its formats, its words where there is nothing, and wrong use."""

import csv
import io
import json
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from openpyxl import load_workbook

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests import builders
from tests.reporting.worlds import World, fill


@pytest.fixture
def slug(database: Database) -> str:
    with database.write(Scope.worker()) as session:
        world = World(session, Random(4))
        fill(world, 40)
        return world.service.slug


def run(app: Flask, *arguments: str):
    return app.test_cli_runner().invoke(args=["report", *arguments])


def test_text_shows_whole_per_cent_with_base_and_interval(app: Flask, slug: str):
    result = run(app, "--service", slug, "--period", "2018-Q1", "--audience", "staff")
    assert result.exit_code == 0
    assert "Q1 2018/19" in result.output
    assert "% CI" in result.output
    assert "no data" in result.output


def test_the_commissioner_is_the_default_and_is_told_what_c_means(app: Flask, slug: str):
    result = run(app, "--service", slug, "--period", "2018-Q1")
    assert "[c] stands for a figure left out" in result.output


def test_json_is_json_alone_with_every_promised_key(app: Flask, slug: str):
    result = run(app, "--service", slug, "--period", "2018-Q1", "--format", "json")
    found = json.loads(result.stdout)
    assert found["service"] == slug
    assert found["period"].keys() == {"code", "from", "to", "provisional"}
    assert found["period"]["from"] == "2018-04-01"
    assert found["ladder"][0].keys() == {
        *("tier", "supported", "eligible", "contactable", "asked", "reached", "started"),
        *("completed", "texts", "opted_out", "expired", "not_asked", "completed_by_mode"),
        *("completed_of_eligible", "completed_of_supported", "target"),
    }
    assert found["satisfaction"][0].keys() == {
        *("tier", "instrument", "measure", "rate", "outside_base", "all_asked"),
    }
    assert found["outcomes"][0].keys() == {
        *("area", "instrument", "paired", "paired_with_review", "improved", "sustained_well"),
        *("sustained_low", "declined", "baseline_only", "closure_only"),
        *("improved_or_sustained", "improved_rate", "improved_with_room"),
    }
    assert found["stars"][0].keys() == {
        *("instrument", "area", "paired", "increased", "maintained", "decreased"),
        *("one_reading_only", "first", "last", "increased_rate"),
    }
    assert found["stars_overall"][0].keys() == {"instrument", "any_area_increased"}


@pytest.mark.parametrize("dimension", ["tier", "flag", "sex", "mode"])
def test_split_rows_carry_their_group(app: Flask, slug: str, dimension: str):
    wanted = ("--service", slug, "--period", "2018-Q1", "--by", dimension, "--format", "json")
    found = json.loads(run(app, *wanted).stdout)
    assert all(row["group"] for row in found["ladder"] + found["satisfaction"])


def test_on_the_basis_answered_there_is_no_ladder(app: Flask, slug: str):
    wanted = ("--service", slug, "--period", "2018-Q1", "--basis", "answered", "--format", "json")
    assert json.loads(run(app, *wanted).stdout)["ladder"] is None


def test_csv_has_a_row_for_every_figure(app: Flask, slug: str):
    result = run(app, "--service", slug, "--period", "2018-Q1", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(result.stdout))
    assert header == [
        *("section", "tier", "group", "instrument", "key", "numerator", "denominator"),
        *("percent", "low", "high", "suppressed"),
    ]
    assert {row[0] for row in rows} == {
        *("ladder", "satisfaction", "outcomes", "stars", "stars_overall"),
    }
    assert all(row[5] == "" for row in rows if row[10] == "[c]")


def test_a_workbook_has_a_sheet_for_each_section(app: Flask, slug: str, tmp_path: Path):
    path = tmp_path / "report.xlsx"
    wanted = ("--service", slug, "--period", "2018-Q1", "--format", "xlsx", "--output", str(path))
    assert run(app, *wanted).exit_code == 0
    book = load_workbook(path)
    assert book.sheetnames == [
        *("Notes", "Reach", "Satisfaction", "Outcomes", "Stars", "Stars overall")
    ]


def test_an_empty_quarter_is_said_in_words(app: Flask, slug: str):
    result = run(app, "--service", slug, "--period", "1999-Q4")
    assert result.exit_code == 0
    assert "no figures" in result.output
    assert "Supported" not in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--period", "2018"), "2018-Q1"),
        (("--period", "2018-Q5"), "Q4"),
        (("--period", "2018-Q1", "--by", "shoe-size"), "shoe-size"),
        (("--period", "2018-Q1", "--basis", "guess"), "guess"),
        (("--period", "2018-Q1", "--format", "pdf"), "pdf"),
        ((), "--period"),
    ],
)
def test_wrong_use_is_explained_and_exits_2(app: Flask, slug: str, arguments, words: str):
    result = run(app, "--service", slug, *arguments)
    assert result.exit_code == 2
    assert words in result.output


def test_a_service_that_is_not_there_is_named(app: Flask, slug: str):
    result = run(app, "--service", "nowhere", "--period", "2018-Q1")
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_a_group_name_from_a_file_is_never_a_formula(app: Flask, database: Database):
    with database.write(Scope.worker()) as session:
        world = World(session)
        world.add_case(crime_category="=1+1")
        slug = world.service.slug
    wanted = ("--service", slug, "--period", "2018-Q1", "--by", "crime-category", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run(app, *wanted).stdout)))
    assert {row["group"] for row in rows} == {"'=1+1"}


def test_a_service_without_a_programme_has_a_report_too(app: Flask, database: Database):
    with database.write(Scope.worker()) as session:
        slug = builders.a_service(session).slug
    assert "no figures" in run(app, "--service", slug, "--period", "2018-Q1").output


def test_a_span_of_quarters_and_filters_narrow_the_figures(app: Flask, slug: str):
    staff = ("--service", slug, "--audience", "staff", "--format", "json")

    def supported(*more: str) -> int:
        result = run(app, *staff, *more)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)["ladder"][-1]["supported"]

    everyone = supported("--period", "2018-Q1")
    assert supported("--period", "2017-Q3..2018-Q4") >= everyone
    women = supported("--period", "2018-Q1", "--only", "sex=female")
    assert 0 < women < everyone
    few = supported("--period", "2018-Q1", "--only", "sex=female", "--only", "flag=high-risk")
    assert few < women


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--period", "2018-Q2..2018-Q1"), "the first quarter comes first"),
        (("--period", "2001-Q1..2018-Q1"), "more than ten years"),
        (("--period", "2018-Q1", "--only", "month=5"), "write one of tier"),
        (("--period", "2018-Q1", "--only", "sex"), "write one of tier"),
        (("--period", "2018-Q1", "--only", "sex=female"), "add --audience staff"),
    ],
)
def test_wrong_narrowing_says_what_to_write(app: Flask, wrong, said):
    result = run(app, "--service", "ours", *wrong)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
