"""The import commands: what they print, what they write beside the file, how they end."""

import csv
import json

import pytest
from sqlalchemy import func, select

from survey_app.cli.import_words import FILE_WORDS, NOTE_WORDS, ROW_WORDS
from survey_app.domain.file_faults import FileFaultCode, NoteCode, RowFaultCode
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from tests.case_files import (
    SLUG,
    a_case_row,
    a_closed_row,
    a_live_service,
    answer_rows,
    written,
)


@pytest.fixture
def run(app, database):
    """Run a command of the app beside a live service."""
    with database.write(Scope.worker()) as session:
        a_live_service(session)
    runner = app.test_cli_runner()

    def _run(*arguments):
        return runner.invoke(args=[str(argument) for argument in arguments])

    return _run


@pytest.fixture
def count(database):
    def _count(model):
        with database.read(Scope.worker()) as session:
            return session.scalar(select(func.count()).select_from(model))

    return _count


def import_file(run, path, *options, kind="cases"):
    return run(kind, "import", path, "--service", SLUG, *options)


def test_a_sound_file_ends_with_0_and_says_what_it_did(run, tmp_path):
    path = written(tmp_path, [a_case_row(notes="x"), a_case_row(case_ref="C-2", mobile="12")])
    result = import_file(run, path)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Imported file.csv into west: 2 created, 0 updated, 0 unchanged, 0 rejected.",
        "Cannot be texted: not a phone number 1.",
        "Unknown columns, not stored: notes.",
        "What is to be known of rows that landed: file.csv.notes.csv.",
    ]
    assert result.stderr == ""
    assert not (tmp_path / "file.csv.rejected.csv").exists()


def test_json_is_json_alone(run, tmp_path):
    result = import_file(run, written(tmp_path, [a_closed_row(deliveries="-2")]), "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["created"], said["rejected"], said["too_late"], said["dry_run"]) == (
        0,
        1,
        0,
        False,
    )
    assert said["faults"] == [
        {
            "line": 2,
            "column": "deliveries",
            "code": "negative",
            "reason": 'deliveries: "-2" is below zero. Write 0 or more.',
        }
    ]


