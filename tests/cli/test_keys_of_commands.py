"""Every command is held to the installation's keys before it reads or writes anything."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from survey_app.app import create_app
from survey_app.cli.runtime import RUN_BEFORE_UPGRADES, RUN_WITH_ANY_KEYS
from survey_app.settings import Keys, Settings
from survey_app.store.base import Base
from survey_app.store.database import Database
from survey_app.store.installation import InstallationKey
from survey_app.store.messages import SimulatedText
from survey_app.store.people import OptOut
from survey_app.store.scope import Scope
from survey_app.store.sealed import key_id, use_keys
from tests.builders import a_person, a_service
from tests.case_files import SLUG, a_case_row, a_live_service, written
from tests.keys import NEWER_IN_FRONT, NEWER_KEY, OTHER_ENCRYPTION, OTHER_LOOKUP, REFUSED
from tests.texting import a_number
from tests.world import NOON, TEST_KEYS

pytestmark = pytest.mark.usefixtures("lock_again")
CLI = Path(__file__).parents[2] / "survey_app" / "cli"
COMMANDS = [
    ("messages", "run-due"),
    ("messages", "list", "--service", SLUG),
    ("report", "--service", SLUG, "--period", "2026-Q2"),
    ("services", "add", "Other", "--slug", "other"),
    ("users", "list", "--service", SLUG),
    ("figures", "rebuild"),
    ("held", "list", "--service", SLUG),
    ("services", "gate", "--service", SLUG),
    ("pairs", "rebuild"),
    ("demo", "seed"),
    ("instruments", "check"),
]

Run = Callable[..., Result]


@pytest.fixture
def run_with(database: Database, tmp_path: Path) -> Iterator[Callable[[Keys], Run]]:
    """The commands of a process that was given these keys, on the test's database."""
    made: list[Flask] = []

    def with_keys(keys: Keys) -> Run:
        url = database.url.render_as_string(hide_password=False)
        app = create_app(Settings(keys=keys, database_url=url, data_dir=tmp_path), lambda: NOON)
        made.append(app)
        return lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])

    yield with_keys
    for app in made:
        app.extensions["runtime"].database.close()


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    use_keys(TEST_KEYS)
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=str)
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write(Scope.worker()) as session:
        a_live_service(session)
    return database


@pytest.mark.parametrize(("keys", "setting"), REFUSED)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_with_other_keys_ends_with_1_by_name_and_nothing_is_written(
    filled: Database, run_with, words: tuple[str, ...], keys: Keys, setting: str
):
    before = contents(filled)
    result = run_with(keys)(*words)
    assert result.exit_code == 1
    assert setting in result.stderr
    recorded = {"LOOKUP_KEY": TEST_KEYS.lookup, "ENCRYPTION_KEYS": TEST_KEYS.encryption[0]}
    given = {"LOOKUP_KEY": OTHER_LOOKUP.lookup, "ENCRYPTION_KEYS": NEWER_KEY}
    for key in (recorded[setting], given[setting]):
        assert key_id(key) in result.stderr
        assert key not in result.stderr
    assert "Nothing was read or written." in result.stderr
    assert result.stdout == ""
    assert contents(filled) == before


def test_help_is_shown_with_any_keys(filled: Database, run_with):
    run = run_with(OTHER_LOOKUP)
    for words in COMMANDS:
        shown = run(*(word for word in words[:2] if word[0] != "-"), "--help")
        assert shown.exit_code == 0


def test_an_upgrade_with_other_keys_is_refused_by_name_too(filled: Database, run_with):
    for keys, setting in REFUSED:
        result = run_with(keys)("db", "upgrade")
        assert (result.exit_code, setting in result.stderr) == (1, True)


def test_commands_reach_the_runtime_in_one_place_which_asks_for_the_keys():
    """A command that took the runtime from the app itself would be held to nothing."""
    ways = ("extensions", "Database(", "create_engine(", "start(")
    reaching = {
        path.name
        for path in CLI.glob("*.py")
        if any(way in path.read_text(encoding="utf-8") for way in ways)
    }
    assert reaching == {"runtime.py"}
    assert {"db upgrade"} == RUN_WITH_ANY_KEYS
    assert {"instruments check", "messages check-provider"} == RUN_BEFORE_UPGRADES


