"""In which words do staff read the codes of a case?"""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.cases import ClosureReason, Flag, SupportLevel
from survey_app.domain.closure_codes import DeclinedCode, OwnCode, WithdrewCode, codes_of
from survey_app.domain.deliveries import DeliveryKind
from survey_app.domain.programmes import Programme
from survey_app.domain.tier_table import Tier
from survey_app.domain.tiers import NotEligibleReason
from survey_app.domain.wave_plans import WhyNot
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.web.shared.contact_words import CHANNELS

LEVELS: dict[str, LazyString] = {
    SupportLevel.CARE_UNIT: _l("Care unit (by phone)"),
    SupportLevel.COMMUNITY: _l("Community"),
    SupportLevel.CASEWORKER: _l("Caseworker"),
}

FLAGS: dict[str, LazyString] = {
    Flag.DOMESTIC_ABUSE: _l("Domestic abuse"),
    Flag.SEXUAL_VIOLENCE: _l("Sexual violence"),
    Flag.STALKING: _l("Stalking"),
    Flag.HATE_CRIME: _l("Hate crime"),
    Flag.HOMICIDE: _l("Homicide"),
    Flag.HIGH_RISK: _l("High risk"),
    Flag.VULNERABLE: _l("Vulnerable"),
    Flag.CHILD: _l("Child"),
    Flag.BEREAVED: _l("Bereaved"),
}

KINDS: dict[str, LazyString] = {
    DeliveryKind.CALL: _l("Call"),
    DeliveryKind.SESSION: _l("Session"),
    DeliveryKind.VISIT: _l("Visit"),
    DeliveryKind.ADVOCACY: _l("Advocacy"),
    DeliveryKind.COURT: _l("Support at court"),
    DeliveryKind.TARGET_HARDENING: _l("Making the home safer"),
    DeliveryKind.PRACTICAL_HELP: _l("Practical help"),
    DeliveryKind.ONWARD_REFERRAL: _l("Referral to somebody else"),
    DeliveryKind.OTHER: _l("Something else"),
}

REASONS: dict[str, LazyString] = {
    ClosureReason.COMPLETED: _l("Support completed"),
    ClosureReason.DECLINED: _l("Declined support"),
    ClosureReason.WITHDREW: _l("Withdrew from support"),
    ClosureReason.NO_CONTACT: _l("Could not be contacted"),
    ClosureReason.TRANSFERRED: _l("Transferred to somebody else"),
    ClosureReason.OTHER: _l("Another reason"),
}

_CODES: dict[str, LazyString] = {
    DeclinedCode.NO_NEED: _l("Does not need support"),
    DeclinedCode.SUPPORTED_ELSEWHERE: _l("Has support from somebody else"),
    DeclinedCode.NOT_NOW: _l("Not at the moment"),
    DeclinedCode.NO_WISH_TO_TALK: _l("Does not want to talk about it"),
    DeclinedCode.NOT_A_CRIME_TO_THEM: _l("Does not see it as a crime"),
    DeclinedCode.FEAR_OF_CONSEQUENCES: _l("Afraid of what may follow"),
    DeclinedCode.NO_TRUST: _l("Does not trust services"),
    DeclinedCode.NOT_WHAT_WAS_WANTED: _l("Wanted something that we do not offer"),
    DeclinedCode.NO_REASON_GIVEN: _l("Gave no reason"),
    DeclinedCode.OTHER: _l("Something else: say what"),
    WithdrewCode.NEEDS_MET: _l("Has what they needed"),
    WithdrewCode.MOVED_AWAY: _l("Moved away"),
    WithdrewCode.NO_TIME: _l("No time for it"),
    WithdrewCode.CASE_DROPPED: _l("The police or court case ended"),
    WithdrewCode.UNHAPPY_WITH_SUPPORT: _l("Not happy with the support"),
    WithdrewCode.WAITED_TOO_LONG: _l("Waited too long"),
}

