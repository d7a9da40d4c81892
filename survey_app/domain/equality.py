"""Which equality questions may a person be asked about themself, and which answers have they?

A short form of the harmonised questions of the Office for National Statistics; every one has
"prefer not to say". Values are kept in the words that case files use.
"""

from collections.abc import Mapping
from enum import StrEnum

from survey_app.domain.cases import NotGiven


class Characteristic(StrEnum):
    """What is asked, in the order of the page; named as the case file names it."""

    SEX = "sex"
    GENDER_IDENTITY = "gender_identity"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    SEXUALITY = "sexuality"
    RELIGION = "religion"


OPTIONS: Mapping[Characteristic, tuple[str, ...]] = {
    Characteristic.SEX: ("female", "male"),
    Characteristic.GENDER_IDENTITY: ("same as at birth", "different from birth"),
    Characteristic.ETHNICITY: ("white", "mixed", "asian", "black", "other"),
    Characteristic.DISABILITY: ("yes", "no"),
    Characteristic.SEXUALITY: ("heterosexual", "gay or lesbian", "bisexual", "other"),
    Characteristic.RELIGION: (
        "none", "christian", "muslim", "hindu", "sikh", "jewish", "buddhist", "other",
    ),
}  # fmt: skip

NOT_ASKED_OF_YOUNG = frozenset({Characteristic.GENDER_IDENTITY, Characteristic.SEXUALITY})
_MAY_BE_ASKED = frozenset({None, "", NotGiven.NOT_ASKED, NotGiven.UNKNOWN})
"""Who declined once is not asked again."""


def open_questions(
    recorded: Mapping[str, str | None], *, is_young_person: bool
) -> tuple[Characteristic, ...]:
    """The characteristics of which nothing is recorded, in order."""
    return tuple(
        each
        for each in Characteristic
        if recorded.get(each) in _MAY_BE_ASKED
        and not (is_young_person and each in NOT_ASKED_OF_YOUNG)
    )


def accepted(asked: Characteristic, said: str) -> str | None:
    """What is to be recorded for an answer: one of the options, or that they declined."""
    return said if said in OPTIONS[asked] or said == NotGiven.DECLINED else None
