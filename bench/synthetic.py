"""Two hundred thousand cases in seconds: rows made up in memory and loaded in bulk.

They are as ours would be after four years of one large service: every quarter its share of cases,
of every tier, a third of them answered, pairs made. Nobody in it ever lived.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from sqlalchemy import Table

from survey_app.domain.programmes import Programme
from survey_app.domain.tiers import tier_for
from survey_app.store.cases import Case
from survey_app.store.database import Database
from survey_app.store.messages import OutboxMessage
from survey_app.store.pairs import Pair
from survey_app.store.people import Person
from survey_app.store.requests import LinkToken, SurveyRequest
from survey_app.store.responses import Answer, Response

FIRST_DAY = date(2022, 4, 1)
DAYS = 16 * 91
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
OPEN_DAYS = 31
"""Who closed so few days before the end and has not answered may still do so."""
WAITING_DAYS = 3
"""So many days after closing a person is asked; until then the request waits."""
THEN = datetime(2026, 4, 1, 12, tzinfo=UTC)
AREAS = ("health-and-wellbeing", "ability-to-cope", "feeling-safe", "informed-and-empowered")
SCALE = "12345"
STAR = "adult-star"
STAR_AREAS = (
    *("safety", "home", "health", "feelings", "money"),
    *("people-around-me", "justice-process", "work-and-learning", "self-belief"),
)
CATEGORIES = ("burglary", "robbery", "fraud", "assault", "harassment", "criminal damage")
FLAGS = ("none", "none", "none", "vulnerable", "high-risk;vulnerable", "domestic-abuse", None)
AUTHORITIES = tuple(f"Borough {n}" for n in range(1, 13))
SOURCES = ("police", "self", "health", "charity")
BANDS = ("16-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-and-over", None)
SEXES = ("female", "female", "male", "declined", "not-asked", None)
ETHNICITIES = ("white", "asian", "black", "mixed", "declined", "unknown", None)
MODES = ("sms-link", "sms-link", "phone", "in-person")

Row = dict[str, Any]


@dataclass
class Place:
    """The service that the cases belong to, with what they refer to."""

    service_id: int
    programme_version_id: int
    programme: Programme
    instruments: Mapping[str, int]
    """Snapshot ids by key."""
    items: Mapping[str, tuple[str, ...]]
    """Closed items of each satisfaction survey."""
    random: Random = field(default_factory=lambda: Random(1))


def load_cases(database: Database, place: Place, cases: int, at_once: int = 20_000) -> None:
    """Load so many cases with all that hangs on them."""
    numbers = {table: count(1) for table in _TABLES}
    for start in range(0, cases, at_once):
        rows: dict[Table, list[Row]] = {table: [] for table in _TABLES}
        for n in range(start, min(start + at_once, cases)):
            for table, row in _rows_of_case(place, _closed_on(place, n / cases), numbers):
                rows[table].append(row)
        for table, some in rows.items():
            _load(database, table, some)


_TABLES: tuple[Table, ...] = tuple(
    mapped.__table__  # type: ignore[misc]
    for mapped in (Person, Case, SurveyRequest, LinkToken, OutboxMessage, Response, Answer, Pair)
)
_PERSON, _CASE, _REQUEST, _TOKEN, _MESSAGE, _RESPONSE, _ANSWER, _PAIR = _TABLES


def _rows_of_case(
    place: Place, closed_on: date, numbers: Mapping[Table, Any]
) -> Iterator[tuple[Table, Row]]:
    draw = place.random
    person_id, case_id = next(numbers[_PERSON]), next(numbers[_CASE])
    level = draw.choice(("community", "community", "community", "caseworker", "care-unit"))
    deliveries = draw.choice((0, 1, 1, 2, 2, 3, 4, 6))
    yield _PERSON, _person(place, person_id)
    yield _CASE, _case(place, case_id, person_id, closed_on, level, deliveries)
    tier = tier_for(place.programme, level, deliveries).value if deliveries else "none"
    has_answered = False
    if tier != "none":
        has_answered = draw.random() < 0.35 and _has_been_due(closed_on)
        yield from _request(place, case_id, person_id, closed_on, tier, has_answered, numbers)
    if has_answered:
        key = {"1": "sus-tier-1", "2": "sus-tier-2", "3": "short-satisfaction"}[tier]
        answers = [(item, _code(draw, item)) for item in place.items[key]]
        yield from _response(place, case_id, "closure", key, closed_on, answers, numbers)
    yield from _assessments(place, case_id, closed_on, has_answered, numbers)
    if level == "caseworker":
        yield from _stars(place, case_id, closed_on, numbers)


def _closed_on(place: Place, progress: float) -> date:
    """Cases are numbered as they come in, and close within three months of each other's order."""
    day = int(progress * DAYS) + place.random.randrange(-45, 46)
    # Mirrored at both ends: nobody heaps up on the first or the last day.
    return FIRST_DAY + timedelta(days=min(abs(day), 2 * (DAYS - 1) - day))


