"""`held list` and `held release` as FORMATS-INTAKE.md promises them."""

import json
import logging

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.database import Database
from survey_app.store.holds import Hold
from survey_app.store.people import Person
from survey_app.store.scope import Scope
from tests.builders import a_case, a_hold, a_person
from tests.staff import an_account
from tests.texting import a_number, a_texting_service

BIRTHS = {"column": "date_of_birth", "values": ["1986-11-18", "1968-11-18"], "lines": [9]}


@pytest.fixture
def run(app: Flask):
    """Run a command of the app as a shell would."""

    def invoke(*words: str, typed: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=["held", *words], input=typed)

    return invoke


@pytest.fixture
def held(database: Database) -> int:
    """I-1 and I-2 are one person's, who is held for two numbers; the person's id."""
    with database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug="valley")
        an_account(session, (service, Role.MANAGER), email="boss@example.org")
        an_account(session, (service, Role.INTERVIEWER), email="rings@example.org")
        worker = an_account(session, (service, Role.CASEWORKER), email="own@example.org")
        person = a_person(session, service, **a_number("145"))
        case = a_case(session, service, person, case_ref="I-1", caseworker_id=worker.id)
        a_case(session, service, person, case_ref="I-2")
        a_case(session, service, case_ref="FREE")
        a_hold(session, case)
        a_hold(session, a_case(session, a_texting_service(session, slug="other")))
        return person.id


RELEASE = ("release", "I-1", "--service", "valley", "--by", "boss@example.org")
WHY = ("--reason", "Asked her.")


def number_of(database: Database, person_id: int) -> str | None:
    with database.read(Scope.worker()) as session:
        return session.get_one(Person, person_id).mobile


def ends(database: Database) -> list[str | None]:
    with database.read(Scope.worker()) as session:
        return list(session.scalars(select(Hold.ended_how).order_by(Hold.id)))


def test_list_names_every_case_of_whoever_is_held(run, held):
    result = run("list", "--service", "valley", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    expected = {"causes": ["several-numbers"], "lines": [2, 3], "since": "2026-11-18T11:00:00Z"}
    assert json.loads(result.stdout) == [
        {"case_ref": "I-1"} | expected,
        {"case_ref": "I-2"} | expected,
    ]


def test_list_says_it_in_words_without_a_number(run, held):
    said = run("list", "--service", "valley").output
    assert said == "I-1, I-2: different numbers (lines 2, 3), since 2026-11-18\n"
    run(*RELEASE, *WHY, "--mobile-stdin", typed="stored\n")
    assert run("list", "--service", "valley").output == "Nobody is held.\n"
    assert json.loads(run("list", "--service", "valley", "--json").stdout) == []


def test_the_number_comes_from_standard_input(run, held, database):
    result = run(*RELEASE, *WHY, "--mobile-stdin", "--json", typed="07700 900146\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "case_ref": "I-1",
        "released": ["several-numbers"],
        "mobile_changed": True,
        "date_of_birth_changed": False,
    }
    assert number_of(database, held) == "07700 900146"
    assert ends(database) == ["released", None]


def test_number_and_birth_date_are_two_lines_in_this_order(run, held, database):
    with database.write(Scope.worker()) as session:
        first = session.scalars(select(Hold).order_by(Hold.id)).first()
        session.add(
            Hold(
                service_id=first.service_id,
                person_id=held,
                cause="several-birth-dates",
                evidence=BIRTHS,
                evidence_hash="x",
                since=first.since,
            )
        )
    both = ("--date-of-birth-stdin", "--mobile-stdin")
    result = run(*RELEASE, *WHY, *both, typed="07700 900145\n18/11/1986\n")
    assert result.exit_code == 0, result.output
    assert "The date of birth was changed." in result.output
    assert "The number is new" not in result.output
    with database.read(Scope.worker()) as session:
        assert str(session.get_one(Person, held).date_of_birth) == "1986-11-18"


@pytest.mark.parametrize("by", ["own@example.org", "Boss@Example.org"])
def test_their_caseworker_or_a_manager_decides(run, held, database, by):
    words = ("release", "I-2", "--service", "valley", "--by", by, *WHY, "--mobile-stdin")
    result = run(*words, typed="stored\n")
    assert result.exit_code == 0
    assert "I-2 is no longer held" in result.output
    assert ends(database) == ["released", None]


@pytest.mark.parametrize(
    ("words", "typed", "code", "said"),
    [
        (("list", "--service", "gone"), "", 2, "no service 'gone'"),
        ((*RELEASE,), "", 2, "--reason"),
        ((*RELEASE[:-2], *WHY), "", 2, "--by"),
        ((*RELEASE, *WHY), "", 1, "give --mobile-stdin"),
        ((*RELEASE, *WHY, "--mobile-stdin"), "", 1, "give --mobile-stdin"),
        ((*RELEASE, "--reason", " ", "--mobile-stdin"), "stored", 1, "Say with --reason"),
        ((*RELEASE, *WHY, "--mobile-stdin"), "4.47701E+11", 1, "not a phone number"),
        (
            (*RELEASE, *WHY, "--mobile-stdin", "--date-of-birth-stdin"),
            "stored\n1986-11-18",
            1,
            "leave out --date-of-birth-stdin",
        ),
        (
            ("release", "GONE", *RELEASE[2:], *WHY),
            "",
            1,
            "There is no case 'GONE' in valley: `held list`",
        ),
        (("release", "FREE", *RELEASE[2:], *WHY), "", 1, "FREE is not held: `held list`"),
        ((*RELEASE[:-1], "who@example.org", *WHY), "", 1, "Nobody has an account for who@"),
        (
            (*RELEASE[:-1], "rings@example.org", *WHY),
            "",
            1,
            "rings@example.org may not decide on I-1: name its caseworker or a manager of valley",
        ),
    ],
)
def test_what_is_refused_says_what_to_do_and_changes_nothing(
    run, held, database, words, typed, code, said
):
    result = run(*words, typed=typed)
    assert result.exit_code == code
    assert said in result.stderr
    assert ends(database) == [None, None]
    assert number_of(database, held) == "+447700900145"


def test_a_second_release_says_that_it_was_decided_before(run, held, database):
    run(*RELEASE, *WHY, "--mobile-stdin", typed="stored\n")
    again = run(*RELEASE, *WHY, "--mobile-stdin", typed="07700 900146\n")
    assert again.exit_code == 1
    assert "I-1 is no longer held" in again.stderr
    assert number_of(database, held) == "+447700900145"


def test_no_value_is_printed_logged_or_audited(run, held, database, caplog):
    with caplog.at_level(logging.DEBUG):
        said = [
            run("list", "--service", "valley", "--json"),
            run(*RELEASE, *WHY, "--mobile-stdin", typed="4.47701E+11\n"),
            run(*RELEASE, *WHY, "--mobile-stdin", typed="07700 900146\n"),
        ]
    with database.read(Scope.worker()) as session:
        audited = str([row.details for row in session.scalars(select(AuditRow))])
    everything = "".join(each.output for each in said) + audited + caplog.text
    for value in ("900145", "900146", "4.47701E+11"):
        assert value not in everything
