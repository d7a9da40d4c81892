"""Two taps or two phones at the same instant, each in a transaction of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from survey_app.domain.requests import RequestState
from survey_app.store.database import Database
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Answer, Response
from survey_app.store.scope import Scope
from tests.links import a_link
from tests.usecases.respondent import Respondent

AT_ONCE = 4


def together(database: Database, token: str, *presses: str) -> None:
    """Press each at the same instant: `start`, or a code of the first question."""
    ready = Barrier(len(presses))

    def press(what: str) -> None:
        ready.wait()
        with database.write(Scope.victim()) as session:
            someone = Respondent(session, token)
            # The link is locked before anything is read that depends on it.
            assert someone.link.is_open
            someone.begin()
            if what != "start":
                someone.say("satisfied", what)

    with ThreadPoolExecutor(len(presses)) as pool:
        list(pool.map(press, presses))


def test_starting_at_the_same_instant_makes_one_response(database: Database):
    with database.write(Scope.worker()) as session:
        _, token = a_link(session)
    together(database, token, *["start"] * AT_ONCE)
    with database.read(Scope.worker()) as session:
        assert session.scalar(select(func.count(Response.id))) == 1
        assert session.scalars(select(SurveyRequest.state)).one() == RequestState.STARTED


def test_answering_at_the_same_instant_keeps_one_answer(database: Database):
    with database.write(Scope.worker()) as session:
        _, token = a_link(session)
    together(database, token, "satisfied", "neither", "satisfied", "dissatisfied")
    with database.read(Scope.worker()) as session:
        (code,) = session.scalars(select(Answer.code))
        assert code in {"satisfied", "neither", "dissatisfied"}
