"""In which words is someone told what is wrong with what they sent?"""

from flask_babel import gettext

from survey_app.domain.answers import TEXT_LIMIT, AnswerRefusal


def refusal_text(refusal: AnswerRefusal) -> str:
    """Say what to do, not what was done wrong."""
    match refusal:
        case AnswerRefusal.EMPTY:
            return gettext("Choose an answer, or skip this question.")
        case AnswerRefusal.MORE_THAN_ONE:
            return gettext("Choose one answer only.")
        case AnswerRefusal.UNKNOWN_CODE:
            return gettext("Choose one of the answers on this page.")
        case AnswerRefusal.PREFER_NOT_TO_SAY_AND_MORE:
            return gettext("Choose answers, or say that you would rather not. Not both.")
        case AnswerRefusal.TOO_LONG:
            return gettext("Write a bit less: %(limit)s letters at most.", limit=TEXT_LIMIT)
