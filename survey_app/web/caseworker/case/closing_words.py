"""What do staff read before a case is closed: what follows, and what stands against it?"""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from survey_app.domain.closings import ClosingRefusal
from survey_app.domain.requests import Channel
from survey_app.domain.safe_contact import Outcome, Verdict
from survey_app.store.cases import Case
from survey_app.usecases.preview_closing import ClosingPreview, WouldAsk
from survey_app.web.caseworker.case.words import instrument_title, not_asked_words
from survey_app.web.caseworker.remedies import remedy
from survey_app.web.shared.contact_words import CHANNELS, WAVES, reason_words
from survey_app.web.shared.formatting import day, instant

_FIELDS = {
    ClosingRefusal.NO_DAY: "on",
    ClosingRefusal.IN_FUTURE: "on",
    ClosingRefusal.BEFORE_REFERRAL: "on",
    ClosingRefusal.UNKNOWN_REASON: "reason",
    ClosingRefusal.TEXT_MISSING: "detail",
    ClosingRefusal.TEXT_TOO_LONG: "detail",
    ClosingRefusal.DESTINATION_MISSING: "destination",
    ClosingRefusal.ALREADY_CLOSED: "",
}


def refusal_errors(
    refusals: tuple[ClosingRefusal, ...], case: Case, code_field: str
) -> list[tuple[str, str]]:
    """Pairs of field and words; `code_field` is where the reason's codes stand."""
    closed = day(case.closed_on) if case.closed_on else ""
    words = {
        ClosingRefusal.NO_DAY: _("Write the day as 18/11/2026."),
        ClosingRefusal.IN_FUTURE: _("This day has not come yet. Close the case once it has."),
        ClosingRefusal.BEFORE_REFERRAL: _(
            "This is before the referral on %(day)s. Check the day.", day=day(case.referred_on)
        ),
        ClosingRefusal.UNKNOWN_REASON: _("Choose a reason."),
        ClosingRefusal.CODE_MISSING: _("Choose what the person said, or that they gave no reason."),
        ClosingRefusal.UNKNOWN_CODE: _("Choose one of the answers for this reason."),
        ClosingRefusal.TEXT_MISSING: _("Write in a few words what the reason was."),
        ClosingRefusal.TEXT_TOO_LONG: _("Write at most 5,000 characters."),
        ClosingRefusal.DESTINATION_MISSING: _("Write to whom the case goes."),
        ClosingRefusal.ALREADY_CLOSED: _(
            "The case closed on %(day)s already. Nothing was changed. Reopen it first if that is "
            "wrong.",
            day=closed,
        ),
    }
    return [(_FIELDS.get(refusal, code_field), words[refusal]) for refusal in refusals]


def preview_words(preview: ClosingPreview) -> list[str]:
    """What would follow, sentence by sentence."""
    said = []
    if preview.asks is not None:
        said += _asked(preview.asks)
    else:
        why = not_asked_words(preview.not_asked)
        said.append(_("The person will not be asked anything. %(why)s", why=why))
    said += [
        _("%(wave)s: no longer asked.", wave=str(WAVES.get(wave, wave))) for wave in preview.ends
    ]
    said.append(_("The case and what was answered so far stay counted."))
    return said


def _asked(asks: WouldAsk) -> list[str]:
    titles = dict.fromkeys(instrument_title(key) for key in asks.instruments)
    said = [_("The person will be asked: %(what)s.", what=_(", then ").join(titles))]
    for channel, verdict in asks.choice.judged:
        said.append(_tried(channel, verdict, asks.asked_at))
    if asks.choice.channel is None:
        said.append(_("So nobody will ask, unless something of this changes."))
    elif asks.choice.channel is Channel.SMS and asks.reminder_days:
        days = _(" and ").join(str(n) for n in asks.reminder_days)
        said.append(
            ngettext(
                "If there is no answer: a reminder %(days)s days later.",
                "If there is no answer: reminders %(days)s days later.",
                len(asks.reminder_days),
                days=days,
            )
        )
    return said


def _tried(channel: Channel, verdict: Verdict, at: datetime) -> str:
    name = str(CHANNELS.get(channel, channel))
    name = name[:1].upper() + name[1:]
    if verdict.outcome is Outcome.NO:
        why = f"{reason_words(verdict.reason)} {remedy(verdict.reason)}".strip()
        return _("%(channel)s: no. %(why)s", channel=name, why=why)
    when = instant(verdict.until or at)
    return _(
        "%(channel)s: yes, from %(when)s. It is asked once more then whether it is safe.",
        channel=name,
        when=when,
    )
