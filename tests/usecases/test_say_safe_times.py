"""When somebody may be contacted is kept with their wish, sealed, and only what was offered."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.responses import Response
from survey_app.usecases.say_safe_times import (
    NOTE_LIMIT,
    ContactWish,
    find_contact_wish,
    say_safe_times,
)
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON


def wish(session: Session, answer: str) -> int:
    request, token = a_link(session)
    someone = Respondent(session, token).begin()
    someone.say("comment", "Thank you.")
    someone.say("contact-me", answer)
    return request.id


def kept_with(session: Session, request_id: int) -> dict[str, Any]:
    """What stands on the alert of this request."""
    query = select(Alert.safe_times).join(Response, Response.id == Alert.response_id)
    ours = Response.request_id == request_id, Alert.kind == AlertKind.CONTACT_WISH
    found = session.scalars(query.where(*ours)).one()
    assert found is not None
    return found


def say(session: Session, request_id: int, **facts) -> bool:
    facts = {"days": (), "times": (), "ways": (), "note": ""} | facts
    return say_safe_times(session, request_id, now=NOON, **facts)


def test_it_is_kept_with_the_wish_in_order_and_sealed(session: Session):
    wish(session, "yes")
    request_id = wish(session, "yes")
    said = {"days": ["fri", "mon", "noday"], "times": ["evening"], "note": " No messages. "}
    assert find_contact_wish(session, request_id) is ContactWish.WITHOUT_TIMES
    assert say(session, request_id, **said)
    assert find_contact_wish(session, request_id) is ContactWish.WITH_TIMES
    assert kept_with(session, request_id) == {
        "days": ["mon", "fri"],
        "times": ["evening"],
        "ways": [],
        "note": "No messages.",
        "said_at": NOON.isoformat(),
    }
    session.flush()
    raw = session.execute(text("SELECT safe_times FROM alerts WHERE safe_times IS NOT NULL")).all()
    assert len(raw) == 1
    assert b"messages" not in bytes(raw[0][0])


def test_without_a_wish_there_is_nothing_to_say_it_to(session: Session):
    assert not say(session, wish(session, "no"), days=["mon"])
    done = wish(session, "yes")
    for alert in session.scalars(select(Alert)):
        alert.closed_at = NOON
    assert not say(session, done, days=["mon"])


def test_a_long_note_is_cut(session: Session):
    request_id = wish(session, "yes")
    assert say(session, request_id, note="x" * 9_999)
    assert len(kept_with(session, request_id)["note"]) == NOTE_LIMIT