_NOT_ASKED: dict[str, LazyString] = {
    NotEligibleReason.CARE_UNIT: _l("People whom the care unit alone supports are not asked."),
    NotEligibleReason.NO_DELIVERY: _l(
        "No delivery was recorded, so there is nothing to ask about."
    ),
    NotEligibleReason.NO_TIER: _l("The case fits no tier of the programme."),
    NotEligibleReason.COMPLETED: _l("The programme does not ask after this reason."),
    NotEligibleReason.DECLINED: _l("People who declined are not asked."),
    NotEligibleReason.WITHDREW: _l("People who withdrew are not asked."),
    NotEligibleReason.NO_CONTACT: _l("People who could not be contacted are not asked."),
    NotEligibleReason.TRANSFERRED: _l(
        "People who were transferred are not asked here. The case stays counted."
    ),
    NotEligibleReason.OTHER: _l("The programme does not ask after this reason."),
    WhyNot.TOO_LATE: _l("It closed too long ago: history is counted, not asked."),
    WhyNot.NOT_IN_PROGRAMME: _l("The programme asks nothing of this tier."),
    WhyNot.ALREADY_ENDED: _l("It was asked before, and that has ended."),
    WhyNot.ALREADY_THERE: _l("It was asked before."),
    WhyNot.CASE_OPEN: _l("The case is open."),
    WhyNot.CASE_CLOSED: _l("The case is closed."),
}

STATES: dict[str, LazyString] = {
    "waiting": _l("not asked yet"),
    "asked": _l("asked"),
    "started": _l("answering"),
    "completed": _l("answered"),
    "expired": _l("time is over"),
    "withdrawn": _l("no longer asked"),
}

FIELDS: dict[str, LazyString] = {
    "case_ref": _l("Reference"),
    "client_ref": _l("Client reference"),
    "referred_on": _l("Referred on"),
    "support_level": _l("Support level"),
    "caseworker": _l("Caseworker"),
    "flags": _l("Flags"),
    "date_of_birth": _l("Date of birth"),
    "crime_category": _l("Crime category"),
    "relationship_to_perpetrator": _l("Relationship to the perpetrator"),
    "referral_source": _l("Referred by"),
    "referring_agency": _l("Referring agency"),
    "local_authority": _l("Local authority"),
    "first_attempt_at": _l("First attempt to contact"),
    "second_attempt_at": _l("Second attempt to contact"),
    "first_contact_at": _l("First contact"),
    "needs_assessment_on": _l("Needs assessment"),
    "support_plan_on": _l("Support plan"),
    "review_on": _l("Review"),
    "mobile": _l("Mobile number"),
    "language": _l("Language"),
    "sms_consent": _l("Agreed to be texted"),
    "sms_safe": _l("Texts are safe"),
    "call_safe": _l("Calls are safe"),
    "sms_preferred": _l("Prefers texts"),
    "safety_checked_on": _l("Safe contact checked on"),
    "deliveries": _l("Deliveries"),
    "closed_on": _l("Closed on"),
    "closure_reason": _l("Reason"),
    "from_place": _l("Transferred from"),
    "earlier_ref": _l("Reference there"),
}


def flag_words(stored: str | None) -> list[str] | None:
    """Flags as words; None where they are not recorded."""
    if not stored:
        return None
    return [] if stored == "none" else [str(FLAGS.get(f, f)) for f in stored.split(";")]


def tier_words(programme: Programme, tier: Tier, why_none: NotEligibleReason | None) -> str:
    """What a case's tier means for the end of support."""
    if tier is Tier.NONE:
        return _("No tier. %(why)s", why=not_asked_words(why_none))
    ask = programme.closure.get(tier)
    if ask is None:
        return _("Tier %(tier)s. Nothing is asked at the end.", tier=tier.value)
    ways = [str(CHANNELS.get(channel, channel)) for channel in ask.channels]
    if ask.reading is not None:
        ways.insert(0, _("a reading with you"))
    return _("Tier %(tier)s. At the end: %(ways)s.", tier=tier.value, ways=_(", then ").join(ways))


def not_asked_words(reason: str | None) -> str:
    """Why nothing is asked at the end, as a sentence."""
    return str(_NOT_ASKED.get(reason or "", reason or ""))


def code_choices(programme: Programme, reason: ClosureReason) -> list[tuple[str, str]]:
    """The coded reasons of a closure reason as pairs of code and words."""
    own = programme.closure_codes.get(reason, ())
    return [(code, code_words(code, own)) for code in codes_of(reason, own)]


def code_words(code: str | None, own: tuple[OwnCode, ...] = ()) -> str:
    """A coded reason in words: the programme's own come with theirs; a file's stand as they are."""
    theirs = next((each.text for each in own if each.code == code), code or "")
    return str(_CODES.get(code or "", theirs))


def instrument_title(key: str) -> str:
    """An instrument by the title that people see on it."""
    found = newest_instruments().get(key)
    return key if found is None else str(found.title)
