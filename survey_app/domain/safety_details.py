"""What is recorded, or said by a file, about how someone may safely be reached?"""

from dataclasses import dataclass
from datetime import date, time

from survey_app.domain.cases import NumberKind, Recorded, Weekday
from survey_app.domain.safe_hours import SafeHours


@dataclass(frozen=True)
class RecordedNumber:
    """A phone number: as typed, what kind it is, and its keyed hash where it is a number at all."""

    typed: str
    kind: NumberKind
    number_hash: str | None = None

    def is_same_as(self, other: "RecordedNumber | None") -> bool:
        """Whether both reach one phone, however they were typed."""
        if other is None:
            return False
        if self.number_hash is None or other.number_hash is None:
            return self.number_hash == other.number_hash and self.typed == other.typed
        return self.number_hash == other.number_hash


@dataclass(frozen=True)
class SafetyDetails:
    """The safety details of a person. None: not recorded, or not said by the file.

    `is_number_unconfirmed`: nobody has confirmed the number since it changed; a file never says so.
    `safety_checked_on` is the day on which the details were last checked with the person.
    """

    number: RecordedNumber | None = None
    sms_consent: Recorded | None = None
    sms_safe: Recorded | None = None
    sms_preferred: Recorded | None = None
    call_safe: Recorded | None = None
    do_not_contact: Recorded | None = None
    name_service: Recorded | None = None
    safe_days: tuple[Weekday, ...] | None = None
    safe_from: time | None = None
    safe_until: time | None = None
    safety_checked_on: date | None = None
    is_number_unconfirmed: bool = False

    @property
    def hours(self) -> SafeHours:
        """The person's safe days and hours."""
        return SafeHours(self.safe_days, self.safe_from, self.safe_until)

    @property
    def says_something(self) -> bool:
        """Whether anything but the number itself and the day of the check is given."""
        return any(getattr(self, name) is not None for name in (*PERMISSIONS, *HOURS))


PERMISSIONS = (
    "sms_consent",
    "sms_safe",
    "sms_preferred",
    "call_safe",
    "do_not_contact",
    "name_service",
)
"""What may be `yes no unknown`."""

HOURS = ("safe_days", "safe_from", "safe_until")


def as_shown(details: SafetyDetails) -> dict[str, str]:
    """Each detail as the text that a form carries to say what it was filled in on.

    Of the number its last three digits, as staff are shown it.
    """
    days = details.safe_days
    times = {name: getattr(details, name) for name in ("safe_from", "safe_until")}
    return {
        "number": "" if details.number is None else details.number.typed.strip()[-3:],
        **{name: str(getattr(details, name) or "") for name in PERMISSIONS},
        "safe_days": "" if days is None else " ".join(days) or "-",
        **{name: "" if at is None else f"{at:%H:%M}" for name, at in times.items()},
    }
