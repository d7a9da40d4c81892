"""Which case does the address name, and who is at work on it?"""

from flask import request
from sqlalchemy.orm import Session

from survey_app.store.services import Service
from survey_app.usecases.case_work import Worker
from survey_app.web.shared.access import staff, this_service
from survey_app.web.shared.runtime import runtime


def the_service(session: Session) -> Service:
    """The service as it is stored."""
    return session.get_one(Service, this_service().id)


def the_worker() -> Worker:
    """Whoever is signed in, at this moment."""
    return Worker(staff().account.account_id, runtime().now())


def entered(*names: str) -> dict[str, str]:
    """What was typed into these fields, trimmed; a field that the form lacks is left out."""
    return {name: request.form[name].strip() for name in names if name in request.form}


def seen(*names: str) -> dict[str, str]:
    """What the form was filled in on."""
    return {n: request.form[f"seen-{n}"] for n in names if f"seen-{n}" in request.form}
