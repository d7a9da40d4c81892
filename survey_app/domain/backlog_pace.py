"""What may a worker start of the texts that have waited for long, because nobody worked?

A worker that comes back at 19:58 to 200 texts must not pour them into people's last minutes: who
reads one then has nobody to ring, and a text that could no longer leave is started all the same.
"""

from datetime import datetime, timedelta

from survey_app.domain.safe_hours import SafeHours, are_all_open_at, next_opening
from survey_app.domain.safe_window import first_closing

OLD_AFTER = timedelta(hours=1)
"""How long a text must have waited to be of an old backlog; only such texts are held back."""
QUIET_MARGIN = timedelta(hours=1)
"""Before a person's quiet time, in which no text of an old backlog is started."""
NEAR_QUIET_TIME = "near-quiet-time"
"""Why such a text was put off."""
_MOMENT = timedelta(seconds=1)


def is_old_backlog(due_at: datetime, asked_since: datetime, now: datetime) -> bool:
    """Whether a text has waited for longer than an hour; `asked_since` is when its request came
    about, which for cases that a file brings late is after the text was due."""
    return max(due_at, asked_since) < now - OLD_AFTER


def hold_back_until(
    hours: tuple[SafeHours, ...], expires_at: datetime, now: datetime
) -> datetime | None:
    """When a text of an old backlog may start, where that is not now; None when it is now.

    `now` is inside the hours of person and service. Within the last hour before they close, it is
    their next opening. It is now all the same where the whole window is no longer than that hour,
    and where the request would have expired by then: held back is never lost.
    """
    closes_at = first_closing(hours, now)
    if closes_at is None or now < closes_at - QUIET_MARGIN:
        return None
    if not _was_open_before(hours, closes_at):
        return None
    opens_at = next_opening(hours, closes_at)
    return opens_at if opens_at is not None and opens_at < expires_at else None


def _was_open_before(hours: tuple[SafeHours, ...], closes_at: datetime) -> bool:
    """Whether the window that closes then began before its last hour."""
    before = closes_at - QUIET_MARGIN - _MOMENT
    return are_all_open_at(hours, before) and first_closing(hours, before) == closes_at
