"""What do staff read when nothing is being sent because no worker works?"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.domain.clock_faults import ClockFault
from survey_app.domain.safe_hours import LONDON
from survey_app.reporting.worker_health import LONGEST_SILENCE, recent_beats
from survey_app.web.shared.formatting import instant
from survey_app.web.shared.runtime import runtime


def no_worker_words(session: Session) -> str:
    """Why nothing is being sent, and since when; empty while a worker works."""
    now = runtime().database_now(session)
    beats = recent_beats(session, now)
    if beats.last_at is not None and now - beats.last_at <= LONGEST_SILENCE:
        return ""
    if ClockFault.JUMPED in beats.reports:
        return _(
            "Nothing is being sent: the clock has moved by more than a day, or the machine stood "
            "still for so long. Whoever looks after this installation has to confirm the clock."
        )
    if ClockFault.HOST_OFF in beats.reports:
        return _("Nothing is being sent: the clock of the worker's machine is wrong.")
    if beats.last_at is None:
        return _("Nothing is being sent: no worker has reported yet.")
    return _(
        "Nothing is being sent: no worker has reported since %(at)s.", at=_at(beats.last_at, now)
    )


def _at(moment: datetime, now: datetime) -> str:
    """`10:04`, where that is today."""
    local = moment.astimezone(LONDON)
    is_today = local.date() == now.astimezone(LONDON).date()
    return f"{local:%H:%M}" if is_today else instant(moment)
