"""Which keys a database was made with stands in it, and others are refused."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import delete, select, update

from survey_app.store.database import Database
from survey_app.store.installation import (
    InstallationKey,
    KeyFault,
    KeyRefusal,
    KeySetting,
    KeysRefused,
    key_refusals,
)
from survey_app.store.migrations import upgrade
from survey_app.store.people import OptOut
from survey_app.store.scope import Scope
from survey_app.store.sealed import key_id, use_keys
from tests.builders import a_person, a_service
from tests.keys import (
    NEWER_BEHIND,
    NEWER_IN_FRONT,
    NEWER_KEY,
    OTHER_ENCRYPTION,
    OTHER_LOOKUP,
    OTHER_SECRET,
)
from tests.world import TEST_KEYS

pytestmark = pytest.mark.usefixtures("lock_again", "recorded_keys_stay")

OURS, OUR_LOOKUP = key_id(TEST_KEYS.encryption[0]), key_id(TEST_KEYS.lookup)
NEWER, ANOTHER = key_id(NEWER_KEY), key_id(OTHER_LOOKUP.lookup)


@pytest.fixture
def recorded_keys_stay(database: Database):
    """The next test's database is made with the usual keys again."""
    yield
    use_keys(TEST_KEYS)
    forget_keys(database)
    upgrade(database)


def forget_keys(database: Database) -> None:
    """As a release left it that did not record keys."""
    with database.write() as session:
        session.execute(delete(InstallationKey))


def recorded(database: Database) -> set[tuple[str, str]]:
    with database.read() as session:
        return {(row.setting, row.key_id) for row in session.scalars(select(InstallationKey))}


def faults(database: Database) -> list[tuple[KeyFault, str, tuple[str, ...], tuple[str, ...]]]:
    return [(r.fault, str(r.setting), r.recorded, r.given) for r in key_refusals(database)]


def test_the_id_of_a_key_is_what_other_tools_work_out_too():
    assert key_id("k") == sha256(b"id:k").hexdigest()[:8]


def test_an_upgrade_records_the_keys_that_it_was_given(database: Database):
    assert recorded(database) == {("ENCRYPTION_KEYS", OURS), ("LOOKUP_KEY", OUR_LOOKUP)}
    assert key_refusals(database) == ()
    with database.read() as session:
        seen = session.scalars(select(InstallationKey.first_seen_at)).all()
    assert all(abs(at - datetime.now(UTC)) < timedelta(hours=1) for at in seen)


def test_another_lookup_key_is_refused_by_both_ids(database: Database):
    use_keys(OTHER_LOOKUP)
    assert faults(database) == [(KeyFault.OTHER_KEY, "LOOKUP_KEY", (OUR_LOOKUP,), (ANOTHER,))]


def test_a_missing_encryption_key_is_refused_by_both_ids_and_records_nothing(database: Database):
    use_keys(OTHER_ENCRYPTION)
    assert faults(database) == [(KeyFault.KEY_MISSING, "ENCRYPTION_KEYS", (OURS,), (NEWER,))]
    assert ("ENCRYPTION_KEYS", NEWER) not in recorded(database)


def test_the_secret_of_sessions_may_change(database: Database):
    use_keys(OTHER_SECRET)
    assert key_refusals(database) == ()


def test_a_newer_key_in_front_records_itself_and_is_missed_from_then_on(database: Database):
    use_keys(NEWER_IN_FRONT)
    assert key_refusals(database) == ()
    assert ("ENCRYPTION_KEYS", NEWER) in recorded(database)
    assert key_refusals(database) == ()
    use_keys(TEST_KEYS)
    assert faults(database) == [(KeyFault.KEY_MISSING, "ENCRYPTION_KEYS", (NEWER,), (OURS,))]


def test_a_newer_key_behind_is_only_tried(database: Database):
    use_keys(NEWER_BEHIND)
    assert key_refusals(database) == ()
    assert ("ENCRYPTION_KEYS", NEWER) not in recorded(database)