def _has_been_due(closed_on: date) -> bool:
    return closed_on <= LAST_DAY - timedelta(days=WAITING_DAYS)


def _code(draw: Random, item: str) -> str:
    if item.startswith("affected-") or item in ("use-again", "recommend", "contact-me"):
        return draw.choice(("yes", "no"))
    if item.startswith("helped-"):
        return draw.choice(("yes", "no", "not-needed"))
    if item == "satisfied":
        return draw.choice(("very-satisfied", "satisfied", "satisfied", "neither", "dissatisfied"))
    if item == "easy-to-access":
        return draw.choice(("very-easy", "easy", "neither", "difficult"))
    return draw.choice(("strongly-agree", "agree", "neither", "disagree", "does-not-apply"))


def _person(place: Place, person_id: int) -> Row:
    draw = place.random
    return {
        "id": person_id,
        "service_id": place.service_id,
        "created_at": THEN,
        "changed_at": THEN,
        "number_kind": "uk-mobile",
        "language": draw.choice(("en", "en", "en", "pl", "cy")),
        "sms_consent": "yes",
        "sms_safe": "yes",
        "shared_number_accepted": False,
        "told_by": {},
        "sex": draw.choice(SEXES),
        "ethnicity": draw.choice(ETHNICITIES),
        "disability": draw.choice(("yes", "no", "no", "not-asked", None)),
    }


def _case(
    place: Place, case_id: int, person_id: int, closed_on: date, level: str, deliveries: int
) -> Row:
    draw = place.random
    opened = closed_on - timedelta(days=60)
    return {
        "id": case_id,
        "service_id": place.service_id,
        "person_id": person_id,
        "case_ref": f"B-{case_id:06d}",
        "created_at": THEN,
        "changed_at": THEN,
        "arrived_on": opened,
        "referred_on": opened,
        "referral_source": draw.choice(SOURCES),
        "crime_category": draw.choice(CATEGORIES),
        "local_authority": draw.choice(AUTHORITIES),
        "flags": draw.choice(FLAGS),
        "support_level": level,
        "deliveries": deliveries,
        "deliveries_here": 0,
        "age_band": draw.choice(BANDS),
        "is_young_person": False,
        "closed_on": closed_on,
        "closure_reason": draw.choice(("completed", "completed", "completed", "declined", "other")),
    }


def _request(
    place: Place,
    case_id: int,
    person_id: int,
    closed_on: date,
    tier: str,
    has_answered: bool,
    numbers: Mapping[Table, Any],
) -> Iterator[tuple[Table, Row]]:
    request_id, token_id = next(numbers[_REQUEST]), next(numbers[_TOKEN])
    at = datetime(closed_on.year, closed_on.month, closed_on.day, 12, tzinfo=UTC)
    due_at = at + timedelta(days=WAITING_DAYS)
    is_due = _has_been_due(closed_on)
    is_asked = has_answered or (is_due and place.random.random() < 0.8)
    is_open = not has_answered and closed_on > LAST_DAY - timedelta(days=OPEN_DAYS)
    yield (
        _REQUEST,
        {
            "id": request_id,
            "service_id": place.service_id,
            "case_id": case_id,
            "wave": "closure",
            "tier": tier,
            "programme_version_id": place.programme_version_id,
            "instruments": [],
            "channels": ["sms"],
            "reminder_days": [7, 14],
            "state": "completed" if has_answered else _state(is_open=is_open, is_asked=is_asked),
            "created_at": at,
            "due_at": due_at,
            "expires_at": due_at + timedelta(days=28),
            "refusal": None if is_asked or not is_due else "no-consent",
            "is_contactable": is_asked,
            "first_text_accepted_at": at if is_asked else None,
            "reached_at": at if is_asked else None,
            "started_at": at if has_answered else None,
            "ended_at": None if is_open else due_at + timedelta(days=28),
        },
    )
    if not is_asked:
        return
    yield (
        _TOKEN,
        {"id": token_id, "request_id": request_id, "token_hash": f"b{token_id}", "key_id": "k"}
        | {"created_at": at},
    )
    yield (
        _MESSAGE,
        {
            "id": next(numbers[_MESSAGE]),
            "service_id": place.service_id,
            "request_id": request_id,
            "person_id": person_id,
            "token_id": token_id,
            "kind": "invitation",
            "ordinal": 0,
            "dedupe_key": f"{request_id}:invitation:0",
            "state": "delivered",
            "due_at": at,
            "created_at": at,
            "attempts": 1,
            "provider": "simulated",
            "language": "en",
            "segments": 1,
            "sent_at": at,
        },
    )


def _state(*, is_open: bool, is_asked: bool) -> str:
    if not is_open:
        return "expired"
    return "asked" if is_asked else "waiting"


