"""Passwords: length and what everybody tries first; nothing about digits or capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.passwords import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    WeakPassword,
    why_weak,
)

KIM = ("kim.doe@example.org", "Kim Doe", "Eastmere Victim CARE")


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password123!",
        "P@ssw0rd1234",
        "passwordpassword",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "1qaz2wsx3edc",
        "123456789012",
        "987654321098",
        "abcdefghijkl",
        "aaaaaaaaaaaa",
        "Liverpool2026!",
        "summer-autumn-1",
        "Manchester United!",
        "WelcomeWelcome1",
    ],
)
def test_what_everybody_tries_first_is_common(password):
    assert why_weak(password) is WeakPassword.COMMON


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "tuesday trombone lagoon",
        "demonstration only, not a secret",
        "kdl2-99fjw-s8vna",
        "überraschung im regal",
        "my cat likes three teapots",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_good(password):
    assert why_weak(password, KIM) is None


@pytest.mark.parametrize("password", ["kim.doe-2026!", "kimdoekimdoe1", "eastmere-care-1!"])
def test_what_is_known_of_the_person_is_no_secret(password):
    assert why_weak(password, KIM) is WeakPassword.ABOUT_YOU


@given(st.text(max_size=SHORTEST_PASSWORD - 1))
def test_anything_short_is_too_short(password):
    assert why_weak(password) is WeakPassword.TOO_SHORT


@given(st.text(min_size=SHORTEST_PASSWORD, max_size=60))
def test_any_characters_may_be_used_and_no_text_breaks_it(password):
    assert why_weak(password, KIM) in {None, WeakPassword.COMMON, WeakPassword.ABOUT_YOU}


def test_an_endless_password_is_refused():
    assert why_weak("ab cde" * LONGEST_PASSWORD) is WeakPassword.TOO_LONG
