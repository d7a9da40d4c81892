"""Links are unguessable, found whatever case they are typed in, and only a hash is kept."""

import pytest
from sqlalchemy import text

from survey_app.messaging.tokens import (
    ALPHABET,
    LENGTH,
    find_by_token,
    new_token,
    new_tokens,
    revoke_tokens,
)
from tests.builders import a_case, a_request
from tests.world import NOON


def test_a_token_is_twelve_characters_of_the_alphabet_and_stored_as_a_hash_only(session):
    request = a_request(session, a_case(session))
    token, clear = new_token(session, request.id, NOON)
    assert len(clear) == LENGTH == 12
    assert set(clear) <= set(ALPHABET)
    row = session.execute(text("SELECT * FROM tokens")).mappings().one()
    assert clear not in str(dict(row))
    assert find_by_token(session, clear) is token


def test_the_alphabet_is_the_promised_one():
    assert ALPHABET == "23456789abcdefghjkmnpqrstuvwxyz"


def test_a_request_may_have_several_links_and_each_finds_it(session):
    request, other = (a_request(session, a_case(session)) for _ in range(2))
    made = new_tokens(session, [request.id, other.id, request.id], NOON)
    found = [find_by_token(session, clear) for _, clear in made]
    assert [token.request_id for token in found if token] == [request.id, other.id, request.id]
    assert len({clear for _, clear in made}) == 3


def test_a_link_typed_in_capitals_or_with_spaces_around_is_found(session):
    token, clear = new_token(session, a_request(session, a_case(session)).id, NOON)
    assert find_by_token(session, f" {clear.upper()} ") is token


@pytest.mark.parametrize(
    "typed", ["", "abc", "0" * 12, "a" * 13, "a" * 5000, "ab/../cdefgh", "é" * 12]
)
def test_what_is_no_token_finds_nothing(session, typed):
    new_token(session, a_request(session, a_case(session)).id, NOON)
    assert find_by_token(session, typed) is None


def test_a_revoked_link_leads_nowhere_and_others_stay(session):
    request, other = (a_request(session, a_case(session)) for _ in range(2))
    (_, gone), (_, stays) = new_tokens(session, [request.id, other.id], NOON)
    assert revoke_tokens(session, [request.id], NOON) == 1
    assert revoke_tokens(session, [request.id], NOON) == 0
    assert find_by_token(session, gone) is None
    assert find_by_token(session, stays) is not None
