"""With which keys was this database made, and are they the ones that this process was given?

A table of its own holds, for each key, its id and a canary: something sealed or hashed with that
key alone, so that a wrong key is found before it reads "nothing" where a STOP stands, or seals what
nobody else can open. Key ids tell nothing of a key (`sealed.key_id`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, LargeBinary, func, inspect, select, type_coerce
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from survey_app.store.base import Base
from survey_app.store.database import Database
from survey_app.store.sealed import (
    SEALED_TYPES,
    encryption_key_ids,
    lookup_hash,
    lookup_key_id,
    opens,
    opens_with,
    seal_with,
)

CANARY = "installation"
"""What every canary holds."""
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class KeySetting(StrEnum):
    """The setting that a key is given by."""

    ENCRYPTION = "ENCRYPTION_KEYS"
    LOOKUP = "LOOKUP_KEY"


class InstallationKey(Base):
    """A key that this database's values are sealed or hashed with."""

    __tablename__ = "installation"

    setting: Mapped[str] = mapped_column(primary_key=True)
    """A `KeySetting`."""
    key_id: Mapped[str] = mapped_column(primary_key=True)
    canary: Mapped[bytes]
    """`CANARY`, sealed with the key alone (ENCRYPTION_KEYS) or its keyed hash (LOOKUP_KEY)."""
    first_seen_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """When the last value under it had gone; from then on the setting may lack it."""


RecordedKeys = dict[KeySetting, dict[str, bytes]]


class KeyFault(StrEnum):
    """What is wrong with the keys."""

    NOT_RECORDED = "not-recorded"
    """The database does not say yet which keys it was made with."""
    OTHER_KEY = "other-key"
    """A LOOKUP_KEY that the database was not made with."""
    KEY_MISSING = "key-missing"
    """A key that values are sealed with is not among those given."""
    CANARY_CLOSED = "canary-closed"
    """The key's id is right, and its canary does not open."""
    VALUE_CLOSED = "value-closed"
    """A database that says nothing of keys holds a value which none of those given opens."""
    HASH_OF_OTHER_KEY = "hash-of-other-key"
    """A database that says nothing of keys holds a hash made with another LOOKUP_KEY."""


@dataclass(frozen=True)
class KeyRefusal:
    """Why nothing may be read or written with the keys given."""

    fault: KeyFault
    setting: KeySetting
    recorded: tuple[str, ...]
    """The key ids that the database was made with; of VALUE_CLOSED nobody can tell."""
    given: tuple[str, ...]
    """The key ids of this process."""
    where: str = ""
    """`table.column` of the value or hash, where it is one."""


class KeysRefused(Exception):
    """The keys given are not this database's."""

    def __init__(self, refusals: Sequence[KeyRefusal]) -> None:
        super().__init__(", ".join(refusal.fault for refusal in refusals))
        self.refusals = tuple(refusals)


def key_refusals(database: Database) -> tuple[KeyRefusal, ...]:
    """What speaks against this process's keys; empty where they are the database's.

    A newer encryption key in front is recorded, so that from then on no process works without it.
    """
    recorded = _read_quickly(database)
    refusals = tuple(recorded_refusals(recorded))
    front = encryption_key_ids()[0]
    is_new = not refusals and front not in recorded[KeySetting.ENCRYPTION]
    if is_new:
        with database.engine.execution_options(is_writer=True).begin() as connection:
            record_keys(connection, [front])
    return refusals


def recorded_keys(connection: Connection) -> RecordedKeys:
    """The canary of each key in use, by setting and key id; of an older release's database none."""
    if not inspect(connection).has_table(InstallationKey.__tablename__):
        return {setting: {} for setting in KeySetting}
    return _read(connection)


def recorded_refusals(recorded: RecordedKeys) -> Iterator[KeyRefusal]:
    """Compare the keys given with those that the database has recorded."""
    for setting, canaries in recorded.items():
        given, missing = _given(setting), tuple(canaries.keys() - set(_given(setting)))
        if not canaries:
            yield KeyRefusal(KeyFault.NOT_RECORDED, setting, (), given)
        elif missing:
            is_lookup = setting is KeySetting.LOOKUP
            fault = KeyFault.OTHER_KEY if is_lookup else KeyFault.KEY_MISSING
            yield KeyRefusal(fault, setting, missing, given)
        closed = tuple(k for k in canaries.keys() - missing if not _opens(setting, k, canaries[k]))
        if closed:
            yield KeyRefusal(KeyFault.CANARY_CLOSED, setting, closed, given)