def _response(
    place: Place,
    case_id: int,
    wave: str,
    key: str,
    on: date,
    answers: Iterable[tuple[str, str]],
    numbers: Mapping[Table, Any],
) -> Iterator[tuple[Table, Row]]:
    response_id = next(numbers[_RESPONSE])
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    yield (
        _RESPONSE,
        {
            "id": response_id,
            "service_id": place.service_id,
            "case_id": case_id,
            "wave": wave,
            "instrument_id": place.instruments[key],
            "ordinal": 0,
            "mode": place.random.choice(MODES),
            "language": "en",
            "started_at": at,
            "completed_at": at,
            "is_complete": True,
            "counts_on": on,
            "is_retrospective": False,
        },
    )
    affected = dict(answers)
    for item, code in affected.items():
        if affected.get(item.replace("helped-", "affected-")) == "no" and item.startswith(
            "helped-"
        ):
            continue
        yield (
            _ANSWER,
            {
                "id": next(numbers[_ANSWER]),
                "response_id": response_id,
                "item": item,
                "code": code,
                "is_skipped": False,
                "answered_at": at,
            },
        )


def _assessments(
    place: Place, case_id: int, closed_on: date, has_answered: bool, numbers: Mapping[Table, Any]
) -> Iterator[tuple[Table, Row]]:
    draw = place.random
    first = draw.random() < 0.6
    begun = {area: draw.choice(SCALE) for area in AREAS}
    ended = {area: draw.choice(SCALE) for area in AREAS}
    opened = closed_on - timedelta(days=60)
    if first:
        yield from _response(
            place, case_id, "baseline", "self-assessment", opened, begun.items(), numbers
        )
    if has_answered:
        yield from _response(
            place, case_id, "closure", "self-assessment", closed_on, ended.items(), numbers
        )
    for area in AREAS if first or has_answered else ():
        yield (
            _PAIR,
            _pair(
                place,
                next(numbers[_PAIR]),
                case_id,
                ("self-assessment", "self-assessment", area),
                (int(begun[area]), opened) if first else None,
                (int(ended[area]), closed_on) if has_answered else None,
            ),
        )


def _stars(
    place: Place, case_id: int, closed_on: date, numbers: Mapping[Table, Any]
) -> Iterator[tuple[Table, Row]]:
    """The pairs of the two readings of most; the readings themselves are not counted."""
    draw = place.random
    if draw.random() < 0.3:
        return
    opened = closed_on - timedelta(days=60)
    for area in STAR_AREAS:
        first, last = draw.randint(1, 10), draw.randint(1, 10)
        row = _pair(
            place,
            next(numbers[_PAIR]),
            case_id,
            ("star", STAR, area),
            (first, opened),
            (last, closed_on),
        )
        moves = {True: "increased", False: "decreased"}
        row["outcome"] = moves[last > first] if last != first else "maintained"
        yield _PAIR, row


def _pair(
    place: Place,
    pair_id: int,
    case_id: int,
    what: tuple[str, str, str],
    first: tuple[int, date] | None,
    last: tuple[int, date] | None,
) -> Row:
    outcome, status = None, "baseline-only" if first else "closure-only"
    if first and last:
        status, step = "paired", last[0] - first[0]
        same = "sustained-well" if last[0] >= 4 else "sustained-low"
        outcome = "improved" if step > 0 else "declined" if step < 0 else same
    final = last or first
    kind, instrument, area = what
    return {
        "id": pair_id,
        "service_id": place.service_id,
        "case_id": case_id,
        "kind": kind,
        "instrument": instrument,
        "area": area,
        "status": status,
        "first_value": first[0] if first else None,
        "last_value": last[0] if last else None,
        "outcome": outcome,
        "has_room": bool(first and first[0] < 5),
        "is_review_last": False,
        "first_on": first[1] if first else None,
        "last_on": final[1] if final else None,
        "first_mode": "sms-link" if first else None,
        "last_mode": place.random.choice(MODES),
        "last_language": "en",
    }


def _load(database: Database, table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    columns = [column.name for column in table.columns if column.name in rows[0]]
    names = ", ".join(f'"{name}"' for name in columns)
    with database.engine.connect() as connection:
        driver = connection.connection.driver_connection
        if database.is_sqlite:
            marks = ", ".join("?" * len(columns))
            driver.execute("BEGIN")  # type: ignore[union-attr]
            driver.executemany(  # type: ignore[union-attr]
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})",
                ([_for_sqlite(row[name]) for name in columns] for row in rows),
            )
            driver.execute("COMMIT")  # type: ignore[union-attr]
            return
        with (
            driver.cursor() as cursor,  # type: ignore[union-attr]
            cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row([_for_postgresql(row[name]) for name in columns])
        driver.commit()  # type: ignore[union-attr]


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", "microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value) if isinstance(value, list | dict) else value


def _for_postgresql(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value
