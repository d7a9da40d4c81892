"""What do staff read about one text: what became of it, and what is to be done?"""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.requests import (
    A_PERSON_DECIDES,
    HANDLING_FAILED,
    NUMBER_UNREADABLE,
    UNREADABLE,
    EndReason,
    InvitationWording,
    MessageKind,
    MessageState,
)
from survey_app.domain.safe_contact import Refusal
from survey_app.messaging.claims import FLAGGED_SINCE
from survey_app.reporting.staff_texts import Shown, StaffText
from survey_app.usecases.agree_check_word import CHECK_WORD_CHANGED
from survey_app.usecases.allow_contact import PERMISSION_WITHDRAWN
from survey_app.usecases.change_safety import SAFETY_CHANGED
from survey_app.usecases.change_sending import LINKS_REVOKED
from survey_app.usecases.offer_languages import LANGUAGE_WITHDRAWN
from survey_app.usecases.resend_text import DECIDED_BY_A_PERSON, ResendRefusal, Resent
from survey_app.usecases.run_trial import TRIAL_ENDED
from survey_app.web.shared.contact_words import CHANNELS, REASONS, WAVES, reason_words
from survey_app.web.shared.failure_words import words_for_failure
from survey_app.web.shared.formatting import instant

LISTS: dict[Shown, LazyString] = {
    Shown.WAITING: _l("Waiting"),
    Shown.DEFERRED: _l("Deferred"),
    Shown.REFUSED: _l("Refused"),
    Shown.SENT: _l("Sent"),
    Shown.DELIVERED: _l("Delivered"),
    Shown.FAILED: _l("Failed"),
    Shown.UNDECIDED: _l("Undecided"),
    Shown.TAKEN_BACK: _l("Taken back"),
}
KINDS: dict[Shown, str] = {
    Shown.DELIVERED: "good",
    Shown.FAILED: "warn",
    Shown.UNDECIDED: "warn",
    Shown.REFUSED: "warn",
}
"""How a state is coloured; its word says the same."""

WORDINGS: dict[str, LazyString] = {
    InvitationWording.PERMISSION_FIRST: _l("permission first"),
    InvitationWording.QUESTION_FIRST: _l("question first"),
}
"""What an invitation is told apart by; the first is the usual one."""

_TAKEN_BACK: dict[str, LazyString] = {
    SAFETY_CHANGED: _l("Somebody changed how the person may safely be contacted."),
    PERMISSION_WITHDRAWN: _l("Somebody took back a permission."),
    CHECK_WORD_CHANGED: _l("The check word changed. The text is written anew."),
    LANGUAGE_WITHDRAWN: _l("Its language is no longer offered. The text is written anew."),
    LINKS_REVOKED: _l("All links were revoked. The text is written anew with a fresh link."),
    EndReason.WITHDRAWN_AT_GO_LIVE: _l(
        "It had waited while the service did not send, and was withdrawn when it went live."
    ),
    TRIAL_ENDED: _l("A trial of wordings was ended. The text is written anew."),
    FLAGGED_SINCE: _l("The person has a flag now. The text is written anew, in the usual words."),
    "asked-otherwise": _l("The person is now asked in another way."),
}

_REFUSED: dict[ResendRefusal, LazyString] = {
    ResendRefusal.STILL_UNDER_WAY: _l("Nothing was queued: a text is on its way already."),
    ResendRefusal.MAY_HAVE_ARRIVED: _l(
        "Nothing was queued: the text may have arrived. Ask the person first, then say so here."
    ),
    ResendRefusal.REQUEST_ENDED: _l("Nothing was queued: the time for answering is over."),
    ResendRefusal.NOT_IN_DOUBT: _l("Nothing was changed: it is known what became of this text."),
}


def wave_words(text: StaffText) -> str:
    """`End of support: invitation`, with its wording where that is not the usual one."""
    wave = str(WAVES.get(text.wave, text.wave))
    if text.kind is None:
        return wave
    if text.kind == MessageKind.REMINDER:
        return _("%(wave)s: reminder %(n)s", wave=wave, n=text.ordinal)
    if text.wording is not None:
        wording = str(WORDINGS.get(text.wording, text.wording))
        return _("%(wave)s: invitation (%(wording)s)", wave=wave, wording=wording)
    return _("%(wave)s: invitation", wave=wave)