def value_refusals(connection: Connection) -> Iterator[KeyRefusal]:
    """Compare the keys given with the values of a database that has recorded none.

    The newest value of each sealed column must open, and no hash may be of another key. Reads only
    what the database has by now: its tables may be of a release that is older.
    """
    for column in _columns_here(connection):
        where = f"{column.table.name}.{column.name}"
        if isinstance(column.type, SEALED_TYPES):
            sealed = _newest(connection, column)
            if sealed is not None and not opens(sealed):
                given = encryption_key_ids()
                yield KeyRefusal(
                    KeyFault.VALUE_CLOSED, KeySetting.ENCRYPTION, (), given, where=where
                )
        elif column.name.endswith("key_id") and column.table is not InstallationKey.__table__:
            others = select(column).where(column != lookup_key_id()).distinct().order_by(column)
            if found := tuple(connection.scalars(others)):
                given = (lookup_key_id(),)
                yield KeyRefusal(
                    KeyFault.HASH_OF_OTHER_KEY, KeySetting.LOOKUP, found, given, where=where
                )


def record_keys(connection: Connection, encryption_ids: Sequence[str]) -> None:
    """Write down the LOOKUP_KEY and these encryption keys, unless they stand there in use."""
    canaries = [(KeySetting.ENCRYPTION, an_id) for an_id in encryption_ids]
    for setting, key_id in [*canaries, (KeySetting.LOOKUP, lookup_key_id())]:
        insert = _INSERTS[connection.dialect.name](InstallationKey).values(
            setting=setting,
            key_id=key_id,
            canary=_canary(setting, key_id),
            # The database's clock: hosts differ, and nobody who compares keys needs theirs.
            first_seen_at=func.current_timestamp(),
        )
        connection.execute(
            insert.on_conflict_do_update(
                index_elements=[InstallationKey.setting, InstallationKey.key_id],
                # One that was retired and is given again in front seals values again.
                set_={"retired_at": None},
            )
        )


def _read(connection: Connection) -> RecordedKeys:
    found: RecordedKeys = {setting: {} for setting in KeySetting}
    key = InstallationKey
    in_use = select(key.setting, key.key_id, key.canary).where(key.retired_at.is_(None))
    for setting, key_id, canary in connection.execute(in_use):
        found[KeySetting(setting)][key_id] = canary
    return found


def _read_quickly(database: Database) -> RecordedKeys:
    """As `recorded_keys`; whether the table is there takes PostgreSQL longer than reading it."""
    try:
        with database.engine.connect() as connection:
            return _read(connection)
    except DBAPIError:
        with database.engine.connect() as connection:
            return recorded_keys(connection)


def _given(setting: KeySetting) -> tuple[str, ...]:
    return (lookup_key_id(),) if setting is KeySetting.LOOKUP else encryption_key_ids()


def _canary(setting: KeySetting, key_id: str) -> bytes:
    if setting is KeySetting.LOOKUP:
        return lookup_hash(CANARY, "canary").encode()
    return seal_with(key_id, CANARY.encode())


def _opens(setting: KeySetting, key_id: str, canary: bytes) -> bool:
    if setting is KeySetting.LOOKUP:
        return canary == _canary(setting, key_id)
    return opens_with(key_id, canary, CANARY.encode())


def _columns_here(connection: Connection) -> Iterator[Column[object]]:
    """The columns of today's tables that this database has."""
    here = inspect(connection).get_multi_columns()
    names = {table: {column["name"] for column in columns} for (_, table), columns in here.items()}
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if column.name in names.get(table.name, ()))


def _newest(connection: Connection, column: Column[object]) -> bytes | None:
    key = [each.desc() for each in column.table.primary_key]
    as_sealed = type_coerce(column, LargeBinary)
    newest = select(as_sealed).where(column.is_not(None)).order_by(*key).limit(1)
    found = connection.scalar(newest)
    return None if found is None else bytes(found)
