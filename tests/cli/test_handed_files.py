"""The handed files of tests/cases/intake come out as their EXPECT says, on both databases.

Each on a fresh service, imported on 3 December 2026 at 10:00; the texts of that noon are sent.
"""

import csv
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey_app.store.alerts import Alert
from survey_app.store.cases import Case
from survey_app.store.holds import HeldRow, Hold
from survey_app.store.people import Person
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.usecases.judge_contact import judge_texts

HANDED = Path(__file__).parents[1] / "cases" / "intake"
TEN = datetime(2026, 12, 3, 10, 0, tzinfo=UTC)
NOON = "2026-12-03T12:00:00+00:00"


class Door:
    """The command line of an installation, and what stands in its database."""

    def __init__(self, app, database, folder: Path) -> None:
        self.runner, self.database, self.folder = app.test_cli_runner(), database, folder

    def run(self, *arguments):
        return self.runner.invoke(args=[str(argument) for argument in arguments])

    def bring(self, name: str, kind: str = "cases"):
        """Import a handed file; exit code and the JSON that it printed."""
        path = Path(shutil.copy(HANDED / name, self.folder / name))
        result = self.run(kind, "import", path, "--service", "s", "--json")
        assert result.stdout, result.exception
        return result.exit_code, json.loads(result.stdout)

    def texted(self) -> dict[str, str]:
        """Case and body of each text delivered at noon, by case."""
        sent = self.run("messages", "run-due", "--now", NOON)
        assert sent.exit_code == 0, sent.output
        listed = json.loads(self.run("messages", "list", "--service", "s", "--json").stdout)
        delivered = [m["case_ref"] for m in listed if m["state"] == "delivered"]
        assert len(delivered) == len(set(delivered))
        return {m["case_ref"]: m["body"] for m in listed if m["state"] == "delivered"}

    def read(self, query):
        with self.database.read(Scope.worker()) as session:
            return session.execute(query).all()

    def refusals(self) -> dict[str, str | None]:
        """Why each case is not asked at its baseline."""
        rows = self.read(
            select(Case.case_ref, SurveyRequest.refusal)
            .join(SurveyRequest, SurveyRequest.case_id == Case.id)
            .where(SurveyRequest.wave == "baseline")
        )
        return dict(tuple(row) for row in rows)

    def why_no_text(self, ref: str) -> str | None:
        """What the rule says of a text to this case."""
        with self.database.read(Scope.worker()) as session:
            case = session.scalars(select(Case).where(Case.case_ref == ref)).one()
            ((_, verdict), *_) = judge_texts(session, case, TEN)
            return verdict.reason

    def causes(self, ref: str) -> set[str]:
        """Why the person of a case is held."""
        rows = self.read(
            select(Hold.cause)
            .join(Case, Case.person_id == Hold.person_id)
            .where(Case.case_ref == ref, Hold.ended_at.is_(None))
        )
        return {row.cause for row in rows}

    def notes(self, name: str) -> list[tuple[str, str]]:
        """Line and code of each note beside an import."""
        path = self.folder / f"{name}.notes.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [(row["line"], row["code"]) for row in csv.DictReader(file)]


@pytest.fixture
def door(app, database, clock, tmp_path):
    clock.now = TEN
    door = Door(app, database, tmp_path)
    assert door.run("services", "add", "S", "--slug", "s").exit_code == 0
    return door


def test_placeholder_clients_are_people_of_their_own(door):
    code, said = door.bring("h01-placeholder-client.csv")
    assert (code, said["created"], said["placeholder_clients"]) == (0, 4, 4)
    assert door.read(select(func.count(Person.id))) == [(4,)]
    assert door.texted().keys() == {"N-1", "N-2", "N-3", "N-4"}


def test_a_rejected_row_is_heard_before_it_is_refused(door):
    assert door.bring("h02a-live.csv")[0] == 0
    code, said = door.bring("h02b-faulty.csv")
    assert (code, said["rejected"], said["updated"]) == (1, 3, 0)
    assert door.why_no_text("R-1") == "do-not-contact"
    assert door.why_no_text("R-2") == "facts-contradict"
    assert door.causes("R-2") == {"row-unreadable"}
    assert door.texted().keys() == {"R-3"}
    assert {row.case_ref for row in door.read(select(HeldRow.case_ref))} == {"R-1", "R-2"}


