"""Which answers does a form about a case offer, and how does it write what is chosen?"""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.file_cells import NO_FLAGS
from survey_app.store.staff import Membership, StaffAccount
from survey_app.web.caseworker.case.words import FLAGS, LEVELS

Choices = list[tuple[str, str]]


def levels() -> Choices:
    """Support levels."""
    return [(code, str(words)) for code, words in LEVELS.items()]


def flags() -> Choices:
    """Flags, with the word for none of them."""
    return [(NO_FLAGS, _("None of these")), *((code, str(w)) for code, w in FLAGS.items())]


def flags_cell() -> str:
    """The ticked flags as a file writes them."""
    return ";".join(sorted(request.form.getlist("flags")))


def caseworkers(session: Session, service_id: int, stands: str = "") -> Choices:
    """Those who work on cases here, by address; whoever stands there now is among them."""
    rows = session.execute(
        select(StaffAccount.email, StaffAccount.name)
        .join(Membership, Membership.account_id == StaffAccount.id)
        .where(
            Membership.service_id == service_id,
            Membership.role.in_((Role.CASEWORKER, Role.MANAGER)),
            StaffAccount.is_active,
        )
        .distinct()
        .order_by(StaffAccount.name, StaffAccount.email)
    )
    known = {email: name or email for email, name in rows}
    if stands and stands not in known:
        known[stands] = stands
    return [("", _("Nobody yet")), *known.items()]
