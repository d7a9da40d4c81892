"""Rebuild the published West Midlands quarter (Apr-Jun 2015) as two files that can be imported.

An illustrative reconstruction: the percentages were published, the bases never were. The smallest
bases that give every percentage to the whole per cent, without a cell small enough to be
suppressed, are 100 (tier 1) and 112 (tier 2). All people and cases are invented.

    python examples/make_west_midlands.py      writes examples/west-midlands-2015-q1/*.csv
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent / "west-midlands-2015-q1"
FIRST_DAY, DAYS = date(2015, 4, 1), 91

AGREE = ("strongly-agree", "agree", "neither", "disagree", "strongly-disagree")
SCALES = {
    "satisfied": ("very-satisfied", "satisfied", "neither", "dissatisfied", "very-dissatisfied"),
    "easy-to-access": ("very-easy", "easy", "neither", "difficult", "very-difficult"),
    "health-and-wellbeing": AGREE,
    "feeling-safer": AGREE,
    "everyday-life": AGREE,
    "better-informed": AGREE,
    "dealings-with-agencies": AGREE,
}


@dataclass(frozen=True)
class Tier:
    """One tier's published figures as counts."""

    instrument: str
    deliveries: tuple[int, int]
    eligible: int
    answered: int
    positive: tuple[int, ...]
    """In the order of SCALES."""
    completely: int
    use_again: int
    recommend: int
    affected: dict[str, tuple[int, int]]
    """Area: (affected, of those helped)."""


TIERS = (
    Tier("sus-tier-1", (1, 2), 357, 100, (74, 92, 59, 56, 40, 52, 33), 31, 81, 79, {}),
    Tier(
        "sus-tier-2",
        (3, 9),
        2240,
        112,
        (105, 107, 102, 102, 81, 68, 53),
        63,
        104,
        103,
        {
            "confidence": (112, 68),
            "accommodation": (37, 0),
            "relationships": (100, 44),
            "work-and-study": (100, 50),
            "finances": (56, 28),
        },
    ),
)
NOT_ELIGIBLE = {"declined": 96, "no-contact": 214, "transferred": 37}
CARE_UNIT_ONLY = 418

AUTHORITIES = (
    ("Birmingham", 40),
    ("Coventry", 13),
    ("Dudley", 11),
    ("Sandwell", 12),
    ("Solihull", 7),
    ("Walsall", 10),
    ("Wolverhampton", 9),
)
CRIMES = (
    ("Burglary", 24),
    ("Violence without injury", 18),
    ("Violence with injury", 17),
    ("Robbery", 10),
    ("Criminal damage", 9),
    ("Theft from the person", 8),
    ("Harassment", 6),
    ("Hate crime", 4),
    ("Sexual offences", 4),
)
FLAGS_OF_CRIME = {"Hate crime": "hate-crime", "Sexual offences": "sexual-violence"}
CASE_COLUMNS = (
    "case_ref",
    "referred_on",
    "support_level",
    "deliveries",
    "crime_category",
    "local_authority",
    "referral_source",
    "flags",
    "sex",
    "ethnicity",
    "disability",
    "closed_on",
    "closure_reason",
)
RESPONSE_COLUMNS = (
    "case_ref",
    "instrument",
    "version",
    "wave",
    "mode",
    "language",
    "completed_on",
    "item",
    "value",
)


def weighted(rng: random.Random, table: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in table], [weight for _, weight in table])[0]


def a_case(
    rng: random.Random, number: int, level: str, deliveries: int, reason: str
) -> dict[str, str]:
    """One row, as untidy as the source: two date forms, blanks, four kinds of not knowing."""
    closed = FIRST_DAY + timedelta(days=rng.randrange(DAYS))
    referred = closed - timedelta(days=rng.randrange(9, 160))
    crime = weighted(rng, CRIMES)
    form = "%Y-%m-%d" if number % 3 else "%d/%m/%Y"
    return {
        "case_ref": f"WM15-{number:05d}",
        "referred_on": referred.strftime(form),
        "support_level": level,
        "deliveries": str(deliveries),
        "crime_category": crime,
        "local_authority": weighted(rng, AUTHORITIES),
        "referral_source": weighted(rng, (("Police", 88), ("Self", 7), ("Other agency", 5))),
        "flags": FLAGS_OF_CRIME.get(crime, "none" if rng.random() < 0.7 else ""),
        "sex": weighted(rng, (("female", 58), ("male", 38), ("unknown", 4))),
        "ethnicity": weighted(
            rng,
            (
                ("White", 50),
                ("Asian", 20),
                ("Black", 8),
                ("Mixed", 4),
                ("", 12),
                ("declined", 4),
                ("not-asked", 2),
            ),
        ),
        "disability": weighted(rng, (("no", 30), ("yes", 8), ("not-asked", 40), ("", 22))),
        "closed_on": closed.strftime(form),
        "closure_reason": reason,
    }


