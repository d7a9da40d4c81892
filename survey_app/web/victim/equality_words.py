"""How are the equality questions and their answers worded?"""

from dataclasses import dataclass

from flask_babel import gettext

from survey_app.domain.cases import NotGiven
from survey_app.domain.equality import OPTIONS, Characteristic


@dataclass(frozen=True)
class Choice:
    """One answer as the page shows it."""

    code: str
    text: str


@dataclass(frozen=True)
class EqualityQuestion:
    """One question as the page shows it, with "prefer not to say" last."""

    name: str
    text: str
    options: tuple[Choice, ...]
    hint: str | None = None


def equality_question(asked: Characteristic) -> EqualityQuestion:
    """The question in the language of the page."""
    text, hint = _questions()[asked]
    words = _answers()[asked]
    options = [Choice(value, words[value]) for value in OPTIONS[asked]]
    declined = Choice(NotGiven.DECLINED, gettext("I would rather not say"))
    return EqualityQuestion(asked, text, (*options, declined), hint)


def _questions() -> dict[Characteristic, tuple[str, str | None]]:
    return {
        Characteristic.SEX: (gettext("What is your sex?"), None),
        Characteristic.GENDER_IDENTITY: (
            gettext("Is your gender the same as the sex you were given at birth?"),
            None,
        ),
        Characteristic.ETHNICITY: (gettext("What is your ethnic group?"), None),
        Characteristic.DISABILITY: (
            gettext("Do you have an illness or a condition that makes daily life harder?"),
            gettext("Think of your body and of your mind. It has lasted a year, or may."),
        ),
        Characteristic.SEXUALITY: (gettext("Which of these fits you best?"), None),
        Characteristic.RELIGION: (gettext("What is your religion?"), None),
    }


def _answers() -> dict[Characteristic, dict[str, str]]:
    other = gettext("Something else")
    return {
        Characteristic.SEX: {"female": gettext("Female"), "male": gettext("Male")},
        Characteristic.GENDER_IDENTITY: {
            "same as at birth": gettext("Yes"),
            "different from birth": gettext("No"),
        },
        Characteristic.ETHNICITY: {
            "white": gettext("White"),
            "mixed": gettext("Mixed, or several groups"),
            "asian": gettext("Asian or Asian British"),
            "black": gettext("Black, Black British, Caribbean or African"),
            "other": gettext("Another ethnic group"),
        },
        Characteristic.DISABILITY: {"yes": gettext("Yes"), "no": gettext("No")},
        Characteristic.SEXUALITY: {
            "heterosexual": gettext("Straight"),
            "gay or lesbian": gettext("Gay or lesbian"),
            "bisexual": gettext("Bisexual"),
            "other": other,
        },
        Characteristic.RELIGION: {
            "none": gettext("No religion"),
            "christian": gettext("Christian"),
            "muslim": gettext("Muslim"),
            "hindu": gettext("Hindu"),
            "sikh": gettext("Sikh"),
            "jewish": gettext("Jewish"),
            "buddhist": gettext("Buddhist"),
            "other": other,
        },
    }
