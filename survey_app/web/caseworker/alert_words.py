"""In which words do staff read what came of an alert, and which alerts they look at?"""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.alerts import AlertOutcome
from survey_app.reporting.alerts import Inbox

OUTCOMES: dict[str, LazyString] = {
    AlertOutcome.SPOKE: _l("Spoke with the person"),
    AlertOutcome.SAFETY_ACTION: _l("Took steps for their safety"),
    AlertOutcome.PASSED_ON: _l("Passed on to somebody who sees to it"),
    AlertOutcome.NOT_REACHED: _l("Tried, and could not reach the person"),
    AlertOutcome.NOTHING_NEEDED: _l("Nothing was needed"),
}

INBOXES: dict[Inbox, LazyString] = {
    Inbox.ALL: _l("All open"),
    Inbox.MINE: _l("Mine"),
    Inbox.UNCLAIMED: _l("Nobody’s yet"),
    Inbox.CLOSED: _l("Closed"),
}

EMPTY: dict[Inbox, LazyString] = {
    Inbox.ALL: _l(
        "Nothing waits for you. An alert appears here when somebody writes a comment, asks to be "
        "contacted, or does not feel safe."
    ),
    Inbox.MINE: _l("You have taken no alert that is still open."),
    Inbox.UNCLAIMED: _l("Somebody has taken every open alert."),
    Inbox.CLOSED: _l("No alert was closed yet."),
}