def test_rejected_rows_are_written_to_be_corrected_and_imported_again(run, tmp_path, count):
    rows = [
        a_case_row(case_ref="C-1"),
        a_case_row(case_ref="C-2", closed_on="2020-01-01", deliveries="-1", notes="secret"),
    ]
    path = written(tmp_path, rows)
    result = import_file(run, path)
    assert result.exit_code == 1
    assert (
        'file.csv, line 3, deliveries: "-1" is below zero. Write 0 or more.\n'
        'file.csv, line 3, closed_on: "2020-01-01" is before the referral on 2026-11-11. '
        "Correct one of the two dates.\n"
    ) in result.stderr
    rejected = tmp_path / "file.csv.rejected.csv"
    assert rejected.stat().st_mode & 0o077 == 0
    with rejected.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["case_ref"], row["line"], row["column"]) == ("C-2", "3", "deliveries;closed_on")
    assert "notes" not in row
    with rejected.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row | {"closed_on": "", "deliveries": "1"})
    again = import_file(run, rejected, "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["unknown_columns"] == []
    assert count(Case) == 2


def test_a_run_without_rejections_removes_what_a_former_run_left(run, tmp_path):
    import_file(run, written(tmp_path, [a_case_row(deliveries="x")]))
    assert (tmp_path / "file.csv.rejected.csv").exists()
    import_file(run, written(tmp_path, [a_case_row()]))
    assert not (tmp_path / "file.csv.rejected.csv").exists()


def test_a_dry_run_says_what_would_be_and_writes_nothing(run, tmp_path, count):
    rows = [a_case_row(client_ref="P"), a_case_row(case_ref="C-2", deliveries="x")]
    result = import_file(run, written(tmp_path, rows), "--dry-run")
    assert result.exit_code == 1
    assert result.stdout.startswith("Would import file.csv into west: 1 created")
    assert (count(Case), count(ImportRun)) == (0, 0)
    assert [path.name for path in tmp_path.glob("*.csv*")] == ["file.csv"]


NEEDED = "case_ref,referred_on,support_level,deliveries"
FILE_FAULTS = {
    "older encoding": (
        f"{NEEDED}\nJos\xe9,2026-01-01,community,1\n".encode("latin-1"),
        (
            "cases.csv, line 2: The file is not in UTF-8 but in an older encoding, most likely "
            'Windows-1252 (Latin 1). Save it as "CSV UTF-8".'
        ),
    ),
    "UTF-16": (
        NEEDED.encode("utf-16"),
        'cases.csv: The file is in UTF-16 ("Unicode text"). Save it as "CSV UTF-8".',
    ),
    "empty": (b"", "cases.csv: The file is empty. Export it again, with its header row."),
    "missing column": (
        b"case_ref,deliveries\nC-1,1\n",
        (
            "cases.csv, line 1: The header lacks a required column: referred_on support_level. "
            "Add it; spelling counts, order does not."
        ),
    ),
    "column twice": (
        f"{NEEDED},case_ref\n".encode(),
        (
            "cases.csv, line 1: The header has the column case_ref twice. "
            "Rename or remove one of them."
        ),
    ),
    "semicolons": (
        NEEDED.replace(",", ";").encode(),
        (
            "cases.csv, line 1: The columns are separated by semicolons. "
            "Save the file with commas between them."
        ),
    ),
    "another service": (
        f"{NEEDED},service\nC,2026-01-01,community,1,west\nD,x,y,z,east\n".encode(),
        (
            "cases.csv, line 3: column service: this row belongs to east. Import one service's "
            "file at a time, with --service and its own slug."
        ),
    ),
}


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_a_file_fault_names_file_line_and_remedy_and_writes_nothing(run, tmp_path, count, name):
    content, words = FILE_FAULTS[name]
    message = f"{words} Nothing was imported. No word on safety was heard."
    path = tmp_path / "cases.csv"
    path.write_bytes(content)
    result = import_file(run, path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip() == message
    assert (count(Case), count(ImportRun)) == (0, 0)
    in_json = import_file(run, path, "--json")
    assert json.loads(in_json.stdout)["file_fault"]["message"] == message


def test_wrong_use_ends_with_2(run, tmp_path):
    path = written(tmp_path, [a_case_row()])
    assert run("cases", "import", tmp_path / "none.csv", "--service", SLUG).exit_code == 2
    assert run("cases", "import", path).exit_code == 2


def test_an_unknown_service_is_named(run, tmp_path):
    path = written(tmp_path, [a_case_row()])
    nowhere = run("cases", "import", path, "--service", "nowhere")
    assert nowhere.exit_code == 2
    assert "There is no service 'nowhere'" in nowhere.stderr
    assert path.parent.joinpath("file.csv.rejected.csv").exists() is False


def test_every_fault_has_words_with_a_remedy():
    assert set(ROW_WORDS) == set(RowFaultCode)
    assert set(NOTE_WORDS) == set(NoteCode)
    assert set(FILE_WORDS) == set(FileFaultCode) - {FileFaultCode.NOT_UTF_8}


def test_responses_are_imported_and_rejected_by_name(run, tmp_path, count):
    import_file(run, written(tmp_path, [a_case_row()], "cases.csv"))
    rows = [
        *answer_rows({"feeling-safe": "3", "ability-to-cope": "2"}),
        *answer_rows({"feeling-safe": "3", "ability-to-cope": "7"}, wave="review"),
    ]
    path = written(tmp_path, rows, "answers.csv")
    result = import_file(run, path, kind="responses")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0] == (
        "Imported answers.csv into west: 1 responses created, 0 corrected, 0 unchanged, "
        "1 rejected (2 rows)."
    )
    assert (
        'answers.csv, line 5, ability-to-cope: "7" is no answer to this question. '
        "Use one of: 1 2 3 4 5 prefer-not-to-say." in result.stderr
    )
    assert count(Response) == 1
    with (tmp_path / "answers.csv.rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["4", "5"]


def test_what_is_to_be_known_of_rows_that_landed_stands_beside_the_file(run, tmp_path):
    numbers = {
        "4.47701E+11": "digits-lost",
        "07700 900101 / 07700 900102": "two-numbers",
        "07700 900103 ring after six": "note-beside-number",
        "+44 (0) 7700 900104": None,
        "447700900145": None,
        "0121 496 0000": "uk-landline",
        "12": "invalid-number",
    }
    rows = [a_case_row(case_ref=f"C-{n}", mobile=mobile) for n, mobile in enumerate(numbers)]
    rows[6] |= {"client_ref": "NULL", "local_authority": "", "review_on": "2027-01-01"}
    said = json.loads(import_file(run, written(tmp_path, rows), "--json").stdout)
    notes = tmp_path / "file.csv.notes.csv"
    assert said["notes_file"] == str(notes)
    assert notes.stat().st_mode & 0o077 == 0
    assert "7700" not in notes.read_text(encoding="utf-8")
    with notes.open(encoding="utf-8-sig", newline="") as file:
        found = [(row["line"], row["column"], row["code"]) for row in csv.DictReader(file)]
    assert [each for each in found if each[1] == "mobile"] == [
        (str(line), "mobile", code) for line, code in enumerate(numbers.values(), start=2) if code
    ]
    assert ("8", "client_ref", "placeholder-client") in found
    assert ("8", "review_on", "planned") in found
    import_file(run, written(tmp_path, [a_case_row()]))
    assert not notes.exists()


def test_a_dry_run_writes_no_notes(run, tmp_path):
    import_file(run, written(tmp_path, [a_case_row(mobile="12")]), "--dry-run")
    assert not (tmp_path / "file.csv.notes.csv").exists()
