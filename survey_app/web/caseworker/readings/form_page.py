"""The page with the star: what it shows, whether a reading is scored or corrected."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import render_template, url_for
from markupsafe import Markup

from survey_app.domain.instruments import Instrument
from survey_app.domain.periods import london_day
from survey_app.domain.readings import Faulty
from survey_app.domain.requests import Wave
from survey_app.reporting.charts.star import Spoke, star_board
from survey_app.store.cases import Case
from survey_app.usecases.readings.history import Reading, occasions
from survey_app.web.caseworker.readings.sheet import Fields, day_of
from survey_app.web.caseworker.readings.words import SCORERS, TIMES, fault_words
from survey_app.web.shared.access import this_service
from survey_app.web.shared.contact_words import WAVES
from survey_app.web.shared.runtime import runtime


def spokes_of(instrument: Instrument) -> list[Spoke]:
    """The instrument's areas as a star has them."""
    return [
        Spoke(item.id, item.label or item.text, len(item.values))
        for item in instrument.outcome_items
    ]


def form_page(
    case: Case,
    instrument: Instrument,
    wave: Wave,
    fields: Fields,
    *,
    readings: list[Reading],
    faults: Sequence[Faulty] = (),
    corrects: Reading | None = None,
    **shown: object,
) -> str:
    """The form, filled in with `fields`; of the case's `readings` the last is drawn as outline."""
    errors = fault_words(instrument, faults)
    today = london_day(runtime().now())
    previous = previous_reading(readings, wave, day_of(fields) or today)
    board = star_board(
        spokes_of(instrument),
        scores=_scores(instrument, fields),
        previous=previous.scores if previous else {},
    )
    return render_template(
        "caseworker/readings/form.html",
        slug=this_service().slug,
        case=case,
        instrument=instrument,
        wave=wave,
        wave_words=WAVES[wave],
        waves=WAVES,
        fields={"on": today.isoformat(), "scored_by": "together", "is_retrospective": "no"}
        | fields,
        today=today,
        errors=errors,
        error_of=dict(reversed(errors)),
        board=Markup(board),  # noqa: S704 (drawn by us; every name in it is escaped there)
        previous=previous,
        corrects=corrects,
        same_wave=_of_the_same_wave(readings, wave),
        scorers=list(SCORERS.items()),
        times=list(TIMES.items()),
        list_url=url_for("caseworker.readings", slug=this_service().slug, case_ref=case.case_ref),
        **shown,
    )


def previous_reading(readings: list[Reading], wave: Wave, on: date) -> Reading | None:
    """The newest reading before this occasion, as the outline; of two views the one that counts.

    The other view of the same occasion is not shown: it would be copied.
    """
    earlier = [
        found
        for found in occasions(readings)
        if found.on <= on and (found.wave, found.on) != (wave, on)
    ]
    return earlier[-1].readings[0] if earlier else None


def _of_the_same_wave(readings: list[Reading], wave: Wave) -> list[Reading]:
    """The newest reading of this wave that stands, if any."""
    found = [each.readings[0] for each in occasions(readings) if each.wave is wave]
    return found[-1:]


def _scores(instrument: Instrument, fields: Mapping[str, str]) -> dict[str, int]:
    return {
        item.id: item.values[fields[f"score-{item.id}"]]
        for item in instrument.outcome_items
        if fields.get(f"score-{item.id}") in item.values
    }
