"""In which words do the pages used with the person say what is wrong?"""

from flask_babel import gettext as _

from survey_app.domain.answers import TEXT_LIMIT
from survey_app.domain.paper import PaperFault, WrongEntry
from survey_app.usecases.enter_paper import PaperRefusal
from survey_app.usecases.hand_over_pin import LONGEST, SHORTEST, PinRefusal


def pin_words(refusal: PinRefusal, left: int = 0) -> str:
    """What to do about a PIN that cannot be used, or does not open."""
    match refusal:
        case PinRefusal.NOT_DIGITS:
            return _(
                "Choose a PIN of %(shortest)s to %(longest)s digits.",
                shortest=SHORTEST,
                longest=LONGEST,
            )
        case PinRefusal.TOO_EASY:
            return _(
                "That PIN is easy to guess. Choose digits that are not all the same or in a row."
            )
        case PinRefusal.WRONG:
            return _("That is not the PIN. Tries left: %(left)s.", left=left)
        case PinRefusal.LOCKED:
            return _("The PIN was wrong too often. Sign in with your password.")


def entry_words(wrong: WrongEntry) -> str:
    """What to check about one question of a paper form."""
    number = wrong.question.number
    match wrong.fault:
        case PaperFault.NO_SUCH_OPTION:
            return _(
                "Question %(number)s: type a number from 1 to %(last)s.",
                number=number,
                last=len(wrong.question.item.options),
            )
        case PaperFault.ONE_ONLY:
            return _("Question %(number)s: type one number only.", number=number)
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
        case PaperFault.OFF_ROUTE:
            return _off_route(wrong)


def _off_route(wrong: WrongEntry) -> str:
    earlier, numbers = wrong.question.only_after or (wrong.question.number, ())
    return _(
        "Question %(number)s is only asked after answer %(after)s to question %(earlier)s. Check "
        "both, or leave it empty.",
        number=wrong.question.number,
        after=_(" or ").join(str(each) for each in numbers),
        earlier=earlier,
    )


def paper_words(refusal: PaperRefusal) -> str:
    """What to do about a form that cannot be entered."""
    return {
        PaperRefusal.NOTHING_ANSWERED: _("Type at least one answer, or leave the form aside."),
        PaperRefusal.DATE_MISSING: _("Enter the day that is written on the form."),
        PaperRefusal.BEFORE_REFERRAL: _("That day is before the referral. Check the day."),
        PaperRefusal.IN_THE_FUTURE: _("That day has not come yet. Check the day."),
        PaperRefusal.ANSWERED_ALREADY: _(
            "These questions were answered already, so this form was not entered. If the person "
            "answered over a link or somebody else entered the form, keep what is there."
        ),
    }[refusal]