def state_words(text: StaffText) -> str:
    """What became of it, why, and what to do, in a sentence or two."""
    match text.shown:
        case Shown.WAITING:
            return _waiting(text)
        case Shown.DEFERRED:
            return _("Not before %(at)s. %(why)s", at=instant(text.due_at), why=_why(text))
        case Shown.REFUSED:
            return f"{_why(text)} {_instead(text)}"
        case Shown.TAKEN_BACK:
            return str(_TAKEN_BACK.get(text.reason or "", _why(text)))
        case Shown.FAILED:
            return _failed(text)
        case Shown.UNDECIDED:
            return _undecided(text)
        case Shown.SENT:
            return _("Sent %(at)s. No word yet whether it arrived.", at=_at(text.sent_at))
        case Shown.DELIVERED:
            return _("It arrived %(at)s.", at=_at(text.delivered_at))


def resent_words(resent: Resent) -> str:
    """What became of the wish to send a text again."""
    if resent.refusal is ResendRefusal.NOT_ALLOWED:
        why = reason_words(resent.reason) or _("The person is now asked in another way.")
        return _("Nothing was queued: a text may not go to this person. %(why)s", why=why)
    if resent.refusal is not None:
        return str(_REFUSED[resent.refusal])
    if resent.until is not None:
        why = reason_words(resent.reason)
        return _("Queued, not before %(at)s. %(why)s", at=instant(resent.until), why=why)
    return _("Queued. It is asked once more whether it is safe when it leaves.")


def refusal_words(refusal: ResendRefusal) -> str:
    """Why nothing was changed."""
    return str(_REFUSED[refusal])


def _at(moment: datetime | None) -> str:
    return "" if moment is None else instant(moment)


def _why(text: StaffText) -> str:
    return reason_words(text.reason) if text.reason in REASONS else ""


def _instead(text: StaffText) -> str:
    if text.channel is None:
        return _("There is no other way to ask.")
    return _("Asked instead: %(channel)s.", channel=str(CHANNELS.get(text.channel, text.channel)))


def _waiting(text: StaffText) -> str:
    if text.state == MessageState.SENDING:
        return _("It is leaving now.")
    if text.reason:
        return _("Tried, and to be tried again at %(at)s.", at=instant(text.due_at))
    return _("Due %(at)s.", at=instant(text.due_at))


def _failed(text: StaffText) -> str:
    """What to do next, with the provider's code for whoever asks the provider."""
    if text.reason == DECIDED_BY_A_PERSON:
        return _("A colleague decided that it did not arrive.")
    if text.reason == Refusal.OPTED_OUT:
        return reason_words(text.reason)
    said = words_for_failure(text.failure_code)
    if text.failure_code:
        return _("%(said)s (Code %(code)s.)", said=str(said), code=text.failure_code)
    return str(said)


_SET_ASIDE: dict[str, LazyString] = {
    UNREADABLE: _l(
        "This cannot be read: tell your administrator. It is not sent by itself. Once it is "
        "mended, ask the person, then send it again or let it be."
    ),
    NUMBER_UNREADABLE: _l(
        "The number that is recorded is not this person's, so nothing is sent: tell your "
        "administrator. Once it is mended, send it again or let it be."
    ),
    HANDLING_FAILED: _l(
        "Something went wrong here with this text: tell your administrator. It is not sent by "
        "itself. Ask the person, then send it again or let it be."
    ),
}


def _undecided(text: StaffText) -> str:
    if text.reason in _SET_ASIDE:
        return str(_SET_ASIDE[text.reason])
    if text.reason == A_PERSON_DECIDES:
        return _(
            "Nobody knows whether it left, and the provider cannot say. Ask the person, then send "
            "it again or let it be."
        )
    return _("Nobody knows yet whether it left. The provider is being asked.")
