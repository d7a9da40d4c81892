"""In which words do the pages of a call say when, how, and what is wrong?"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey_app.domain.answers import TEXT_LIMIT
from survey_app.domain.calls import CallBackRefusal, CallOutcome
from survey_app.domain.languages import LANGUAGES, is_read_by
from survey_app.domain.paper import PaperFault, WrongEntry
from survey_app.domain.periods import london_day
from survey_app.domain.safe_hours import LONDON
from survey_app.usecases.call_list import CallRow
from survey_app.usecases.take_call import CallRefusal
from survey_app.web.shared.contact_words import hours_in_words
from survey_app.web.shared.formatting import day, instant

OUTCOMES: dict[CallOutcome, LazyString] = {
    CallOutcome.NO_ANSWER: _l("Nobody answered"),
    CallOutcome.CALL_BACK: _l("They want to be rung at another time"),
    CallOutcome.REFUSED: _l("They do not want to answer"),
    CallOutcome.WRONG_NUMBER: _l("Wrong number: the person is not known there"),
    CallOutcome.UNSAFE: _l("Not safe to talk"),
}

RECORDED: dict[CallOutcome, LazyString] = {
    CallOutcome.NO_ANSWER: _l("Noted: nobody answered. After the second time they are left alone."),
    CallOutcome.CALL_BACK: _l("Noted. The call comes up again at the time that you agreed."),
    CallOutcome.REFUSED: _l("Noted. Nobody rings or texts them about this again."),
    CallOutcome.WRONG_NUMBER: _l("Noted. Nobody rings or texts this number until it is checked."),
    CallOutcome.UNSAFE: _l("Noted. Nobody rings this number, and the caseworker is told."),
}

CALL_REFUSALS: dict[CallRefusal, LazyString] = {
    CallRefusal.ENDED: _l("This call is no longer to be made. Nothing was saved."),
    CallRefusal.NOT_ALLOWED: _l("This person must not be rung now. Go on with the next one."),
    CallRefusal.NOT_YET: _l("It is too early to ring. The number is not shown outside safe times."),
    CallRefusal.TAKEN: _l("A colleague is ringing this person. Nothing was saved."),
    CallRefusal.NOT_MINE: _l("Show the number first; then say how the call ended."),
}

CALL_BACK_REFUSALS: dict[CallBackRefusal, LazyString] = {
    CallBackRefusal.MISSING: _l("Give a day and a time to ring them back."),
    CallBackRefusal.IN_THE_PAST: _l("Give a time that is still to come."),
    CallBackRefusal.AFTER_THE_END: _l("Give a time before the last day for answering."),
    CallBackRefusal.OUTSIDE_SAFE_HOURS: _l(
        "That is outside their safe times or the service’s hours. Agree another time."
    ),
}


@dataclass(frozen=True)
class Told:
    """One row in words."""

    row: CallRow
    when: str
    hours: str
    service_hours: str
    language: str
    calls: str
    until: str


def told(row: CallRow, now: datetime) -> Told:
    """One row of the list, ready to be read."""
    return Told(
        row=row,
        when=_when(row, now),
        hours=hours_in_words(row.hours),
        service_hours=hours_in_words(row.service_hours),
        language=language_name(row.language),
        calls=ngettext("%(num)s call so far", "%(num)s calls so far", row.calls)
        if row.calls
        else _("not rung yet"),
        until=day(london_day(row.until)),
    )


def _when(row: CallRow, now: datetime) -> str:
    if row.from_when is not None:
        at = instant(row.from_when)
        return _("agreed for %(at)s", at=at) if row.is_agreed else _("from %(at)s", at=at)
    if row.safe_until is not None and london_day(row.safe_until) == london_day(now):
        return _("now, until %(at)s", at=f"{row.safe_until.astimezone(LONDON):%H:%M}")
    return _("now")


def language_name(tag: str) -> str:
    """A recorded language as staff call it; one that is none of ours by its tag."""
    found = (each.english_name for each in LANGUAGES if is_read_by(tag, each))
    return next(found, tag)


def wrong_words(wrong: WrongEntry) -> str:
    """What to check about one question."""
    number = wrong.question.number
    match wrong.fault:
        case PaperFault.OFF_ROUTE:
            return _(
                "Question %(number)s is not asked after the other answers. Take its answer out, "
                "or check the question before it.",
                number=number,
            )
        case PaperFault.PREFER_NOT_TO_SAY_AND_MORE:
            return _(
                "Question %(number)s: “I would rather not say” cannot stand beside an answer.",
                number=number,
            )
        case PaperFault.TOO_LONG:
            return _(
                "Question %(number)s: at most %(limit)s characters.",
                number=number,
                limit=TEXT_LIMIT,
            )
        case PaperFault.ONE_ONLY | PaperFault.NO_SUCH_OPTION:
            return _("Question %(number)s: choose one of the answers shown.", number=number)