def test_an_upgrade_records_a_newer_key_in_front_too(database: Database):
    use_keys(NEWER_IN_FRONT)
    upgrade(database)
    assert ("ENCRYPTION_KEYS", NEWER) in recorded(database)


def test_a_retired_key_may_be_left_out_and_is_in_use_again_in_front(database: Database):
    use_keys(NEWER_IN_FRONT)
    key_refusals(database)
    with database.write() as session:
        session.execute(
            update(InstallationKey)
            .where(InstallationKey.key_id == OURS)
            .values(retired_at=datetime(2026, 11, 1, tzinfo=UTC))
        )
    use_keys(OTHER_ENCRYPTION)
    assert key_refusals(database) == ()
    use_keys(NEWER_BEHIND)
    assert key_refusals(database) == ()
    use_keys(OTHER_ENCRYPTION)
    assert [fault for fault, *_ in faults(database)] == [KeyFault.KEY_MISSING]


@pytest.mark.parametrize("setting", list(KeySetting))
def test_a_canary_that_does_not_open_is_refused(database: Database, setting: KeySetting):
    with database.write() as session:
        row = session.scalars(
            select(InstallationKey).where(InstallationKey.setting == setting)
        ).one()
        row.canary = row.canary[:-4] + b"AAAA"
    [(fault, named, *_)] = faults(database)
    assert (fault, named) == (KeyFault.CANARY_CLOSED, setting)


def test_a_database_that_says_nothing_of_keys_is_refused_until_it_is_upgraded(database: Database):
    forget_keys(database)
    assert {fault for fault, *_ in faults(database)} == {KeyFault.NOT_RECORDED}
    assert recorded(database) == set()
    upgrade(database)
    assert key_refusals(database) == ()


def a_filled_database(database: Database) -> None:
    """One that an older release filled: a person with a number, and a STOP."""
    with database.write(Scope.worker()) as session:
        a_person(session, a_service(session), mobile="07700 900123")
        session.add(
            OptOut(
                number_hash="h", key_id=OUR_LOOKUP, at=datetime(2026, 11, 1, tzinfo=UTC), source="x"
            )
        )
    forget_keys(database)


def refused(database: Database) -> list[KeyRefusal]:
    with pytest.raises(KeysRefused) as caught:
        upgrade(database)
    assert recorded(database) == set()
    return list(caught.value.refusals)


def test_older_data_is_only_taken_on_with_keys_that_open_it(database: Database):
    a_filled_database(database)
    use_keys(OTHER_ENCRYPTION)
    [refusal] = refused(database)
    assert (refusal.fault, refusal.setting, refusal.given, refusal.where) == (
        KeyFault.VALUE_CLOSED,
        KeySetting.ENCRYPTION,
        (NEWER,),
        "people.mobile",
    )
    use_keys(TEST_KEYS)
    upgrade(database)
    assert key_refusals(database) == ()


def test_older_data_with_a_hash_of_another_key_is_refused_by_both_ids(database: Database):
    a_filled_database(database)
    use_keys(OTHER_LOOKUP)
    assert KeyRefusal(
        KeyFault.HASH_OF_OTHER_KEY,
        KeySetting.LOOKUP,
        (OUR_LOOKUP,),
        (ANOTHER,),
        "opt_outs.key_id",
    ) in refused(database)


def test_the_newest_value_of_each_column_decides(database: Database):
    """One that is damaged further back is that text's own affair."""
    with database.write(Scope.worker()) as session:
        service = a_service(session)
        use_keys(OTHER_ENCRYPTION)
        a_person(session, service, mobile="07700 900123")
        session.flush()
        use_keys(TEST_KEYS)
        a_person(session, service, mobile="07700 900124")
    forget_keys(database)
    upgrade(database)
    assert recorded(database) == {("ENCRYPTION_KEYS", OURS), ("LOOKUP_KEY", OUR_LOOKUP)}
