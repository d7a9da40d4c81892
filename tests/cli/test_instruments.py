"""Does the command line check and show instruments as FORMATS.md promises?"""

import json
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml
from click.testing import Result
from flask import Flask

from survey_app.app import create_app
from survey_app.cli.fault_words import FAULT_WORDS
from survey_app.domain.definitions import FaultCode, content_hash, content_of
from survey_app.settings import Settings
from survey_app.store.definition_files import SHIPPED, load_instruments
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from tests.builders import a_programme, a_service, an_instrument
from tests.domain.definitions import a_programme_of, raw_instrument, scale, yes_no
from tests.world import TEST_KEYS


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["instruments", *arguments])


def folder_with(tmp_path: Path, *raws: dict[str, Any]) -> str:
    for number, raw in enumerate(raws):
        (tmp_path / f"file-{number}.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    return str(tmp_path)


def test_the_shipped_definitions_have_no_faults(app: Flask) -> None:
    result = run(app, "check")
    assert result.exit_code == 0
    assert result.stdout == "7 instruments, 2 programmes: no faults.\n"


def test_a_fault_is_said_with_file_item_and_reason(app: Flask, tmp_path: Path) -> None:
    raw = raw_instrument(yes_no("a"), yes_no("b", ask_when={"item": "a", "codes": ["maybe"]}))
    result = run(app, "check", "--folder", folder_with(tmp_path, raw))
    assert result.exit_code == 1
    assert result.stdout == (
        "file-0.yaml: b: names a code that is none of the options: ask_when: a = maybe\n"
        "0 instruments, 0 programmes: 1 fault.\n"
    )


def test_a_fault_of_the_whole_file_says_so(app: Flask, tmp_path: Path) -> None:
    first = raw_instrument(yes_no("a"))
    result = run(app, "check", "--folder", folder_with(tmp_path, first, first))
    assert result.exit_code == 1
    assert "file-1.yaml: the whole: is defined twice: small 1 (file-0.yaml)\n" in result.stdout


def test_faults_as_json_are_json_alone(app: Flask, tmp_path: Path) -> None:
    raw = raw_instrument(yes_no("a"), yes_no("a"))
    result = run(app, "check", "--json", "--folder", folder_with(tmp_path, raw))
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "faults": [
            {
                "file": "file-0.yaml",
                "item": "a",
                "fault": "duplicate-item",
                "detail": "a",
                "message": "two items have the id a",
            }
        ]
    }


def test_a_used_version_that_changed_is_a_fault(
    app: Flask, runtime: Runtime, tmp_path: Path
) -> None:
    folder = tmp_path / "definitions"
    copytree(SHIPPED, folder)
    with runtime.database.write(Scope.worker()) as session:
        for instrument in load_instruments(SHIPPED).values():
            an_instrument(
                session,
                instrument.key,
                content_of(instrument),
                content_hash=content_hash(instrument),
            )
    assert run(app, "check", "--folder", str(folder)).exit_code == 0
    path = folder / "self-assessment.yaml"
    path.write_text(path.read_text().replace("How safe do you feel", "Do you feel safe"))
    result = run(app, "check", "--folder", str(folder))
    assert result.exit_code == 1
    assert result.stdout.startswith(
        "self-assessment.yaml: the whole: version 1 is in use and has changed"
    )


@pytest.mark.parametrize(("licences", "exit_code"), [([], 1), (["adult-star"], 0)])
def test_a_service_without_the_licence_it_needs_is_a_fault(
    app: Flask, runtime: Runtime, tmp_path: Path, licences: list[str], exit_code: int
) -> None:
    star = raw_instrument(scale("home"), key="adult-star", kind="star", licence="required")
    with runtime.database.write(Scope.worker()) as session:
        service = a_service(session, slug="north", licences=licences)
        a_programme(session, service, content=content_of(a_programme_of()))
        a_service(session, slug="no-programme-yet")
    result = run(app, "check", "--folder", folder_with(tmp_path, star))
    assert result.exit_code == exit_code
    said = "service north: the whole: uses adult-star, whose licence is required and not recorded"
    assert (said in result.stdout) is (exit_code == 1)


def test_a_service_whose_programme_cannot_be_read_is_named(app: Flask, runtime: Runtime) -> None:
    with runtime.database.write(Scope.worker()) as session:
        service = a_service(session, slug="north")
        content = content_of(a_programme_of())
        del content["closure"]
        a_programme(session, service, content=content)
    result = run(app, "check")
    assert result.exit_code == 1
    assert "service north: the whole: closure is missing\n" in result.stdout


def test_files_are_checked_before_there_is_a_database(tmp_path: Path) -> None:
    settings = Settings(
        keys=TEST_KEYS, database_url=f"sqlite:///{tmp_path}/new.db", data_dir=tmp_path
    )
    app = create_app(settings)
    result = run(app, "check")
    app.extensions["runtime"].database.close()
    assert result.exit_code == 0, result.output


def test_show_prints_items_and_codes_as_promised(app: Flask) -> None:
    result = run(app, "show", "short-satisfaction", "--json")
    assert result.exit_code == 0
    shown = json.loads(result.stdout)
    assert set(shown) == {"key", "version", "items"}
    assert (shown["key"], shown["version"]) == ("short-satisfaction", "1")
    assert [item["id"] for item in shown["items"]] == [
        "satisfied",
        "use-again",
        "recommend",
        "comment",
        "contact-me",
    ]
    assert shown["items"][1] == {
        "id": "use-again",
        "type": "choice",
        "options": [{"code": code} for code in ("yes", "no", "not-sure", "prefer-not-to-say")],
    }
    assert shown["items"][3] == {"id": "comment", "type": "text", "options": []}


def test_show_takes_the_newest_version_unless_told(app: Flask, tmp_path: Path) -> None:
    one, two = (raw_instrument(yes_no(f"in-{v}"), version=v) for v in ("9", "10"))
    folder = folder_with(tmp_path, one, two)
    newest = run(app, "show", "small", "--json", "--folder", folder)
    assert json.loads(newest.stdout)["version"] == "10"
    told = run(app, "show", "small", "--version", "9", "--json", "--folder", folder)
    assert json.loads(told.stdout)["items"][0]["id"] == "in-9"


def test_show_without_json_is_for_reading(app: Flask) -> None:
    result = run(app, "show", "self-assessment")
    assert result.exit_code == 0
    assert "feeling-safe (scale)\n  How safe do you feel at the moment?\n    1: " in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("show", "no-such-instrument"),
        ("show", "self-assessment", "--version", "99"),
        ("check", "--folder", "no-such-folder"),
        ("check", "extra"),
        ("mend",),
    ],
)
def test_wrong_use_ends_with_two_and_prints_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    result = run(app, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_words(code: FaultCode) -> None:
    words = FAULT_WORDS[code].format(detail="what it is about")
    assert words
    assert "{" not in words
