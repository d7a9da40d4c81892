"""Between which numbers and birth dates does somebody choose where they contradict?"""

from datetime import date

from flask_babel import gettext as _

from survey_app.domain.file_cells import read_date
from survey_app.domain.hold_decisions import Choice, choice_for, kind_of_values
from survey_app.reporting.desk_held import HeldFact, HeldPerson
from survey_app.store.people import Person
from survey_app.store.unreadable import readable_or_none
from survey_app.usecases.change_safety import number_as_recorded
from survey_app.usecases.hold_decision import STORED
from survey_app.web.caseworker.held_words import number_words, place_words
from survey_app.web.shared.formatting import day
from survey_app.web.shared.runtime import runtime

OTHER = "other"
"""As a choice: what is typed beside it."""
Options = list[tuple[str, str]]
"""Pairs of value and words."""


def choice_of(fact: HeldFact) -> Choice | None:
    """What there is to choose about one contradiction; None: nothing but that it ends."""
    return choice_for(fact.cause, fact.evidence.column)


def asked_of(found: HeldPerson) -> set[Choice]:
    """What there is to choose."""
    return {choice for fact in found.facts if (choice := choice_of(fact)) is not None}


def number_options(found: HeldPerson, stored: Person) -> Options:
    """The recorded number, every other one that a file gave, or one that is typed."""
    drama_allowed = not runtime().settings.is_production
    recorded = number_as_recorded(readable_or_none(stored.mobile), drama_allowed=drama_allowed)
    own, others = "", dict[str, tuple[str, str]]()
    for value, place in _seen_values(found, Choice.MOBILE):
        number = number_as_recorded(value, drama_allowed=drama_allowed)
        if number is None or number.number_hash is None:
            continue
        if number.is_same_as(recorded):
            own = own or place
        else:
            others.setdefault(number.number_hash, (value, place))
    now = _("No number, as is recorded now") if recorded is None else number_words(recorded.typed)
    return [
        (STORED, now if recorded is None else _recorded_now(now, own)),
        *((value, _given(number_words(value), place)) for value, place in others.values()),
        (OTHER, _("Another number")),
    ]


def birth_options(found: HeldPerson, stored: Person) -> Options:
    """The recorded birth date, every other one that a file gave, or one that is typed."""
    recorded = readable_or_none(stored.date_of_birth)
    own, others = "", dict[date, tuple[str, str]]()
    for value, place in _seen_values(found, Choice.DATE_OF_BIRTH):
        born_on = read_date(value)
        if not isinstance(born_on, date):
            continue
        if born_on == recorded:
            own = own or place
        else:
            others.setdefault(born_on, (value, place))
    now = _("No date of birth, as is recorded now")
    return [
        (STORED, now if recorded is None else _recorded_now(day(recorded), own)),
        *((value, _given(day(born_on), place)) for born_on, (value, place) in others.items()),
        (OTHER, _("Another date")),
    ]


def _recorded_now(value: str, place: str) -> str:
    if place:
        return _("%(value)s: recorded now, from %(place)s", value=value, place=place)
    return _("%(value)s: recorded now", value=value)


def _given(value: str, place: str) -> str:
    return _("%(value)s: from %(place)s", value=value, place=place) if place else value


def _seen_values(found: HeldPerson, choice: Choice) -> list[tuple[str, str]]:
    """Each value that a file gave, as written, and its line where that is known."""
    seen: list[tuple[str, str]] = []
    for fact in found.facts:
        evidence = fact.evidence
        if kind_of_values(fact.cause, evidence.column) is choice:
            is_known = len(evidence.values) == len(evidence.lines) == 1
            place = place_words(evidence.lines, evidence.file) if is_known else ""
            seen += [(value.strip(), place) for value in evidence.values]
    return seen
