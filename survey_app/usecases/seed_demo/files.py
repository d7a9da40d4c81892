"""How do invented cases and answers become the files that a service would bring?"""

import csv
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from survey_app.domain.answers import SKIPPED, Answer, validate
from survey_app.domain.case_file_columns import CASE_COLUMNS
from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.instruments import Instrument, InstrumentKind
from survey_app.domain.items import Item
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import Mode, ScoredBy, Wave
from survey_app.domain.routing import find_next_item
from survey_app.domain.tiers import Eligible, eligibility
from survey_app.usecases.seed_demo.answering import invent_code
from survey_app.usecases.seed_demo.people import InventedCase

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
    "scored_by",
)
Row = dict[str, str]


@dataclass(frozen=True)
class Occasion:
    """One instrument answered by one person on one day."""

    case: InventedCase
    instrument: Instrument
    wave: Wave
    mode: Mode
    day: date


def write_cases(path: Path, cases: Iterable[InventedCase], day: date) -> None:
    """What the case system would export of these cases on `day`."""
    _write(path, sorted(CASE_COLUMNS), (case.row_on(day) for case in cases))


def write_responses(path: Path, rng: random.Random, occasions: Iterable[Occasion]) -> None:
    """The answers given on these occasions, in the long form."""
    rows = (row for occasion in occasions for row in _rows(rng, occasion))
    _write(path, RESPONSE_COLUMNS, rows)


def _write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(columns))
        writer.writeheader()
        writer.writerows(rows)


def _rows(rng: random.Random, occasion: Occasion) -> Iterator[Row]:
    head = {
        "case_ref": occasion.case.row["case_ref"],
        "instrument": occasion.instrument.key,
        "version": occasion.instrument.version,
        "wave": occasion.wave,
        "mode": occasion.mode,
        "language": "en",
        "completed_on": occasion.day.isoformat(),
        "scored_by": rng.choice(list(ScoredBy))
        if occasion.instrument.kind is InstrumentKind.STAR
        else "",
    }
    for item, value in answers_of(rng, occasion):
        yield head | {"item": item, "value": value}


def answers_of(rng: random.Random, occasion: Occasion) -> Iterator[tuple[str, str]]:
    """Item and value of each answer, along the route that the answers themselves make."""
    answers: dict[str, Answer] = {}
    while item := find_next_item(occasion.instrument, answers):
        code = invent_code(rng, item, occasion.case.mood, occasion.wave)
        answers[item.id] = _said(item, code)
        if code is not None:
            yield item.id, code


def _said(item: Item, code: str | None) -> Answer:
    if code is None:
        return SKIPPED
    said = validate(item, [code])
    if not isinstance(said, Answer):
        raise InventedWronglyError(f"{item.id}: {code}: {said}")
    return said


class InventedWronglyError(Exception):
    """An invented answer is none: the demonstration would teach something false."""


def past_occasions(
    rng: random.Random,
    cases: Iterable[InventedCase],
    programme: Programme,
    instruments: Mapping[str, Instrument],
    until: date,
) -> Iterator[Occasion]:
    """What a service's own forms and calls gathered of closed cases before it went live."""
    for case in cases:
        for wave, keys, day in _asked(rng, case, programme):
            if day < until and rng.random() < case.answers_chance:
                mode = rng.choices([Mode.PHONE, Mode.PAPER, Mode.IN_PERSON], [60, 25, 15])[0]
                for key in keys:
                    yield Occasion(case, instruments[key], wave, mode, day)


def _asked(
    rng: random.Random, case: InventedCase, programme: Programme
) -> Iterator[tuple[Wave, tuple[str, ...], date]]:
    if case.closed_on is None:
        return
    may_be_asked = eligibility(
        programme,
        support_level=SupportLevel(case.level),
        deliveries=case.deliveries,
        closure_reason=ClosureReason(case.closure_reason),
    )
    if case.level != SupportLevel.CARE_UNIT:
        start = case.referred_on + timedelta(days=rng.randint(1, 9))
        yield Wave.BASELINE, ("self-assessment",), start
    if isinstance(may_be_asked, Eligible):
        day = case.closed_on + timedelta(days=rng.randint(4, 24))
        yield Wave.CLOSURE, tuple(programme.closure[may_be_asked.tier].instruments), day


def star_occasions(
    rng: random.Random, cases: Iterable[InventedCase], instruments: Mapping[str, Instrument]
) -> Iterator[Occasion]:
    """First readings, reviews and last ones, scored with those who are supported closely."""
    for case in cases:
        if case.level != SupportLevel.CASEWORKER:
            continue
        key = "young-person-star" if _is_young(case) else "adult-star"
        if rng.random() < 0.85:
            first = case.referred_on + timedelta(days=rng.randint(1, 10))
            yield Occasion(case, instruments[key], Wave.BASELINE, Mode.IN_PERSON, first)
            review = first + timedelta(days=rng.randint(25, 36))
            if rng.random() < 0.8 and (case.closed_on is None or review < case.closed_on):
                yield Occasion(case, instruments[key], Wave.REVIEW, Mode.IN_PERSON, review)
        if case.closed_on is not None and rng.random() < 0.7:
            yield Occasion(case, instruments[key], Wave.CLOSURE, Mode.IN_PERSON, case.closed_on)


def _is_young(case: InventedCase) -> bool:
    born = case.row["date_of_birth"]
    if len(born) != len("2000-01-01"):
        return False
    return (case.referred_on - date.fromisoformat(born)).days < 18 * 365
