"""Rows that cannot be read stand in every list and page as such, and hide nothing else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.store.database import Database
from survey_app.store.models import metadata
from survey_app.store.scope import Scope
from survey_app.store.sealed import SealedDate, SealedJson, SealedText
from survey_app.store.unreadable import CANNOT_BE_READ, UNREADABLE_VALUE
from survey_app.web.shared.access import declared_access
from tests.spoiled import SPOILED
from tests.staff import sign_in
from tests.staff_ground import Ground, addresses, build_ground

OF_STAFF_ITSELF = {"second_factors", "staff_kept_forms"}
"""Who cannot be signed in, and what somebody had typed: not of the people who are supported."""


@pytest.fixture
def ground(database: Database) -> Ground:
    """A service in which every page has something to show."""
    with database.write(Scope.worker()) as session:
        return build_ground(session)


def sealed_columns() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedText | SealedDate | SealedJson)
    ]


def spoil_everything(session: Session) -> None:
    for table, column in sealed_columns():
        if table not in OF_STAFF_ITSELF:
            statement = f'UPDATE "{table}" SET "{column}" = :spoiled'
            session.execute(text(statement), {"spoiled": SPOILED})


@pytest.fixture
def manager(client: FlaskClient, database: Database, ground: Ground) -> FlaskClient:
    """Signed in where no sealed value of any row opens."""
    with database.write(Scope.worker()) as session:
        spoil_everything(session)
    sign_in(client, ground.emails[Role.MANAGER])
    return client


OTHERWISE = {"account.make_codes": 302, "interviewer.call": 410}
"""Codes are made once; nobody may be rung whose number cannot be read."""


def test_every_page_of_staff_is_there_though_no_row_can_be_read(app: Flask, manager, ground):
    seen = {}
    for endpoint, found in addresses(app, ground).items():
        for address in found:
            status = manager.get(address).status_code
            if status != OTHERWISE.get(endpoint, 200):
                seen[address] = status
    assert seen == {}


def test_lists_of_texts_and_cases_show_every_row_and_say_what_cannot_be_read(manager):
    assert "DONE-1" in manager.get("/services/ours/cases?state=all").text
    assert CANNOT_BE_READ in manager.get("/services/ours/cases/DONE-1").text
    assert "/services/ours/messages/" in manager.get("/services/ours/messages").text


@pytest.mark.parametrize(
    ("endpoint", "address", "is_told"),
    [
        ("caseworker.messages", "/services/ours/messages", True),
        ("victim.ask_code", "/w", False),
    ],
)
def test_a_page_that_cannot_do_without_the_value_says_so_to_staff_alone(
    app: Flask, manager, monkeypatch, endpoint, address, is_told
):
    def shows_it(**_values: object) -> str:
        return str(UNREADABLE_VALUE)

    shows_it.access = declared_access(app.view_functions[endpoint])
    monkeypatch.setitem(app.view_functions, endpoint, shows_it)
    answer = manager.get(address)
    assert answer.status_code == 500
    assert (CANNOT_BE_READ in answer.text) is is_told
