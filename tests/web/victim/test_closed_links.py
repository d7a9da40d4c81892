"""A stranger learns nothing from a link: unknown, finished, expired and withdrawn look alike."""

from datetime import timedelta

import pytest

from survey_app.domain.requests import RequestState
from survey_app.messaging.tokens import revoke_tokens
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone
from tests.world import NOON

UNKNOWN = "23456789abcd"


@pytest.fixture
def closed(make_link: MakeLink, database: Database) -> dict[str, str]:
    """One link for each way of being closed."""
    links = {
        "completed": make_link(state=RequestState.COMPLETED),
        "expired": make_link(state=RequestState.EXPIRED),
        "overdue": make_link(expires_at=NOON - timedelta(seconds=1)),
        "withdrawn": make_link(state=RequestState.WITHDRAWN),
        "revoked": make_link(),
        "unknown": UNKNOWN,
        "no token at all": "wp-login.php",
    }
    with database.write(Scope.worker()) as session:
        revoke_tokens(session, range(1, 100), NOON)
    return links


def bare(phone: Phone, token: str) -> str:
    """The page, without the address that it was asked for at."""
    return phone.text.replace(token, "TOKEN")


def test_every_closed_link_shows_the_same_page(phone: Phone, closed: dict[str, str]):
    pages = {}
    for why, token in closed.items():
        phone.open(f"/s/{token}")
        pages[why] = (phone.status, bare(phone, token), sorted(phone.page.headers.keys()))
    assert pages["unknown"][0] == 404
    assert {why for why, page in pages.items() if page != pages["unknown"]} == set()


@pytest.mark.parametrize("part", ["/1", "/finish", "/about"])
def test_nothing_behind_a_closed_link_tells_more(phone: Phone, closed: dict[str, str], part: str):
    for token in closed.values():
        assert phone.open(f"/s/{token}{part}").status == 404
        assert "This page is not here" in phone.words


def test_texts_can_be_stopped_from_a_closed_link_as_from_any(phone: Phone, closed: dict[str, str]):
    pages = set()
    for token in closed.values():
        phone.open(f"/s/{token}/stop").press()
        pages.add((phone.status, bare(phone, token)))
    assert len(pages) == 1


def test_the_holder_sees_the_thanks_in_the_same_session_and_nobody_else(
    phone: Phone, other_phone: Phone, link: str
):
    phone.open(f"/s/{link}").press()
    for _ in range(5):
        phone.skip()
    for path in (f"/s/{link}", f"/s/{link}/1", f"/s/{link}/finish"):
        assert "Thank you" in phone.open(path).words
    assert other_phone.open(f"/s/{link}").status == 404
    phone.open(f"/s/{link}").client.get("/leave")
    assert phone.open(f"/s/{link}").status == 404


def test_only_failures_are_limited_never_the_holder_of_a_good_link(
    phone: Phone, other_phone: Phone, link: str
):
    statuses = [other_phone.open(f"/s/{UNKNOWN}").status for _ in range(25)]
    assert statuses == [404] * 20 + [429] * 5
    assert "This page is not here" in other_phone.words
    assert phone.open(f"/s/{link}").status == 200
    assert phone.press().choose("satisfied").path == f"/s/{link}/2"


def test_a_closed_link_counts_as_a_failure_so_that_the_limit_tells_nothing(
    phone: Phone, closed: dict[str, str]
):
    for _ in range(20):
        phone.open(f"/s/{UNKNOWN}")
    for token in closed.values():
        assert phone.open(f"/s/{token}").status == 429
