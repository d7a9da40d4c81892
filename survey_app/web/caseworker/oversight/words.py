"""In which words do managers read what is covered, due and recorded?"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Standing
from survey_app.reporting.coverage import BASELINE, CLOSURE, NOTHING, READING, Measure

HAS: dict[str, LazyString] = {
    BASELINE: _l("With a baseline"),
    CLOSURE: _l("With a closure"),
    READING: _l("With a reading"),
    Standing.PAIRED.value: _l("With a pair"),
    Standing.BASELINE_ONLY.value: _l("Baseline only"),
    Standing.CLOSURE_ONLY.value: _l("Closure only"),
    Standing.ONE_READING.value: _l("One reading only"),
    NOTHING: _l("None of these"),
}

_ANY_AREA: dict[InstrumentKind, LazyString] = {
    InstrumentKind.SELF_ASSESSMENT: _l("Self-assessment: any area"),
    InstrumentKind.STAR: _l("Star readings: any area"),
}

_INSTRUMENTS: dict[str, LazyString] = {
    "self-assessment": _l("Self-assessment"),
    "adult-star": _l("Adult star"),
    "young-person-star": _l("Young person’s star"),
}


def measure_name(measure: Measure, label: str | None) -> str:
    """What coverage is asked of."""
    if measure.instrument is None:
        return str(_ANY_AREA[measure.kind])
    instrument = _INSTRUMENTS.get(measure.instrument, measure.instrument)
    return _("%(instrument)s: %(area)s", instrument=instrument, area=label or measure.area)
