"""Which version of an instrument does a new request ask, and how is it kept from then on?

An instrument is snapshotted when it is first used; from then on its file is no longer asked.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.definitions import content_hash
from survey_app.domain.instruments import Instrument, latest_versions, may_use
from survey_app.store.definition_files import SHIPPED, InstrumentId, load_instruments
from survey_app.store.services import InstrumentSnapshot, Service


class LicenceNotRecorded(Exception):
    """A service would ask an instrument that needs a licence which it has not recorded."""


@cache
def newest_instruments() -> Mapping[str, Instrument]:
    """The newest shipped version of each instrument by key, read once a process.

    A version never changes, and a new one comes with a new release, hence a new process.
    """
    return latest_versions(load_instruments(SHIPPED).values())


def snapshot_instruments(
    session: Session, service: Service, used: Collection[InstrumentId], now: datetime
) -> None:
    """Keep the instruments that the service is about to ask, where that was not done before.

    Raises LicenceNotRecorded. One query, however many instruments.
    """
    kept = session.execute(
        select(InstrumentSnapshot.key, InstrumentSnapshot.version).where(
            InstrumentSnapshot.key.in_({key for key, _ in used})
        )
    )
    known = {(key, version) for key, version in kept}
    for key, version in sorted(set(used) - known):
        instrument = newest_instruments()[key]
        assert instrument.version == version, "only the newest version is ever first used"
        if not may_use(instrument, service.licences):
            raise LicenceNotRecorded(service.slug, key)
        session.add(
            InstrumentSnapshot(
                key=key,
                version=version,
                kind=instrument.kind,
                content=instrument.model_dump(mode="json", exclude_defaults=True),
                content_hash=content_hash(instrument),
                first_used_at=now,
            )
        )