def test_an_export_with_a_join_is_one_case_with_all_its_flags(door):
    code, said = door.bring("h03-join.csv")
    assert (code, said["joined"], said["repeated"], said["rejected"]) == (1, 1, 1, 2)
    found = {(f["line"], f["column"], f["code"]) for f in said["faults"]}
    assert found == {
        (line, column, "rows-disagree")
        for line in (6, 7)
        for column in ("support_level", "deliveries")
    }
    assert dict(tuple(r) for r in door.read(select(Case.case_ref, Case.flags))) == {
        "J-1": "hate-crime;vulnerable",
        "J-2": "none",
    }
    assert door.texted().keys() == {"J-2"}
    assert door.why_no_text("J-1") == "text-not-preferred"


def test_one_client_with_two_current_numbers_is_held(door):
    code, said = door.bring("h04-one-client-two-phones.csv")
    assert (code, said["created"], said["held"]) == (0, 4, 1)
    assert door.causes("I-1") == door.causes("I-2") == {"several-numbers"}
    assert door.texted().keys() == {"I-4"}
    (mobile,) = door.read(
        select(Person.mobile).join(Case, Case.person_id == Person.id).where(Case.case_ref == "I-4")
    )
    assert mobile == ("07700 900134",)


def test_impossible_dates_hold_and_never_help(door):
    code, said = door.bring("h05-impossible-dates.csv")
    assert (code, said["created"], said["rejected"]) == (1, 4, 1)
    assert [(f["line"], f["code"]) for f in said["faults"]] == [(5, "future-date")]
    assert door.texted().keys() == {"D-5"}
    assert door.why_no_text("D-1") == "age-decision-needed"
    assert door.why_no_text("D-2") == door.why_no_text("D-3") == "facts-contradict"
    assert door.causes("D-2") == {"birth-date-impossible"}
    assert door.causes("D-3") == {"child-and-adult"}


def test_what_nobody_sees_makes_no_other_case(door):
    code, said = door.bring("h06-invisible.csv")
    assert (code, said["created"], said["repeated"], said["near_twins"]) == (0, 2, 1, 1)
    assert ("4", "near-twin") in door.notes("h06-invisible.csv")
    assert [code for _, code in door.notes("h06-invisible.csv")].count("near-twin") == 1


def groups(door, dimension: str, tier: str = "all") -> dict[str, int]:
    arguments = ("--by", dimension, "--audience", "staff", "--format", "json")
    said = door.run("report", "--service", "s", "--period", "2026-Q2", *arguments)
    rows = json.loads(said.stdout)["ladder"]
    return {row["group"]: row["supported"] for row in rows if row["tier"] == tier}


def test_words_for_nothing_are_nothing_and_spellings_one_group(door):
    assert door.bring("h07-words-for-nothing.csv")[0] == 0
    assert groups(door, "sex") == {"male": 2, "unknown": 1, "declined": 1, "not-recorded": 2}
    assert groups(door, "local-authority") == {"Sandwell": 6}


def test_a_rejected_row_never_hides_that_two_people_share_a_phone(door):
    code, said = door.bring("h10-hidden-sharing.csv")
    assert (code, said["rejected"], said["created"]) == (1, 1, 1)
    assert door.texted() == {}
    assert door.why_no_text("Q-1") == "shared-number"
    assert door.read(select(func.count(Person.id))) == [(1,)]


def test_impossible_answers_are_rejected(door):
    door.bring("h07-words-for-nothing.csv")
    code, said = door.bring("h13-responses.csv", "responses")
    assert (code, said["created"], said["rejected"]) == (1, 1, 2)
    assert [(f["line"], f["code"]) for f in said["faults"]] == [
        (2, "before-referral"),
        (3, "no-answers"),
    ]
    (landed,) = door.read(select(Case.case_ref).join(Response, Response.case_id == Case.id))
    assert landed == ("W-3",)
    assert door.read(select(func.count(Alert.id))) == [(0,)]
