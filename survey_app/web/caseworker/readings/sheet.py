"""What stands in the form of a reading, and what was sent with it?

Field names: `score-AREA`, `note-AREA`, `action-AREA`, `priority-AREA`, `on`, `scored_by`,
`is_retrospective`, `wave`, `reason`. A draft keeps exactly these.
"""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from survey_app.domain.instruments import Instrument
from survey_app.domain.readings import NOTE_LIMIT, READING_WAVES, AreaNotes, ReadingGiven
from survey_app.domain.requests import ScoredBy, Wave
from survey_app.usecases.readings.history import Reading

Fields = dict[str, str]

_OF_AREA = ("score", "note", "action", "priority")
_OF_READING = ("on", "scored_by", "is_retrospective", "reason")
_LONGEST = {"note": NOTE_LIMIT + 1, "action": NOTE_LIMIT + 1, "reason": NOTE_LIMIT}
"""A fault says when a text is too long; nothing longer than that is carried about."""


def wave_of(typed: str | None) -> Wave | None:
    """The wave of an address or a form; None where it names none that is read."""
    return next((wave for wave in READING_WAVES if wave == typed), None)


def fields_sent(instrument: Instrument, form: MultiDict[str, str]) -> Fields:
    """The form's own fields, trimmed; whatever else was sent is not carried on.

    A score for an area that the star does not have is kept, so that it can be refused by name.
    """
    names = [f"{kind}-{item.id}" for item in instrument.items for kind in _OF_AREA]
    names += [name for name in form if name.startswith("score-") and name not in names]
    sent = {name: form.get(name, "").strip() for name in (*names, *_OF_READING)}
    return {
        name: value[: _LONGEST.get(name.split("-")[0], 100)]
        for name, value in sent.items()
        if value
    }


def given_by(instrument: Instrument, fields: Mapping[str, str], wave: Wave) -> ReadingGiven:
    """The reading that the fields say; what cannot be read as a date is none."""
    areas = {name.partition("-")[2] for name in fields if name.startswith("score-")}
    areas |= {item.id for item in instrument.items}
    notes = {area: _notes(fields, area) for area in areas}
    return ReadingGiven(
        wave=wave,
        on=day_of(fields),
        scored_by=next(
            (who for who in ScoredBy if who == fields.get("scored_by")), ScoredBy.TOGETHER
        ),
        scores={area: fields.get(f"score-{area}", "") for area in sorted(areas)},
        notes={area: said for area, said in notes.items() if not said.is_empty},
        is_retrospective=fields.get("is_retrospective") == "yes",
    )


def fields_of(reading: Reading) -> Fields:
    """The fields that a recorded reading would have been sent with."""
    fields = {f"score-{area}": code for area, code in reading.codes.items()}
    for area, notes in reading.notes.items():
        fields |= {f"note-{area}": notes.note, f"action-{area}": notes.action}
        fields |= {f"priority-{area}": "yes"} if notes.is_priority else {}
    fields["on"] = reading.on.isoformat()
    fields["scored_by"] = reading.scored_by or ScoredBy.TOGETHER
    fields["is_retrospective"] = "yes" if reading.is_retrospective else "no"
    return {name: value for name, value in fields.items() if value}


def _notes(fields: Mapping[str, str], area: str) -> AreaNotes:
    return AreaNotes(
        note=fields.get(f"note-{area}", ""),
        action=fields.get(f"action-{area}", ""),
        is_priority=fields.get(f"priority-{area}") == "yes",
    )


def day_of(fields: Mapping[str, str]) -> date | None:
    """The day of the reading; None where it is no date."""
    try:
        return date.fromisoformat(fields.get("on", ""))
    except ValueError:
        return None
