"""The code with which someone can take their answers back: given at the end, shown in the session
that answered."""

from urllib.parse import urlsplit

from flask import url_for
from sqlalchemy.orm import Session

from survey_app.store.reference_codes import new_reference_code
from survey_app.usecases.respond.links import Link
from survey_app.web.shared.runtime import runtime
from survey_app.web.victim import visitor


def give_reference(session: Session, link: Link) -> None:
    """Make the code of a request that has just ended, and let this phone show it."""
    visitor.keep_reference(link, new_reference_code(session, link.request_id, runtime().now()))


def spoken_reference(link: Link) -> str | None:
    """The code as it is read out and copied: two groups of four."""
    code = visitor.reference_of(link)
    return None if code is None else f"{code[:4]} {code[4:]}"


def code_address() -> str:
    """Where the code is used, as somebody notes it down beside the code."""
    host = urlsplit(runtime().settings.base_url).netloc
    return f"{host}{url_for('victim.ask_code')}"
