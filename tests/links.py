"""Builder: a request that asks shipped instruments, with a link that opens it."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.messaging.tokens import new_token
from survey_app.store.definition_files import load_instruments
from survey_app.store.requests import SurveyRequest
from survey_app.store.services import InstrumentSnapshot
from tests.builders import a_case, a_person, a_request, a_service, an_instrument
from tests.world import NOON

SHIPPED = load_instruments(Path(__file__).parents[1] / "instruments")


def a_link(
    session: Session,
    *keys: str,
    service: dict[str, Any] | None = None,
    person: dict[str, Any] | None = None,
    case: dict[str, Any] | None = None,
    **request: Any,
) -> tuple[SurveyRequest, str]:
    """A request of its own service, asking these instruments in order, and the token in clear.

    Without keys: `short-satisfaction`, of which the last two items are `comment` and `contact-me`.
    """
    keys = keys or ("short-satisfaction",)
    for key in keys:
        known = session.scalar(select(InstrumentSnapshot.id).where(InstrumentSnapshot.key == key))
        if known is None:
            an_instrument(session, key, SHIPPED[key, "1"].model_dump(mode="json"))
    owner = a_service(session, **(service or {}))
    episode = a_case(session, owner, a_person(session, owner, **(person or {})), **(case or {}))
    made = a_request(session, episode, instruments=[[key, "1"] for key in keys], **request)
    _, token = new_token(session, made.id, NOON)
    return made, token
