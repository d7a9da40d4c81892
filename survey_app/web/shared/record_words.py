"""In which words do staff read what is recorded of a case? The same on every such page."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.record_quality import TOPIC_OF_FACT, State, Topic

TOPICS: dict[str, LazyString] = {
    Topic.DATE_OF_BIRTH: _l("Date of birth"),
    Topic.SEX: _l("Sex"),
    Topic.GENDER_IDENTITY: _l("Gender identity"),
    Topic.ETHNICITY: _l("Ethnicity"),
    Topic.DISABILITY: _l("Disability"),
    Topic.SEXUALITY: _l("Sexuality"),
    Topic.RELIGION: _l("Religion"),
    Topic.NUMBER: _l("A UK mobile number"),
    Topic.FLAGS: _l("Flags, or that there are none"),
    Topic.TEXT_CONSENT: _l("Whether they agree to be texted"),
    Topic.TEXT_SAFE: _l("Whether texts are safe"),
    Topic.CALL_SAFE: _l("Whether calls are safe"),
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

FACTS: Mapping[str, LazyString] = {
    **{fact: TOPICS[topic] for fact, topic in TOPIC_OF_FACT.items()},
    "first-attempt": _l("First attempt to contact"),
    "first-contact": _l("First contact"),
    "needs-assessment": _l("Needs assessment"),
    "support-plan": _l("Support plan"),
    "review": _l("Review"),
    "closure-reason": _l("Reason for closing"),
    "closure-code": _l("Coded reason for closing"),
}
"""The facts of a report's `recording`: those that are topics have the topic's words."""
