"""What is a reading of a star, which one is due next, and what is wrong with one that was sent?

A reading is dated by the day of the talk. It may leave areas out, but not all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from survey_app.domain.answers import Answer, AnswerRefusal, validate
from survey_app.domain.instruments import Instrument
from survey_app.domain.requests import ScoredBy, Wave

NOTE_LIMIT = 2_000
"""Characters of one area's note, or of its action."""
REASON_LIMIT = 300
"""Characters of the reason for a correction."""
READING_WAVES = (Wave.BASELINE, Wave.REVIEW, Wave.CLOSURE)


class ReadingFault(StrEnum):
    """Why a reading cannot be kept as sent."""

    NO_SCORES = "no-scores"
    UNKNOWN_AREA = "unknown-area"
    SCORE_OUT_OF_RANGE = "score-out-of-range"
    TOO_LONG = "too-long"
    DATE_MISSING = "date-missing"
    BEFORE_REFERRAL = "before-referral"
    IN_THE_FUTURE = "in-the-future"
    REASON_MISSING = "reason-missing"
    ALREADY_RECORDED = "already-recorded"
    CORRECTED_MEANWHILE = "corrected-meanwhile"
    LICENCE_NOT_RECORDED = "licence-not-recorded"


@dataclass(frozen=True)
class Faulty:
    """One fault, and the area it is in; None: the reading as a whole."""

    fault: ReadingFault
    area: str | None = None


@dataclass(frozen=True)
class AreaNotes:
    """What was written beside one area. An action is what is to be done, by whom."""

    note: str = ""
    action: str = ""
    is_priority: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not (self.note or self.action or self.is_priority)


@dataclass(frozen=True)
class ReadingGiven:
    """A reading as sent: scores are option codes by item id, notes by item id."""

    wave: Wave
    on: date | None
    scored_by: ScoredBy
    scores: Mapping[str, str]
    notes: Mapping[str, AreaNotes] = field(default_factory=dict)
    is_retrospective: bool = False


def reading_faults(
    instrument: Instrument, given: ReadingGiven, *, referred_on: date, today: date
) -> tuple[Faulty, ...]:
    """Return all that is wrong with a reading, in the order of the star; empty when it is sound."""
    faults = [*_score_faults(instrument, given), *_note_faults(given)]
    if given.on is None:
        faults.append(Faulty(ReadingFault.DATE_MISSING))
    elif given.on < referred_on:
        faults.append(Faulty(ReadingFault.BEFORE_REFERRAL))
    elif given.on > today:
        faults.append(Faulty(ReadingFault.IN_THE_FUTURE))
    return tuple(faults)


def _score_faults(instrument: Instrument, given: ReadingGiven) -> list[Faulty]:
    scored = {area: code for area, code in given.scores.items() if code}
    named = [*scored, *given.notes]
    faults = [
        Faulty(ReadingFault.UNKNOWN_AREA, area)
        for area in dict.fromkeys(named)
        if instrument.find_item(area) is None
    ]
    faults += [
        Faulty(ReadingFault.SCORE_OUT_OF_RANGE, item.id)
        for item in instrument.items
        if item.id in scored and isinstance(validate(item, [scored[item.id]]), AnswerRefusal)
    ]
    return faults if scored else [*faults, Faulty(ReadingFault.NO_SCORES)]


def _note_faults(given: ReadingGiven) -> list[Faulty]:
    return [
        Faulty(ReadingFault.TOO_LONG, area)
        for area, notes in given.notes.items()
        if max(len(notes.note), len(notes.action)) > NOTE_LIMIT
    ]


def answers_of(instrument: Instrument, given: ReadingGiven) -> dict[str, Answer]:
    """Return the answers that a sound reading gives, in the order of the star; blanks left out."""
    return {
        item.id: Answer(codes=(given.scores[item.id],))
        for item in instrument.items
        if given.scores.get(item.id)
    }


def proposed_wave(recorded: Collection[Wave], *, is_closed: bool) -> Wave:
    """Return the wave that a new reading is most likely for: the one that is missing.

    A closed case needs its last reading before anything else, then its first, looking back; an open
    one its first, then a review, then the one at the end. Where nothing is missing it is the last
    of a closed case, and another review of an open one.
    """
    wanted = (Wave.CLOSURE, Wave.BASELINE) if is_closed else READING_WAVES
    otherwise = Wave.CLOSURE if is_closed else Wave.REVIEW
    return next((wave for wave in wanted if wave not in recorded), otherwise)


def gaps(worker: Mapping[str, int], client: Mapping[str, int]) -> dict[str, int]:
    """Return by how many steps the person's own score is above the worker's, per area of both."""
    return {area: client[area] - worker[area] for area in worker if area in client}
