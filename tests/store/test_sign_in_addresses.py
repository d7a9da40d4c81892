"""Failures per network address: counted in a window, the address itself never kept."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.store.sign_in_addresses import (
    MOST_FAILURES,
    WINDOW,
    SignInAddress,
    count_failure,
    is_address_busy,
)
from tests.world import NOON

HERE, THERE = "192.0.2.7", "192.0.2.8"


def test_an_address_waits_after_the_last_failure_until_its_window_ends(session: Session):
    for _n in range(MOST_FAILURES):
        assert not is_address_busy(session, HERE, NOON)
        count_failure(session, HERE, NOON)
        session.expire_all()
    count_failure(session, THERE, NOON)
    assert is_address_busy(session, HERE, NOON)
    assert is_address_busy(session, HERE, NOON + WINDOW - timedelta(seconds=1))
    assert not is_address_busy(session, HERE, NOON + WINDOW)
    assert not is_address_busy(session, THERE, NOON)


def test_a_window_that_has_passed_begins_anew_and_old_rows_go(session: Session):
    for address in (HERE, HERE, THERE):
        count_failure(session, address, NOON)
    count_failure(session, HERE, NOON + WINDOW)
    session.expire_all()
    rows = {row.failures: row for row in session.scalars(select(SignInAddress))}
    assert sorted(rows) == [1]
    count_failure(session, HERE, NOON + 5 * WINDOW)
    session.expire_all()
    [row] = session.scalars(select(SignInAddress)).all()
    assert (row.failures, row.since) == (1, NOON + 5 * WINDOW)
    assert HERE not in row.address_hash
