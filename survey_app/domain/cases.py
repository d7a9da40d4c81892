"""Which words describe a case and the person in it (DOMAIN.md, FORMATS.md "Cases CSV")?"""

from enum import StrEnum


class SupportLevel(StrEnum):
    """How closely someone is supported."""

    CARE_UNIT = "care-unit"
    COMMUNITY = "community"
    CASEWORKER = "caseworker"


class Flag(StrEnum):
    """What makes a case sensitive. No flags recorded is not the same as recorded as none."""

    DOMESTIC_ABUSE = "domestic-abuse"
    SEXUAL_VIOLENCE = "sexual-violence"
    STALKING = "stalking"
    HATE_CRIME = "hate-crime"
    HOMICIDE = "homicide"
    HIGH_RISK = "high-risk"
    VULNERABLE = "vulnerable"
    CHILD = "child"
    BEREAVED = "bereaved"


PREFERENCE_FLAGS = frozenset(
    {Flag.DOMESTIC_ABUSE, Flag.SEXUAL_VIOLENCE, Flag.STALKING, Flag.HATE_CRIME}
)
"""Flags that also need text recorded as the person's own preferred method (safety rule 1)."""

RELEASE_FLAGS = frozenset({Flag.BEREAVED, Flag.HOMICIDE})
"""Flags that wait for a caseworker's release (safety rule 1)."""


class Recorded(StrEnum):
    """A yes/no fact that may also be unknown. None (not a member) means "not recorded"."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ClosureReason(StrEnum):
    """Why a case was closed."""

    COMPLETED = "completed"
    DECLINED = "declined"
    WITHDREW = "withdrew"
    NO_CONTACT = "no-contact"
    TRANSFERRED = "transferred"
    OTHER = "other"


class NotGiven(StrEnum):
    """Why a characteristic has no value; each kept apart from "not recorded"."""

    DECLINED = "declined"
    NOT_ASKED = "not-asked"
    UNKNOWN = "unknown"


class NumberKind(StrEnum):
    """What a phone number is, as `messaging.numbers` classified it."""

    NONE = "none"
    UK_MOBILE = "uk-mobile"
    UK_LANDLINE = "uk-landline"
    UK_PREMIUM = "uk-premium"
    FOREIGN = "foreign"
    INVALID = "invalid"


class Weekday(StrEnum):
    """Days as the case file writes them, Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Role(StrEnum):
    """The five staff roles."""

    CASEWORKER = "caseworker"
    MANAGER = "manager"
    INTERVIEWER = "interviewer"
    COMMISSIONER = "commissioner"
    ADMINISTRATOR = "administrator"
