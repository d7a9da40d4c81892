"""In which words do the pages about readings speak?"""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.instruments import Instrument
from survey_app.domain.readings import NOTE_LIMIT, REASON_LIMIT, Faulty, ReadingFault
from survey_app.domain.requests import ScoredBy

SCORERS: dict[str, LazyString] = {
    ScoredBy.TOGETHER: _l("We scored it together"),
    ScoredBy.WORKER: _l("I scored it (my view)"),
    ScoredBy.CLIENT: _l("The person scored it (their view)"),
}
SCORED: dict[str, LazyString] = {
    ScoredBy.TOGETHER: _l("scored together"),
    ScoredBy.WORKER: _l("the worker’s view"),
    ScoredBy.CLIENT: _l("the person’s view"),
}
TIMES: dict[str, LazyString] = {
    "no": _l("As things are now"),
    "yes": _l("Looking back: how it was at the start"),
}


def fault_words(instrument: Instrument, faults: Sequence[Faulty]) -> list[tuple[str, str]]:
    """Field and words for each fault: what to do, not what was done wrong."""
    return [(_field(instrument, found), _said(instrument, found)) for found in faults]


def _field(instrument: Instrument, found: Faulty) -> str:
    if found.area is not None and instrument.find_item(found.area) is not None:
        return f"area-{found.area}"
    return {
        ReadingFault.DATE_MISSING: "on",
        ReadingFault.BEFORE_REFERRAL: "on",
        ReadingFault.IN_THE_FUTURE: "on",
        ReadingFault.REASON_MISSING: "reason",
        ReadingFault.TOO_LONG: "reason",
        ReadingFault.NO_SCORES: f"area-{instrument.items[0].id}",
        ReadingFault.ALREADY_RECORDED: "on",
    }.get(found.fault, "")


def _said(instrument: Instrument, found: Faulty) -> str:
    if found.area is None:
        return str(_OF_READING[found.fault])
    item = instrument.find_item(found.area)
    words = _OF_AREA[found.fault]
    return words % {
        "area": found.area if item is None else item.label or item.text,
        "limit": NOTE_LIMIT,
    }


_OF_AREA: dict[ReadingFault, LazyString] = {
    ReadingFault.UNKNOWN_AREA: _l(
        "This star has no area “%(area)s”. Reload the page and score it again."
    ),
    ReadingFault.SCORE_OUT_OF_RANGE: _l("%(area)s: choose one of the steps shown."),
    ReadingFault.TOO_LONG: _l("%(area)s: write at most %(limit)s characters."),
}
_OF_READING: dict[ReadingFault, LazyString] = {
    ReadingFault.NO_SCORES: _l("Score at least one area."),
    ReadingFault.TOO_LONG: _l(
        "Write the reason in at most %(limit)s characters.", limit=REASON_LIMIT
    ),
    ReadingFault.DATE_MISSING: _l("Enter the day of the reading."),
    ReadingFault.BEFORE_REFERRAL: _l("The day of the reading is before the referral. Check it."),
    ReadingFault.IN_THE_FUTURE: _l("The day of the reading has not come yet. Check it."),
    ReadingFault.REASON_MISSING: _l("Say why you correct this reading."),
    ReadingFault.ALREADY_RECORDED: _l(
        "A reading of this day, scored the same way, is recorded already. Look at the readings of "
        "this case; if it was wrong, correct it there."
    ),
    ReadingFault.CORRECTED_MEANWHILE: _l(
        "Somebody corrected this reading while you had it open. Nothing of yours was saved. Look "
        "at what they changed first."
    ),
    ReadingFault.LICENCE_NOT_RECORDED: _l(
        "This star needs a licence, and the service has not recorded one. A manager can record it."
    ),
}
