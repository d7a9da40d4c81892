"""What is counted of a journey is what a person does and a phone is sent."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from bench.processor import seconds_between
from bench.victim.journeys import in_this_process
from bench.victim.people import Reply, journey, plain_journey, taps
from bench.victim.walks import walk
from survey_app.store.database import Database
from survey_app.store.scope import Scope
from tests.links import a_link

QUESTIONS = 4
BEGIN = 1
MakeLink = Callable[[str], str]


@pytest.fixture
def database_kind() -> str:
    """What is counted is the same on both."""
    return "sqlite"


@pytest.fixture
def make_link(database: Database) -> MakeLink:
    """Gives the token of a link that asks one instrument."""

    def make(key: str) -> str:
        with database.write(Scope.worker()) as session:
            return a_link(session, key)[1]

    return make


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """Where the app answers."""
    with in_this_process(app) as port:
        yield port


def a_page(form: str) -> Reply:
    """As it is on the wire."""
    return Reply(200, "HTTP/1.1 200 OK", form.encode())


def test_an_answer_is_a_tap_on_an_option_and_one_on_the_button(port: int, make_link: MakeLink):
    base = f"/s/{make_link('self-assessment')}"
    assert walk(port, journey(base)).taps == BEGIN + 2 * QUESTIONS


def test_without_script_the_taps_are_the_same_and_each_costs_a_request_more(
    port: int, make_link: MakeLink
):
    quick = walk(port, journey(f"/s/{make_link('self-assessment')}"))
    plain = walk(port, plain_journey(f"/s/{make_link('self-assessment')}"))
    assert plain.taps == quick.taps
    # The last answer leads to the thanks by a redirect on either way.
    assert quick.pages_and_redirects == 1 + BEGIN + QUESTIONS + 1
    assert plain.pages_and_redirects == quick.pages_and_redirects + BEGIN + QUESTIONS - 1


def test_what_the_first_page_loads_is_counted_once(port: int, make_link: MakeLink):
    walked = walk(port, journey(f"/s/{make_link('self-assessment')}"))
    assert len(walked.first_view) == 2
    assert len(walked.replies) == walked.pages_and_redirects + 1
    assert all(size > 0 for size in walked.replies)


def test_a_box_to_write_in_is_a_tap_and_a_bare_button_is_one():
    assert taps(a_page('<textarea id="a" name="comment"></textarea>')) == 2
    assert taps(a_page("<button>Begin</button>")) == 1


def test_of_a_process_what_it_had_before_is_left_out_and_one_that_is_new_counts_whole():
    assert seconds_between({1: 10**9, 2: 5}, {1: 3 * 10**9, 3: 10**9}) == 3
