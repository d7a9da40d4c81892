"""Who might a service have supported? Invented people and cases, as untidy as the real thing."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from survey_app.usecases.seed_demo.contacts import invent_contacts, known_on
from survey_app.usecases.seed_demo.plans import CASEWORKER, COLLEAGUE, Calendar, ServicePlan

Weighted = tuple[tuple[str, int], ...]

CRIMES: Weighted = (
    ("Burglary", 20),
    ("Violence without injury", 16),
    ("Violence with injury", 14),
    ("Robbery", 7),
    ("Criminal damage", 7),
    ("Fraud", 8),
    ("Harassment", 7),
    ("Stalking", 4),
    ("Hate crime", 5),
    ("Sexual offences", 6),
    ("Domestic abuse", 10),
    ("Homicide", 1),
)
FLAG_OF_CRIME = {
    "Stalking": "stalking",
    "Hate crime": "hate-crime",
    "Sexual offences": "sexual-violence",
    "Domestic abuse": "domestic-abuse",
    "Homicide": "bereaved;homicide",
}
LEVELS: Weighted = (("community", 76), ("caseworker", 14), ("care-unit", 10))
REASONS: Weighted = (
    ("completed", 78),
    ("no-contact", 8),
    ("declined", 5),
    ("withdrew", 4),
    ("transferred", 2),
    ("other", 3),
)
LANGUAGES: Weighted = (("en", 90), ("pl", 3), ("ur", 3), ("ro", 2), ("cy", 2))
ETHNICITIES: Weighted = (
    ("White British", 46),
    ("White other", 8),
    ("Asian or Asian British", 14),
    ("Black or Black British", 8),
    ("Mixed", 4),
    ("", 12),
    ("declined", 4),
    ("not-asked", 4),
)
LAST_TEXTABLE = 985
"""From 07700 900990 on, the simulated provider misbehaves; a few below are kept for it."""
MISBEHAVING = range(990, 1000)


@dataclass
class InventedCase:
    """One case: the row of the case file that never changes, and what happens to it."""

    row: dict[str, str]
    referred_on: date
    closed_on: date | None
    deliveries: int
    closure_reason: str
    mood: float
    """How well support went for this person, 0-1; answers follow from it."""
    answers_chance: float
    is_rechecked: bool = True
    contacts: dict[str, str] = field(default_factory=dict)
    """When they were called, met and planned with: cells of the file, whenever they happened."""

    @property
    def level(self) -> str:
        """The support level, as in the file."""
        return self.row["support_level"]

    def row_on(self, day: date) -> dict[str, str]:
        """What the case system would export on this day."""
        is_closed = self.closed_on is not None and self.closed_on <= day
        span = max(((self.closed_on or day) - self.referred_on).days, 1)
        share = 1.0 if is_closed else min((day - self.referred_on).days / span, 1.0)
        contacts = known_on(self.contacts, day, self.closed_on)
        return (
            self.row
            | contacts
            | {
                "deliveries": str(round(self.deliveries * share)),
                "closed_on": self.closed_on.isoformat() if is_closed and self.closed_on else "",
                "closure_reason": self.closure_reason if is_closed else "",
                "safety_checked_on": self._checked_on(day),
            }
        )

    def _checked_on(self, day: date) -> str:
        """The worker asks again whether texts are safe when the last weeks of support begin."""
        if self.closed_on is None or not self.is_rechecked:
            return ""
        checked = max(self.referred_on, self.closed_on - timedelta(days=20))
        return checked.isoformat() if checked <= day else ""


def pick(rng: random.Random, table: Weighted) -> str:
    """One of the words, by weight."""
    return rng.choices([word for word, _ in table], [weight for _, weight in table])[0]


def invent_cases(
    rng: random.Random, plan: ServicePlan, calendar: Calendar, scale: float
) -> list[InventedCase]:
    """Cases that close from the first closure on, and those still open today, oldest first."""
    numbers = _numbers(rng)
    cases: list[InventedCase] = []
    for index, (closes, is_live) in enumerate(_closing_days(rng, plan, calendar, scale)):
        referred = closes - timedelta(days=rng.randint(12, 130))
        if referred > calendar.today:
            continue
        mobile = next(numbers, "") if is_live else ""
        closed = closes if closes <= calendar.today else None
        case = _invent_case(rng, plan, index, referred, closed, mobile)
        if cases and index % 9 == 0:
            _refer_again(cases[-1], case)
        cases.append(case)
    return sorted(cases, key=_age)


PERSONAL = ("client_ref", "mobile", "date_of_birth", "sex", "ethnicity", "disability", "language")


def _refer_again(earlier: InventedCase, case: InventedCase) -> None:
    """A re-referral is a new case of the same person."""
    case.row |= {column: earlier.row[column] for column in PERSONAL}


def _age(case: InventedCase) -> tuple[date, str]:
    return case.referred_on, case.row["case_ref"]


def _closing_days(
    rng: random.Random, plan: ServicePlan, calendar: Calendar, scale: float
) -> Iterator[tuple[date, bool]]:
    """Days on which cases close, up to four months from now (those are open today)."""
    day, until = calendar.first_closure, calendar.today + timedelta(days=90)
    while day <= until:
        is_live = day >= calendar.goes_live
        per_quarter = (plan.live_closures if is_live else plan.history_closures) * scale
        if day.weekday() < 5:
            for _ in range(_around(rng, per_quarter / 65)):
                yield day, is_live
        day += timedelta(days=1)


def _around(rng: random.Random, mean: float) -> int:
    """A whole number whose mean is `mean`, from half to one and a half times of it."""
    wanted = mean * rng.uniform(0.5, 1.5)
    return int(wanted) + (rng.random() < wanted % 1)


def _numbers(rng: random.Random) -> Iterator[str]:
    """Mobile numbers as people type them: mostly one each, some shared, wrong or missing."""
    forms = ("07700 900{:03d}", "07700900{:03d}", "+447700900{:03d}", "07700-900-{:03d}")
    fresh = list(range(LAST_TEXTABLE))
    rng.shuffle(fresh)
    fresh[40:40] = MISBEHAVING
    for index, ending in enumerate(fresh):
        yield rng.choice(forms).format(ending)
        if index % 5 == 0:
            yield ""
        if index % 23 == 0:
            yield rng.choice(("07700 900", "n/a", "see notes", "07700 9001234"))
        if index % 61 == 0:
            yield f"07700 900{ending:03d}"


def _invent_case(
    rng: random.Random,
    plan: ServicePlan,
    index: int,
    referred: date,
    closed: date | None,
    mobile: str,
) -> InventedCase:
    crime = pick(rng, CRIMES)
    level = "caseworker" if crime == "Homicide" else pick(rng, LEVELS)
    row = {
        "case_ref": f"{plan.slug[:2].upper()}-{referred:%y}-{index:05d}",
        "client_ref": f"P{index:05d}",
        "referred_on": referred.isoformat() if index % 4 else f"{referred:%d/%m/%Y}",
        "referral_source": pick(rng, (("Police", 84), ("Self", 9), ("Other agency", 7))),
        "crime_category": crime,
        "local_authority": rng.choice(plan.authorities),
        "flags": _flags(rng, crime),
        "support_level": level,
        # A third with each caseworker, a third with nobody.
        "caseworker": (CASEWORKER, COLLEAGUE, "")[index % 3],
    }
    deliveries = rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 7)) if level != "caseworker" else 6
    mood = min(max(rng.gauss(0.68, 0.2), 0.05), 0.98)
    return InventedCase(
        row=row | _person(rng, referred, crime, mobile),
        referred_on=referred,
        closed_on=closed,
        deliveries=deliveries,
        closure_reason=pick(rng, REASONS),
        mood=mood,
        answers_chance=0.35 + 0.3 * mood,
        is_rechecked=rng.random() < 0.85,
        contacts=invent_contacts(row["case_ref"], level, referred),
    )


def _flags(rng: random.Random, crime: str) -> str:
    flags = FLAG_OF_CRIME.get(crime, "")
    if rng.random() < 0.06:
        flags = ";".join(filter(None, (flags, "vulnerable")))
    return flags or ("none" if rng.random() < 0.93 else "")


def _person(rng: random.Random, referred: date, crime: str, mobile: str) -> dict[str, str]:
    age = rng.choice((15, 17, 19, 22, 26, 29, 33, 36, 41, 45, 48, 52, 57, 61, 66, 72, 79))
    born = referred - timedelta(days=age * 365 + rng.randint(3, 360))
    is_flagged = crime in FLAG_OF_CRIME
    prefers = "yes" if not is_flagged or rng.random() < 0.6 else rng.choice(("no", ""))
    return {
        "date_of_birth": born.isoformat() if rng.random() < 0.88 else rng.choice(("", "unknown")),
        "sex": pick(rng, (("female", 58), ("male", 38), ("unknown", 2), ("", 2))),
        "ethnicity": pick(rng, ETHNICITIES),
        "disability": pick(rng, (("no", 44), ("yes", 16), ("not-asked", 25), ("", 15))),
        "mobile": mobile,
        "language": pick(rng, LANGUAGES),
        "sms_consent": pick(rng, (("yes", 88), ("no", 6), ("", 6))),
        "sms_safe": pick(rng, (("yes", 90), ("no", 3), ("unknown", 3), ("", 4))),
        "sms_preferred": prefers,
        "call_safe": pick(rng, (("yes", 70), ("no", 5), ("", 25))),
        "do_not_contact": "yes" if rng.random() < 0.015 else "",
        "name_service": "yes" if rng.random() < 0.3 else "",
        "safe_days": "mon;tue;wed;thu;fri" if rng.random() < 0.1 else "",
        "safe_from": "10:00" if rng.random() < 0.08 else "",
    }
