"""Alerts are read, taken and closed, each once and each on the record."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertOutcome
from survey_app.store.alert_notes import notes_of
from survey_app.store.alerts import AlertNotFound
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope, set_scope
from survey_app.usecases.handle_alert import (
    AlertRefusal,
    claim_alert,
    close_alert,
    note_on_alert,
    read_alert,
)
from tests.alerts import an_alert
from tests.builders import a_service
from tests.staff import an_account
from tests.world import NOON

SPOKE = AlertOutcome.SPOKE


@pytest.fixture
def people(session: Session):
    return an_account(session), an_account(session)


def by(account, alert):
    return {"alert_id": alert.id, "account_id": account.id, "now": NOON}


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def test_reading_gives_the_answer_it_is_about_and_no_other_and_is_audited(session, people):
    an_alert(session, text="of somebody else")
    alert = an_alert(session, text="They listened.")
    answers = read_alert(session, **by(people[0], alert))
    assert [answer.text for answer in answers] == ["They listened."]
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.account_id, row.subject_id) == ("read-alert", people[0].id, alert.id)
    assert "They listened." not in str(row.details)


@pytest.mark.parametrize("act", [read_alert, claim_alert])
def test_an_alert_of_another_service_is_not_there(session, people, act):
    alert = an_alert(session)
    set_scope(session, Scope.staff([a_service(session).id]))
    with pytest.raises(AlertNotFound):
        act(session, **by(people[0], alert))


def test_whoever_takes_it_first_has_it(session, people):
    alert = an_alert(session)
    assert claim_alert(session, **by(people[0], alert)) is None
    assert claim_alert(session, **by(people[0], alert)) is None
    assert claim_alert(session, **by(people[1], alert)) is AlertRefusal.TAKEN_BY_ANOTHER
    assert alert.claimed_by_id == people[0].id
    assert actions(session) == ["claim-alert"]


def test_closing_keeps_who_when_and_what_was_done(session, people):
    alert = an_alert(session)
    assert close_alert(session, outcome=SPOKE, note="Called back.", **by(people[1], alert)) is None
    session.flush()
    assert (alert.closed_by_id, alert.closed_at) == (people[1].id, NOON)
    assert (alert.outcome, alert.note) == (SPOKE, "Called back.")


def test_a_closed_alert_stays_as_it_is(session, people):
    alert = an_alert(session)
    close_alert(session, outcome=SPOKE, note="Called back.", **by(people[0], alert))
    again = close_alert(session, outcome=SPOKE, note="Something else.", **by(people[1], alert))
    assert again is AlertRefusal.ALREADY_CLOSED
    assert claim_alert(session, **by(people[1], alert)) is AlertRefusal.ALREADY_CLOSED
    assert alert.note == "Called back."
    assert actions(session) == ["close-alert"]


def test_notes_pile_up_until_the_alert_is_closed(session, people):
    alert = an_alert(session)
    note_on_alert(session, text="of another alert", **by(people[0], an_alert(session)))
    assert note_on_alert(session, text="Rang.", **by(people[0], alert)) is None
    assert note_on_alert(session, text="Rang again.", **by(people[1], alert)) is None
    session.flush()
    found = [(note.text, author.id) for note, author in notes_of(session, alert.id)]
    assert found == [("Rang.", people[0].id), ("Rang again.", people[1].id)]
    close_alert(session, outcome=SPOKE, note="Reached.", **by(people[0], alert))
    late = note_on_alert(session, text="Too late.", **by(people[0], alert))
    assert late is AlertRefusal.ALREADY_CLOSED
    assert actions(session) == ["note-alert", "note-alert", "note-alert", "close-alert"]
