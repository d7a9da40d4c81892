"""Alerts: one for each thing said, due when the service says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.requests import AlertKind
from survey_app.store.alerts import Alert
from survey_app.store.responses import Response
from survey_app.store.services import Service
from survey_app.usecases.raise_alerts import Occasion, raise_alert
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON

LATER = NOON + timedelta(hours=5)


def an_occasion(session: Session, item: str = "comment") -> Occasion:
    """Something said in a response of its own."""
    request, token = a_link(session)
    Respondent(session, token).begin()
    response = session.scalars(select(Response).where(Response.request_id == request.id)).one()
    return Occasion(request.service_id, request.case_id, response.id, item)


def raised(session: Session, kind: AlertKind, occasion: Occasion, **facts: Any) -> Alert:
    """Raise an alert; the one that then stands on the list."""
    raise_alert(session, kind, occasion, **facts)
    return session.scalars(
        select(Alert).where(
            Alert.response_id == occasion.response_id,
            Alert.kind == kind,
            Alert.item == occasion.item,
        )
    ).one()


def test_an_alert_is_due_when_the_service_says(session: Session):
    occasion = an_occasion(session)
    alert = raised(session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=NOON)
    assert (alert.raised_at, alert.due_at) == (NOON, NOON + timedelta(hours=24))
    assert (alert.service_id, alert.case_id) == (occasion.service_id, occasion.case_id)


def test_low_safety_is_due_in_working_hours_of_its_own(session: Session):
    occasion = an_occasion(session, "feeling-safe")
    friday = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    alert = raised(session, AlertKind.LOW_SAFETY, occasion, hours=AlertHours(48, 4), now=friday)
    assert alert.due_at == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    for kind in (AlertKind.FREE_TEXT, AlertKind.CONTACT_WISH):
        usual = raised(session, kind, occasion, hours=AlertHours(48, 4), now=friday)
        assert usual.due_at == friday + timedelta(hours=48)


def test_said_again_after_it_was_closed_low_safety_is_due_in_working_hours_again(session: Session):
    occasion = an_occasion(session, "feeling-safe")
    alert = raised(session, AlertKind.LOW_SAFETY, occasion, hours=AlertHours(), now=NOON)
    alert.closed_at = NOON
    session.flush()
    evening = NOON + timedelta(hours=8)
    again = raised(session, AlertKind.LOW_SAFETY, occasion, hours=AlertHours(), now=evening)
    assert again.due_at == NOON + timedelta(hours=25)


def test_saying_it_again_keeps_the_first_alert_and_its_due_time(session: Session):
    occasion = an_occasion(session)
    first = raised(session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=NOON)
    again = raised(session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=LATER)
    assert again is first
    assert again.raised_at == NOON


def test_another_kind_item_or_person_is_another_alert(session: Session):
    occasion = an_occasion(session)
    for kind, where in (
        (AlertKind.FREE_TEXT, occasion),
        (AlertKind.CONTACT_WISH, occasion),
        (AlertKind.FREE_TEXT, an_occasion(session)),
    ):
        raised(session, kind, where, hours=AlertHours(1), now=NOON)
    assert len(session.scalars(select(Alert)).all()) == 3


def test_something_said_after_staff_closed_the_alert_opens_it_again(session: Session):
    occasion = an_occasion(session)
    alert = raised(session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=NOON)
    alert.closed_at = alert.claimed_at = NOON + timedelta(hours=1)
    session.flush()
    again = raised(session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=LATER)
    assert again.id == alert.id
    assert (again.closed_at, again.claimed_at) == (None, None)
    assert again.due_at == LATER + timedelta(hours=24)


def test_words_raise_an_alert_and_a_calmer_answer_does_not_lower_it(session: Session):
    occasion = an_occasion(session)
    session.get_one(Service, occasion.service_id).urgent_words = ["the canal"]

    def write(text: str) -> bool:
        return raised(
            session, AlertKind.FREE_TEXT, occasion, hours=AlertHours(24), now=NOON, text=text
        ).is_urgent

    assert [write(t) for t in ("All well.", "I go to the Canal.", "All well.")] == [
        False,
        True,
        True,
    ]
    other = an_occasion(session)
    alert = raised(
        session,
        AlertKind.FREE_TEXT,
        other,
        hours=AlertHours(24),
        now=NOON,
        text="the canal; suicide",
    )
    assert alert.is_urgent


def test_who_does_not_feel_safe_is_urgent(session: Session):
    occasion = an_occasion(session, "feeling-safe")
    assert raised(session, AlertKind.LOW_SAFETY, occasion, hours=AlertHours(24), now=NOON).is_urgent