def test_a_person_who_had_opted_out_is_not_texted_under_another_lookup_key(
    filled: Database, run_with, tmp_path: Path
):
    """Seen: the STOP stood under the hash of the former key, so nobody found it."""
    row = a_case_row(mobile="07700 900321", client_ref="P-1")
    with filled.write(Scope.worker()) as session:
        stop = a_number("321")
        session.add(
            OptOut(
                number_hash=stop["number_hash"],
                key_id=stop["number_key_id"],
                at=NOON,
                source="page",
            )
        )
    path = written(tmp_path, [row])
    other = run_with(OTHER_LOOKUP)
    imported = other("cases", "import", path, "--service", SLUG)
    assert (imported.exit_code, "LOOKUP_KEY" in imported.stderr) == (1, True)
    for day in range(18, 29):
        ran = other("messages", "run-due", "--now", f"2026-11-{day}T12:00:00Z")
        assert (ran.exit_code, "LOOKUP_KEY" in ran.stderr) == (1, True)
    ours = run_with(TEST_KEYS)
    assert ours("cases", "import", path, "--service", SLUG).exit_code == 0
    for day in range(18, 29):
        assert ours("messages", "run-due", "--now", f"2026-11-{day}T12:00:00Z").exit_code == 0
    with filled.read(Scope.worker()) as session:
        assert session.scalars(select(SimulatedText)).all() == []


def test_an_import_under_another_key_marks_nobody_as_having_a_new_number(
    filled: Database, run_with, tmp_path: Path
):
    """Seen: all 200 people of the file, for good."""
    rows = [
        a_case_row(case_ref=f"C-{n}", client_ref=f"P-{n}", mobile=f"07700 900{n:03}")
        for n in range(20)
    ]
    path = written(tmp_path, rows)
    ours = run_with(TEST_KEYS)
    assert ours("cases", "import", path, "--service", SLUG).exit_code == 0
    before = contents(filled)
    for keys, setting in REFUSED:
        again = run_with(keys)("cases", "import", path, "--service", SLUG)
        assert (again.exit_code, setting in again.stderr) == (1, True)
    assert contents(filled) == before


def test_a_newer_key_in_front_is_used_at_once_and_missed_afterwards(filled: Database, run_with):
    newer = NEWER_IN_FRONT.encryption[0]
    try:
        assert run_with(NEWER_IN_FRONT)("messages", "run-due").exit_code == 0
        result = run_with(TEST_KEYS)("messages", "run-due")
        assert result.exit_code == 1
        assert key_id(newer) in result.stderr
    finally:
        with filled.write() as session:
            session.delete(session.get_one(InstallationKey, ("ENCRYPTION_KEYS", key_id(newer))))


def test_older_data_that_other_keys_made_is_refused_by_upgrade_in_words(
    database: Database, run_with
):
    with database.write(Scope.worker()) as session:
        a_person(session, a_service(session), **a_number("321"))
        for row in session.scalars(select(InstallationKey)):
            session.delete(row)
    sealed = run_with(OTHER_ENCRYPTION)("db", "upgrade")
    hashed = run_with(OTHER_LOOKUP)("db", "upgrade")
    ours = run_with(TEST_KEYS)("db", "upgrade")
    assert (sealed.exit_code, hashed.exit_code) == (1, 1)
    assert "ENCRYPTION_KEYS does not open the newest value of people.mobile" in sealed.stderr
    assert key_id(NEWER_KEY) in sealed.stderr
    assert "LOOKUP_KEY is not the one that people.number_key_id was made with" in hashed.stderr
    for key in (TEST_KEYS.lookup, OTHER_LOOKUP.lookup):
        assert key_id(key) in hashed.stderr
    assert (ours.exit_code, ours.stdout) == (0, "The database is up to date.\n")


def test_a_database_that_was_never_upgraded_says_how_to(empty_url: str, tmp_path: Path):
    settings = Settings(keys=TEST_KEYS, database_url=empty_url, data_dir=tmp_path)

    def run(*words: str) -> Result:
        app = create_app(settings)
        result = app.test_cli_runner().invoke(args=words)
        app.extensions["runtime"].database.close()
        return result

    refused = run("messages", "run-due")
    assert (refused.exit_code, "db upgrade" in refused.stderr) == (1, True)
    assert run("db", "upgrade").exit_code == 0
    assert run("messages", "run-due").exit_code == 0
