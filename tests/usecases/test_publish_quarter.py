"""A quarter is published as the manager saw it, or not at all."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.periods import Quarter
from survey_app.store.audit import AuditRow
from survey_app.store.publications import Publication, find_publication
from survey_app.usecases.publish_quarter import (
    PublishRefusal,
    Tables,
    fingerprint_of,
    publish_quarter,
)
from tests.builders import a_service
from tests.reports import a_ladder_row, a_report
from tests.staff import an_account
from tests.world import NOON

Q2 = Quarter(2026, 2)


@pytest.fixture
def service(session: Session):
    return a_service(session)


@pytest.fixture
def manager(session: Session, service):
    return an_account(session, (service, Role.MANAGER))


def publish(session, service, manager, report, **facts):
    facts = {
        "quarter": Q2,
        "seen": fingerprint_of(report, {}),
        "reason": "quarterly report",
    } | facts
    return publish_quarter(
        session, service=service, tables=Tables(report), account_id=manager.id, now=NOON, **facts
    )


def test_what_is_stored_is_the_very_report_with_who_when_and_why(session, service, manager):
    report = a_report(audience="commissioner")
    made = publish(session, service, manager, report)
    session.expire_all()
    found = find_publication(session, service.id, "2026-Q2")
    assert found is made
    assert (found.report, found.published_at, found.published_by_id) == (report, NOON, manager.id)
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.subject_id, row.service_id) == ("publish-quarter", made.id, service.id)
    assert row.details["reason"] == "quarterly report"


def test_figures_that_moved_while_they_were_read_are_not_published(session, service, manager):
    seen = fingerprint_of(a_report())
    moved = a_report(satisfaction=[])
    assert publish(session, service, manager, moved, seen=seen) is PublishRefusal.CHANGED_SINCE_SEEN
    assert session.scalar(select(func.count(Publication.id))) == 0


def test_the_same_figures_are_not_published_twice_but_new_ones_are(session, service, manager):
    publish(session, service, manager, a_report())
    assert publish(session, service, manager, a_report()) is PublishRefusal.SAME_AS_PUBLISHED
    newer = publish(session, service, manager, a_report(stars=[]))
    assert find_publication(session, service.id, "2026-Q2") is newer


def test_each_service_and_quarter_stands_for_itself(session, service, manager):
    other = a_service(session)
    first = publish(session, service, manager, a_report())
    publish(session, other, manager, a_report(stars=[]))
    publish(session, service, manager, a_report(stars=[]), quarter=Q2.previous)
    assert find_publication(session, service.id, "2026-Q2") is first
    assert find_publication(session, service.id, "2025-Q4") is None


def test_a_quarter_that_has_not_begun_is_refused_and_the_present_one_is_not(
    session, service, manager
):
    ahead = publish(session, service, manager, a_report(), quarter=Quarter(2026, 4))
    assert ahead is PublishRefusal.NOT_BEGUN
    present = publish(session, service, manager, a_report(), quarter=Quarter(2026, 3))
    assert isinstance(present, Publication)


@pytest.mark.parametrize("ladder", [None, [], [a_ladder_row("all", 0, 0, 0, 0, 0, 0, 0)]])
def test_an_empty_quarter_is_refused(session, service, manager, ladder):
    empty = a_report(ladder=ladder, satisfaction=[], outcomes=[], stars=[], stars_overall=[])
    assert publish(session, service, manager, empty) is PublishRefusal.NOBODY_IN_IT


def test_a_quarter_of_suppressed_people_is_not_empty(session, service, manager):
    row = a_ladder_row("all", 0, 0, 0, 0, 0, 0, 0) | {"supported": "[c]"}
    few = a_report(ladder=[row], satisfaction=[], outcomes=[], stars=[], stars_overall=[])
    assert isinstance(publish(session, service, manager, few), Publication)
