"""How is a change of a service's sending told?"""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from survey_app.reporting.sending_history import SendingChange
from survey_app.store.audit import CHANGE_CARRIER, REVOKE_LINKS
from survey_app.store.services import ServiceMode
from survey_app.web.shared.formatting import day


def change_words(change: SendingChange) -> str:
    """What was done and why, in a sentence or two."""
    said = [
        _what(change),
        _waived(change),
        change.details.get("reason") or _("No reason was given."),
    ]
    return " ".join(words for words in said if words)


def who_words(change: SendingChange) -> str:
    """Who did it."""
    return change.who or _("on the command line")


def _what(change: SendingChange) -> str:
    if change.action == REVOKE_LINKS:
        number = int(change.details.get("links", 0))
        return ngettext("%(num)s link revoked.", "%(num)s links revoked.", number)
    if change.action == CHANGE_CARRIER:
        return _(
            "Sender: %(sender)s. Provider: %(provider)s.",
            sender=change.details.get("sender") or _("as the settings say"),
            provider=change.details.get("provider") or _("as the settings say"),
        )
    mode = change.details.get("to")
    if mode == ServiceMode.PAUSED:
        return _("Paused.")
    if mode == ServiceMode.SHADOW:
        return _("Back into shadow.")
    return _live(change)


def _waived(change: SendingChange) -> str:
    waived = change.details.get("waived")
    return _("Waived: %(what)s.", what=", ".join(waived)) if waived else ""


def _live(change: SendingChange) -> str:
    waited, before = change.details.get("waited", 0), change.details.get("withdrawn_before")
    if not waited:
        return _("Live.")
    if before is None:
        return ngettext(
            "Live; %(num)s who had waited was asked after a fresh decision.",
            "Live; %(num)s who had waited were asked after a fresh decision.",
            waited,
        )
    return _(
        "Live; of %(waited)s who had waited, %(withdrawn)s since before %(day)s were withdrawn.",
        waited=waited,
        withdrawn=change.details.get("withdrawn", 0),
        day=day(date.fromisoformat(before)),
    )
