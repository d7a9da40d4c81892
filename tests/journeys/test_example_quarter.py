"""The example rebuilds the published West Midlands quarter (DOMAIN.md, Apr-Jun 2015), and stays."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

FOLDER = Path(__file__).parents[2] / "examples" / "west-midlands-2015-q1"
MEASURES = (
    "satisfied",
    "easy-to-access",
    "health-and-wellbeing",
    "feeling-safer",
    "everyday-life",
    "better-informed",
    "dealings-with-agencies",
)
PUBLISHED = {"1": (74, 92, 59, 56, 40, 52, 33), "2": (94, 96, 91, 91, 72, 61, 47)}
AFFECTED_AND_HELPED = {
    "confidence": (100, 61),
    "accommodation": (33, 0),
    "relationships": (89, 44),
    "work-and-study": (89, 50),
    "finances": (50, 50),
}
COMPLETED_OF_ELIGIBLE = {"1": 28, "2": 5}


@pytest.fixture
def imported(app: Flask, tmp_path: Path) -> FlaskCliRunner:
    """An installation that holds the two example files and nothing else."""
    run = app.test_cli_runner()
    assert run.invoke(args=["services", "add", "Illustrative", "--slug", "wm"]).exit_code == 0
    for kind in ("cases", "responses"):
        path = tmp_path / f"{kind}.csv"
        path.write_bytes((FOLDER / f"{kind}.csv").read_bytes())
        done = run.invoke(args=[kind, "import", str(path), "--service", "wm"])
        assert done.exit_code == 0, done.output
    return run


def whole(rate: dict) -> int:
    return (200 * rate["numerator"] + rate["denominator"]) // (2 * rate["denominator"])


ASKED = ("report", "--service", "wm", "--period", "2015-Q1")


def test_the_report_is_the_published_table_to_the_whole_per_cent(imported: FlaskCliRunner):
    """As printed and as JSON: the files are brought in once, which takes longest."""
    prints_the_published_table(imported.invoke(args=ASKED).output)
    has_a_base_under_every_figure(imported.invoke(args=(*ASKED, "--format", "json")).stdout)


def prints_the_published_table(told: str) -> None:
    """Every share of the table, and completion of those eligible."""
    assert "[c] (" not in told
    assert "Nobody has a first or a last self-assessment" in told
    for tier, published in PUBLISHED.items():
        section = told.split(f"Satisfaction, tier {tier} ")[1].split("\nSatisfaction, tier")[0]
        shares = [int(share) for share in re.findall(r"^\S.*?\s(\d+) % \(", section, re.MULTILINE)]
        # The second line is "completely satisfied", which West Midlands did not publish.
        assert tuple(shares[:1] + shares[2:8]) == published
        assert re.search(
            rf"Tier {tier}: completed of eligible\s+{COMPLETED_OF_ELIGIBLE[tier]} %", told
        )


def has_a_base_under_every_figure(written: str) -> None:
    """Numerator and denominator make the published share; nothing is suppressed."""
    told = json.loads(written)
    rates = {(row["tier"], row["measure"]): row["rate"] for row in told["satisfaction"]}
    assert not any(rate["suppressed"] for rate in rates.values())
    for tier, published in PUBLISHED.items():
        assert tuple(whole(rates[tier, measure]) for measure in MEASURES) == published
    for area, (affected, helped) in AFFECTED_AND_HELPED.items():
        assert whole(rates["2", f"affected-{area}"]) == affected
        assert whole(rates["2", f"helped-{area}"]) == helped
    ladder = {row["tier"]: row for row in told["ladder"]}
    for tier, share in COMPLETED_OF_ELIGIBLE.items():
        assert whole(ladder[tier]["completed_of_eligible"]) == share
        assert ladder[tier]["target"] == 70
