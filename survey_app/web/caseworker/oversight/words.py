"""In which words do managers read what is covered, due and recorded?"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.instruments import InstrumentKind
from survey_app.domain.outcomes import Standing
from survey_app.domain.record_quality import State, Topic
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


TOPICS: dict[str, LazyString] = {
    Topic.DATE_OF_BIRTH: _l("Date of birth"),
    Topic.SEX: _l("Sex"),
    Topic.GENDER_IDENTITY: _l("Gender identity"),
    Topic.ETHNICITY: _l("Ethnicity"),
    Topic.DISABILITY: _l("Disability"),
    Topic.SEXUALITY: _l("Sexuality"),
    Topic.RELIGION: _l("Religion"),
    Topic.NUMBER: _l("A mobile number"),
    Topic.FLAGS: _l("Flags, or that there are none"),
    Topic.TEXT_CONSENT: _l("Consent to be texted"),
    Topic.TEXT_SAFE: _l("Whether a text is safe"),
    Topic.CALL_SAFE: _l("Whether a call is safe"),
    Topic.SAFETY_CHECK: _l("When safe contact was checked"),
    Topic.TWO_ATTEMPTS: _l("Tried twice, or reached, within 24 hours"),
    Topic.FIRST_CONTACT: _l("Spoken to within 48 hours"),
    Topic.SUPPORT_PLAN: _l("Support plan within a week of the needs assessment"),
    Topic.REVIEW: _l("Plan reviewed after a month, within a week of that"),
    Topic.ATTEMPT_ORDER: _l("First attempt, then second"),
    Topic.CONTACT_ORDER: _l("Referral, then first contact"),
    Topic.PLAN_ORDER: _l("Needs assessment, then support plan"),
    Topic.REVIEW_ORDER: _l("Support plan, then review"),
    Topic.CLOSING_ORDER: _l("All of the above, then closing"),
}

STATES: dict[str, LazyString] = {
    State.RECORDED: _l("Recorded"),
    State.DECLINED: _l("Declined to say"),
    State.NOT_ASKED: _l("Not asked"),
    State.UNKNOWN: _l("Unknown"),
    State.NOT_RECORDED: _l("Not recorded"),
    State.WRONG: _l("Wrong number"),
    State.FOREIGN: _l("Foreign number"),
    State.LANDLINE: _l("Landline"),
    State.MET: _l("In time"),
    State.LATE: _l("Late"),
    State.UNCLEAR: _l("Cannot be told: hours are missing"),
    State.NOT_DUE: _l("Not due"),
    State.IN_ORDER: _l("In order"),
    State.OUT_OF_ORDER: _l("Out of order"),
    State.CANNOT_TELL: _l("A date is missing"),
}
