"""A server loads the app once and forks: nothing is open before, nothing is shared after."""

import os
import runpy
from pathlib import Path

import pytest

from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.store.test_database import note, noted

ROOT = Path(__file__).parents[2]


def test_loading_the_app_opens_no_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(os, "register_at_fork", lambda **_: None)
    monkeypatch.setattr("gc.freeze", lambda: None)
    app = runpy.run_path(str(ROOT / "wsgi.py"))["app"]
    assert app.extensions["runtime"].database.engine.pool.checkedin() == 0
    assert not (tmp_path / "survey.db").exists()


def test_a_child_uses_no_connection_of_its_parent_and_leaves_the_parents_alone(database: Database):
    with database.write(Scope.worker()) as session:
        note(session)
        ours = session.connection().connection.dbapi_connection
    database.forget_connections()
    with database.look(Scope.victim()) as session:
        assert session.connection().connection.dbapi_connection is not ours
    assert noted(database) == 1
    ours.close()


def test_gunicorn_loads_before_it_forks_and_waits_longer_than_the_slowest_statement():
    settings = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    assert settings["preload_app"] is True
    assert settings["timeout"] > 60
