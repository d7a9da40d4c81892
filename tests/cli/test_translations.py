"""`translations extract|check|status|review`: one command finds every string, and loses none."""

import json

import pytest
from babel.messages.catalog import Catalog
from click.testing import Result
from flask import Flask

from survey_app.cli import extraction
from survey_app.cli.extraction import brought_up_to_date, extract
from survey_app.domain.languages import get_language
from survey_app.store.catalogues import (
    Catalogues,
    WordsOf,
    catalogue_path,
    messages_of,
    read_catalogue,
)
from tests.catalogues import CatalogueFolder


@pytest.fixture
def database_kind() -> str:
    """These commands ask no database."""
    return "sqlite"


@pytest.fixture
def run(app: Flask, catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch):
    """Run a command on the test's folder, as if there were only two languages to translate to."""
    two = [get_language(tag) for tag in ("cy", "pl")]
    monkeypatch.setattr(extraction, "LANGUAGES", two)

    def running(command: str, *arguments: str) -> Result:
        where = ["--folder", str(catalogue_folder.folder)]
        return app.test_cli_runner().invoke(args=["translations", command, *arguments, *where])

    return running


def translated(folder: CatalogueFolder, tag: str, words: WordsOf) -> dict[object, object]:
    file = read_catalogue(catalogue_path(folder.folder, tag, words), tag)
    return {message.id: message.string for message in messages_of(file)}


def test_extracting_again_changes_nothing(run):
    assert run("check").exit_code == 1
    assert run("extract").exit_code == 0
    again = run("extract")
    assert (again.exit_code, again.output) == (0, "0 files changed.\n")
    assert run("check").output == "Catalogues are up to date.\n"


def test_pages_texts_and_instruments_are_found(run, catalogue_folder):
    run("extract")
    assert "Start" in translated(catalogue_folder, "cy", WordsOf.PAGES)
    assert "Hello." in translated(catalogue_folder, "cy", WordsOf.TEXTS)
    file = read_catalogue(catalogue_path(catalogue_folder.folder, "cy", WordsOf.INSTRUMENTS), "cy")
    found = {message.context for message in messages_of(file)}
    assert {"self-assessment/feeling-safe", "sus-tier-2/use-again/not-sure"} <= found
    assert not any(context.startswith("adult-star/") for context in found)


def test_what_staff_alone_read_is_left_out(run, catalogue_folder):
    run("extract")
    found = translated(catalogue_folder, "cy", WordsOf.PAGES)
    assert not {"Sign in", "Publish", "Safe contact, case %(ref)s"} & set(found)


def test_a_string_that_is_gone_stays_as_a_comment_and_comes_back_translated(run, catalogue_folder):
    catalogue_folder.make("cy")

    def reword(catalogue: Catalog) -> None:
        catalogue.delete("Start")
        catalogue.add("Start now", "Dechrau nawr")

    catalogue_folder.change("cy", WordsOf.PAGES, reword)
    assert run("check").exit_code == 1
    run("extract")
    said = translated(catalogue_folder, "cy", WordsOf.PAGES)
    assert (said["Start"], "Start now" in said) == ("", False)
    path = catalogue_path(catalogue_folder.folder, "cy", WordsOf.PAGES)
    as_comment = '#~ msgid "Start now"\n#~ msgstr "Dechrau nawr"'
    assert as_comment in path.read_text(encoding="utf-8")
    assert run("extract").output == "0 files changed.\n"
    wanted = Catalog(locale="cy")
    wanted.add("Start now")
    assert brought_up_to_date(path, "cy", wanted).get("Start now").string == "Dechrau nawr"


def test_a_wrong_placeholder_is_named(run, catalogue_folder):
    catalogue_folder.make("pl")
    catalogue_folder.say("pl", WordsOf.TEXTS, "Your word is %(word)s.", "Twoje słowo: %(slowo)s.")
    run("extract")
    result = run("check")
    assert result.exit_code == 1
    assert result.output == (
        "pl/LC_MESSAGES/texts.po: 'Your word is %(word)s.': "
        "placeholders or plural forms are wrong\n"
    )


def test_the_status_tells_what_is_missing_and_who_reviewed(run, catalogue_folder):
    catalogue_folder.make("cy")
    rows = {row["language"]: row for row in json.loads(run("status", "--json").output)}
    assert rows["cy"]["missing"] == {"victim": 0, "texts": 0, "instruments": 0}
    assert (rows["cy"]["status"], rows["cy"]["reviewed_by"]) == ("draft", "")
    assert rows["so"]["missing"]["texts"] > 0
    assert run("review", "cy", "--by", "A. Speaker", "--on", "2026-11-22").exit_code == 0
    assert "cy  reviewed missing: victim 0, texts 0, instruments 0; reviewed by A. Speaker on " in (
        run("status").output
    )
    assert Catalogues(catalogue_folder.folder).get("cy").status.is_reviewed


def test_a_language_with_strings_missing_cannot_be_called_reviewed(run, catalogue_folder):
    catalogue_folder.make("cy")
    catalogue_folder.change("cy", WordsOf.PAGES, lambda file: file.delete("Start"))
    result = run("review", "cy", "--by", "A. Speaker", "--on", "2026-11-22")
    assert (result.exit_code, "1 strings" in result.output) == (1, True)
    assert not (catalogue_folder.folder / "cy" / "status.yaml").exists()


def test_every_file_is_named_once(catalogue_folder):
    paths = [file.path for file in extract(catalogue_folder.folder)]
    assert len(paths) == len(set(paths)) == 30
