"""Which instruments may a responses file name? Those in use, and the newest of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.file_faults import Flaw, RowFaultCode
from survey_app.domain.instruments import Instrument, may_use, parse_instrument
from survey_app.domain.response_file import ResponseKey
from survey_app.store.instrument_snapshots import newest_instruments, snapshot_instruments
from survey_app.store.services import InstrumentSnapshot, Service


class BrokenSnapshot(Exception):
    """A stored instrument is none: it was checked before it was stored, so somebody changed it."""


@dataclass
class InstrumentShelf:
    """The instruments of one import, by key and version; a snapshot counts before a file."""

    known: dict[tuple[str, str], Instrument]
    licences: tuple[str, ...]

    @classmethod
    def of(cls, session: Session, service: Service) -> "InstrumentShelf":
        """What may be named in a file of this service."""
        known = {(i.key, i.version): i for i in newest_instruments().values()}
        rows = session.execute(
            select(InstrumentSnapshot.key, InstrumentSnapshot.version, InstrumentSnapshot.content)
        )
        return cls(
            known | {(k, v): _parsed(content) for k, v, content in rows}, tuple(service.licences)
        )

    def find(self, key: ResponseKey) -> Instrument | tuple[str, Flaw]:
        """The instrument of a response, or the column and what is wrong in it."""
        versions = sorted(version for known, version in self.known if known == key.instrument)
        if not versions:
            names = " ".join(sorted({known for known, _ in self.known}))
            return "instrument", Flaw(RowFaultCode.UNKNOWN_INSTRUMENT, names)
        instrument = self.known.get((key.instrument, key.version))
        if instrument is None:
            about = f"{key.instrument}, which has {' '.join(versions)}"
            return "version", Flaw(RowFaultCode.UNKNOWN_VERSION, about)
        if not may_use(instrument, self.licences):
            return "instrument", Flaw(RowFaultCode.LICENCE_NOT_RECORDED)
        return instrument

    def ids(
        self, session: Session, service: Service, used: set[tuple[str, str]], now: datetime
    ) -> Mapping[tuple[str, str], int]:
        """The snapshot ids of these instruments, which are kept from now on."""
        snapshot_instruments(session, service, used, now)
        session.flush()
        rows = session.execute(
            select(InstrumentSnapshot.key, InstrumentSnapshot.version, InstrumentSnapshot.id).where(
                InstrumentSnapshot.key.in_({key for key, _ in used})
            )
        )
        return {(key, version): snapshot_id for key, version, snapshot_id in rows}


def _parsed(content: dict[str, object]) -> Instrument:
    instrument = parse_instrument(content)
    if not isinstance(instrument, Instrument):
        raise BrokenSnapshot(content.get("key"), instrument.faults)
    return instrument
