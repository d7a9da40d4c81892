"""Who has given a right password and still owes a code, or has to set up a second factor?

Until then nobody is signed in: the cookie only says whose code is awaited, since when, and
under which epoch. It is worth nothing after ten minutes, nor once a password or factor was changed.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from survey_app.store.staff import StaffAccount
from survey_app.usecases.second_factor import begin_set_up
from survey_app.usecases.sign_in import NextStep, next_step
from survey_app.web.shared.identity import begin_session, safe_next, start_over
from survey_app.web.shared.runtime import runtime

TIME_FOR_CODE = timedelta(minutes=10)
_HALF_WAY = "half"


@dataclass(frozen=True)
class HalfWay:
    """The account that is half signed in, what it owes, and where it wants to go."""

    account_id: int
    email: str
    step: NextStep
    wanted: str | None


def needs_second_factor() -> bool:
    """Whether nobody works here without a second factor; a demonstration may do without."""
    return runtime().settings.is_production


def go_on(account_id: int, wanted: str | None) -> Response:
    """After a right password (or a used link): sign in, or ask for what is still owed."""
    with runtime().database.read() as db:
        account = db.get_one(StaffAccount, account_id)
        step = next_step(db, account_id, needs_second_factor=needs_second_factor())
        epoch = account.session_epoch
    if step is NextStep.NOTHING:
        return complete(account_id, wanted)
    if step is NextStep.SET_UP:
        # Anew each time: a secret on somebody's screen who never finished is not used by the next.
        with runtime().database.write() as db:
            begin_set_up(db, account_id=account_id, now=runtime().now())
    start_over()
    session[_HALF_WAY] = {
        "account": account_id,
        "epoch": epoch,
        "at": int(runtime().now().timestamp()),
        "next": safe_next(wanted),
    }
    return redirect(page_of(step))


def page_of(step: NextStep) -> str:
    """The page on which what is owed can be given."""
    return url_for("account.code" if step is NextStep.CODE else "account.set_up")


def half_way() -> HalfWay | None:
    """Who is half signed in, in this browser, if it is not too late."""
    kept = session.get(_HALF_WAY)
    if not isinstance(kept, dict):
        return None
    age = int(runtime().now().timestamp()) - int(kept["at"])
    with runtime().database.read() as db:
        account = db.get(StaffAccount, kept["account"])
        if (
            account is None
            or not account.is_active
            or account.session_epoch != kept["epoch"]
            or not 0 <= age < TIME_FOR_CODE.total_seconds()
        ):
            return None
        step = next_step(db, account.id, needs_second_factor=needs_second_factor())
        return HalfWay(account.id, account.email, step, kept["next"])


def complete(account_id: int, wanted: str | None) -> Response:
    """Sign in, and go where the person wanted to go."""
    begin_session(account_id, runtime().now())
    return redirect(safe_next(wanted) or url_for("account.front_door"))


def network_address() -> str:
    """Where a guess comes from: an IPv6 customer is a whole /64."""
    address = request.remote_addr or ""
    return ":".join(address.split(":")[:4]) if ":" in address else address
