"""How do people say the keys of a report: measures, areas, instruments, tiers, steps, reasons?

A key without words here is shown as it stands, with spaces, so that a service's own instrument
never breaks a page.
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from survey_app.domain.languages import find_language

MEASURES: Mapping[str, LazyString] = {
    "satisfied": _l("Satisfied or very satisfied"),
    "completely-satisfied": _l("Completely satisfied"),
    "easy-to-access": _l("Found the service easy to access"),
    "health-and-wellbeing": _l("Improved health and wellbeing"),
    "feeling-safer": _l("Feel safer"),
    "everyday-life": _l("Helped with everyday life"),
    "better-informed": _l("Better informed"),
    "dealings-with-agencies": _l("Helped in dealings with police and other agencies"),
    "kept-informed": _l("Kept informed"),
    "treated-with-respect": _l("Treated with respect"),
    "use-again": _l("Would use the service again"),
    "recommend": _l("Would recommend it"),
    "confidence": _l("Confidence"),
    "accommodation": _l("Shelter and accommodation"),
    "relationships": _l("Relationships and social life"),
    "work-and-study": _l("Work and study"),
    "finances": _l("Finances"),
}

AREAS: Mapping[str, LazyString] = {
    "health-and-wellbeing": _l("Health and wellbeing"),
    "ability-to-cope": _l("Ability to cope"),
    "feeling-safe": _l("Feeling safe"),
    "informed-and-empowered": _l("Informed and empowered"),
    "safety": _l("Safety"),
    "home": _l("Home"),
    "health": _l("Health"),
    "feelings": _l("Feelings"),
    "money": _l("Money"),
    "people-around-me": _l("People around me"),
    "justice-process": _l("Justice process"),
    "work-and-learning": _l("Work and learning"),
    "self-belief": _l("Self-belief"),
    "home-life": _l("Home life"),
    "friends": _l("Friends"),
    "school": _l("School"),
    "people-who-help": _l("People who help"),
}

INSTRUMENTS: Mapping[str, LazyString] = {
    "sus-tier-1": _l("service user survey"),
    "sus-tier-2": _l("service user survey"),
    "short-satisfaction": _l("short satisfaction survey"),
    "telephone-satisfaction": _l("telephone survey"),
    "self-assessment": _l("Cope-and-recover self-assessment"),
    "adult-star": _l("Star for adults"),
    "young-person-star": _l("Star for young people"),
}

TIERS: Mapping[str, LazyString] = {
    "none": _l("No tier"),
    "1": _l("Tier 1"),
    "2": _l("Tier 2"),
    "3": _l("Tier 3"),
    "all": _l("All tiers"),
}

STEPS: Mapping[str, LazyString] = {
    "supported": _l("Supported"),
    "eligible": _l("Eligible"),
    "contactable": _l("Could be contacted"),
    "asked": _l("Asked"),
    "reached": _l("Reached"),
    "started": _l("Started"),
    "completed": _l("Completed"),
}
"""In the order of the ladder."""

REASONS: Mapping[str, LazyString] = {
    "declined": _l("Declined support"),
    "no-contact": _l("Could not be contacted for support"),
    "transferred": _l("Transferred"),
    "do-not-contact": _l("Asked not to be contacted"),
    "opted-out": _l("Asked for no more texts"),
    "shared-number": _l("Number shared by two people"),
    "facts-contradict": _l("Not contactable: facts contradict"),
    "wrong-number": _l("Not a valid number"),
    "too-late": _l("Arrived too late to be asked"),
    "withdrawn-at-go-live": _l("Waited until the service went live, then withdrawn"),
}

MODES: Mapping[str, LazyString] = {
    "sms-link": _l("By text link"),
    "phone": _l("By telephone"),
    "in-person": _l("In person"),
    "paper": _l("On paper"),
    "import": _l("Imported"),
}


FILTERS: Mapping[str, LazyString] = {
    "tier": _l("Tier"),
    "support-level": _l("Support level"),
    "crime-category": _l("Crime category"),
    "flag": _l("Flag"),
    "local-authority": _l("Local authority"),
    "referral-source": _l("Referral source"),
    "age-band": _l("Age"),
    "sex": _l("Sex"),
    "gender-identity": _l("Gender identity"),
    "ethnicity": _l("Ethnicity"),
    "disability": _l("Disability"),
    "sexuality": _l("Sexuality"),
    "religion": _l("Religion"),
    "language": _l("Language"),
    "mode": _l("How they answered"),
    "instrument": _l("Questionnaire"),
}
"""Characteristics and filters by their names in the report."""

VALUES: Mapping[str, LazyString] = {
    "not-recorded": _l("Not recorded"),
    "declined": _l("Declined to say"),
    "not-asked": _l("Not asked"),
    "unknown": _l("Unknown"),
    "none": _l("No flags"),
    "care-unit": _l("Care unit"),
    "community": _l("Community"),
    "caseworker": _l("Caseworker"),
    "under-13": _l("Under 13"),
    "75-and-over": _l("75 and over"),
}


def headed(characteristic: str, value: str) -> str:
    """The words for a value where they stand at the head of a row: they begin with a capital."""
    words = valued(characteristic, value)
    return words if characteristic == "language" else words[:1].upper() + words[1:]


def valued(characteristic: str, value: str) -> str:
    """The words for a value of a characteristic or filter."""
    known = {"tier": TIERS, "mode": MODES, "instrument": INSTRUMENTS}.get(characteristic, VALUES)
    if value in VALUES or characteristic in ("tier", "mode", "instrument"):
        return named(known, value)
    if characteristic == "language" and (found := find_language(value)) is not None:
        return found.english_name
    if characteristic == "flag":
        return value.replace("-", " ").capitalize()
    return value


def named(words: Mapping[str, LazyString], key: str) -> str:
    """The words for a key, else the key itself, readable."""
    found = words.get(key)
    return str(found) if found is not None else key.replace("-", " ").capitalize()
