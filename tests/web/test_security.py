"""Every page carries the headers that protect it."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from survey_app.app import create_app
from survey_app.settings import Settings
from survey_app.store.database import Database
from tests.world import TEST_KEYS

PAGES = ["/sign-in", "/", "/no-such-page", "/services"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_is_protected_and_kept_by_nobody(client: FlaskClient, address):
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "Strict-Transport-Security" not in headers


def test_over_tls_browsers_are_told_to_stay_there(sqlite_database: Database, tmp_path: Path):
    url = sqlite_database.url.render_as_string()
    settings = replace(
        Settings(keys=TEST_KEYS, database_url=url, data_dir=tmp_path), base_url="https://x.example"
    )
    app = create_app(settings)
    headers = app.test_client().get("/sign-in").headers
    app.extensions["runtime"].database.close()
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "Secure" in headers["Set-Cookie"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client: FlaskClient):
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
