"""Which stored instruments are there, read as the domain reads them?"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.instruments import (
    Instrument,
    InstrumentKind,
    parse_instrument,
    version_order,
)
from survey_app.store.services import InstrumentSnapshot

_known: dict[int, tuple[Mapping[str, Any], Instrument]] = {}
"""Instruments parsed in this process with what they were parsed from: a snapshot never changes, and
where another database has another one under its id, it is parsed anew."""


class BrokenSnapshotError(Exception):
    """A stored instrument is none: it was checked before it was stored, so somebody changed it."""


def stored_instruments(
    session: Session, kinds: Iterable[InstrumentKind] = tuple(InstrumentKind)
) -> dict[int, Instrument]:
    """Every stored instrument of these kinds by its id, oldest version of each first."""
    parsed: list[tuple[int, Instrument]] = []
    found = session.execute(
        select(InstrumentSnapshot.id, InstrumentSnapshot.content).where(
            InstrumentSnapshot.kind.in_(tuple(kinds))
        )
    )
    for snapshot_id, content in found:
        known = _known.get(snapshot_id)
        if known is None or known[0] != content:
            known = _known[snapshot_id] = content, _parsed(content)
        parsed.append((snapshot_id, known[1]))
    return dict(sorted(parsed, key=lambda pair: (pair[1].key, version_order(pair[1].version))))


def measured_instruments(session: Session) -> dict[int, Instrument]:
    """Those of all stored instruments that measure satisfaction."""
    return {
        snapshot_id: instrument
        for snapshot_id, instrument in stored_instruments(session).items()
        if any(item.measures for item in instrument.items)
    }


def newest_by_key(instruments: Mapping[int, Instrument]) -> dict[str, Instrument]:
    """The newest version of each: its items give rows their order."""
    return {instrument.key: instrument for instrument in instruments.values()}


def area_labels(instruments: Iterable[Instrument]) -> dict[tuple[str, str], str]:
    """What each outcome area is called, by instrument and area: as the last of these says that has
    it, for a newer version may have dropped it."""
    return {
        (instrument.key, item.outcome): item.label or item.text
        for instrument in instruments
        for item in instrument.outcome_items
        if item.outcome is not None
    }


def measure_labels(instruments: Iterable[Instrument]) -> dict[tuple[str, str], str]:
    """What each measure is called, by instrument and measure: as `area_labels` are."""
    return {
        (instrument.key, measure.key): measure.label or item.label or item.text
        for instrument in instruments
        for item in instrument.items
        for measure in item.measures
    }


def _parsed(content: Mapping[str, Any]) -> Instrument:
    instrument = parse_instrument(content)
    if not isinstance(instrument, Instrument):
        raise BrokenSnapshotError(content.get("key"), instrument.faults)
    return instrument