def cases(rng: random.Random) -> tuple[list[dict[str, str]], dict[str, list[str]]]:
    """All rows, shuffled, and per instrument the references of those who answered."""
    rows: list[dict[str, str]] = []
    answered: dict[str, list[str]] = {}

    def add(count: int, level: str, deliveries: tuple[int, int], reason: str) -> list[str]:
        first = len(rows) + 1
        rows.extend(
            a_case(rng, number, level, rng.randint(*deliveries), reason)
            for number in range(first, first + count)
        )
        return [row["case_ref"] for row in rows[first - 1 :]]

    for tier in TIERS:
        references = add(tier.eligible, "community", tier.deliveries, "completed")
        answered[tier.instrument] = rng.sample(references, tier.answered)
    for reason, count in NOT_ELIGIBLE.items():
        add(count, "community", (1, 2), reason)
    add(CARE_UNIT_ONLY, "care-unit", (1, 2), "completed")
    rng.shuffle(rows)
    return rows, answered


def read_day(text: str) -> date:
    form = "%Y-%m-%d" if text[4] == "-" else "%d/%m/%Y"
    return datetime.strptime(text, form).replace(tzinfo=UTC).date()


def marks(rng: random.Random, total: int, positive: int) -> list[bool]:
    chosen = [index < positive for index in range(total)]
    rng.shuffle(chosen)
    return chosen


def answers(rng: random.Random, tier: Tier) -> Iterator[tuple[str, list[str | None]]]:
    """Per item, in order, what each of the tier's people answered (None: was not asked)."""
    for (item, codes), positive in zip(SCALES.items(), tier.positive, strict=True):
        chosen = iter(
            marks(rng, positive, tier.completely if item == "satisfied" else positive // 2)
        )
        yield (
            item,
            [
                (codes[0] if next(chosen) else codes[1]) if good else rng.choice(codes[2:])
                for good in marks(rng, tier.answered, positive)
            ],
        )
    for area, (affected, helped) in tier.affected.items():
        was_affected = marks(rng, tier.answered, affected)
        was_helped = iter(marks(rng, affected, helped))
        yield f"affected-{area}", ["yes" if hit else "no" for hit in was_affected]
        yield (
            f"helped-{area}",
            [("yes" if next(was_helped) else "no") if hit else None for hit in was_affected],
        )
    for item, count in (("use-again", tier.use_again), ("recommend", tier.recommend)):
        yield (
            item,
            [
                "yes" if good else rng.choice(("no", "not-sure"))
                for good in marks(rng, tier.answered, count)
            ],
        )


def responses(
    rng: random.Random, rows: list[dict[str, str]], answered: dict[str, list[str]]
) -> Iterator[dict[str, str]]:
    closed = {row["case_ref"]: read_day(row["closed_on"]) for row in rows}
    for tier in TIERS:
        references = sorted(answered[tier.instrument])
        columns = list(answers(rng, tier))
        for index, reference in enumerate(references):
            head = {
                "case_ref": reference,
                "instrument": tier.instrument,
                "version": "1",
                "wave": "closure",
                "mode": "paper" if index % 4 else "phone",
                "language": "en",
                "completed_on": (closed[reference] + timedelta(days=5 + index % 23)).isoformat(),
            }
            for item, values in columns:
                if values[index] is not None:
                    yield head | {"item": item, "value": str(values[index])}


def write(name: str, columns: tuple[str, ...], rows: Iterator[dict[str, str]]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    rng = random.Random(2015)
    rows, answered = cases(rng)
    write("cases.csv", CASE_COLUMNS, iter(rows))
    write("responses.csv", RESPONSE_COLUMNS, responses(rng, rows, answered))


if __name__ == "__main__":
    main()
