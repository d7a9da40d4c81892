"""A session is what was signed here, and nothing else."""

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, Signer

from survey_app.web.shared.sessions import SessionSeal

CONTENT = {"r": [1, 2], "_flashes": [("message", "Saved")], "x": "https://example.org/"}
SECRET = "a secret that is long enough to sign with"


def test_what_was_signed_is_read_again_tuples_and_all():
    assert SessionSeal(SECRET).loads(SessionSeal(SECRET).dumps(CONTENT)) == CONTENT


@pytest.mark.parametrize("value", ["", ".", "e30", "e30.AAAA", "é", "x" * 5000])
def test_what_nobody_signed_is_no_session(value: str):
    with pytest.raises(BadSignature):
        SessionSeal(SECRET).loads(value)


def test_another_secret_a_changed_letter_or_another_signature_is_refused():
    signed = SessionSeal(SECRET).dumps(CONTENT)
    other = SessionSeal(SECRET + "x").dumps(CONTENT)
    changed = ("f" if signed[0] == "e" else "e") + signed[1:]
    elsewhere = Signer(SECRET).sign(b"e30").decode()
    for value in (other, changed, elsewhere):
        with pytest.raises(BadSignature):
            SessionSeal(SECRET).loads(value)


def test_flasks_own_cookies_of_the_same_secret_are_not_taken_for_ours():
    app = Flask("other")
    app.secret_key = SECRET
    flask_seal = SecureCookieSessionInterface().get_signing_serializer(app)
    assert flask_seal is not None
    with pytest.raises(BadSignature):
        SessionSeal(SECRET).loads(flask_seal.dumps(CONTENT))
