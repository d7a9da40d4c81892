"""Another sender or provider: only what can carry a text, and never a surprise start."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.reporting.sending_history import sending_history
from survey_app.store.audit import AuditRow
from survey_app.usecases.change_carrier import CarrierRefusal, change_carrier
from survey_app.usecases.decider import Decider
from tests.builders import a_service
from tests.world import NOON

UUID = "55555555-5555-4555-8555-555555555555"


def change(session, service, installed="simulated", reason=None, **facts):
    by = Decider(None, reason, NOON)
    return change_carrier(session, service, by, installed_provider=installed, **facts)


def test_a_sender_is_set_taken_away_and_audited(session: Session):
    service, other = a_service(session), a_service(session)
    assert change(session, service, sender=" Ask Us ", reason="Agreed.") is None
    assert (service.sender, other.sender) == ("Ask Us", "")
    assert change(session, service, sender="Ask Us") is None
    assert change(session, service, sender="") is None
    assert service.sender == ""
    said = [change.details for change in sending_history(session, service.id)]
    assert said == [
        {"sender": "", "provider": None},
        {"sender": "Ask Us", "provider": None, "reason": "Agreed."},
    ]


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"provider": "pigeon"}, CarrierRefusal.PROVIDER_UNKNOWN),
        ({"sender": "far too long a name"}, CarrierRefusal.SENDER_MALFORMED),
        ({"sender": UUID}, CarrierRefusal.SENDER_MALFORMED),
        ({"sender": "Ask Us", "provider": "notify"}, CarrierRefusal.NOTIFY_WANTS_AN_ID),
    ],
)
def test_what_cannot_carry_a_text_changes_nothing(session: Session, facts, refusal):
    service = a_service(session)
    assert change(session, service, **facts) is refusal
    assert (service.sender, service.sms_provider, service.mode) == ("", None, "live")
    assert session.scalars(select(AuditRow)).all() == []


@pytest.mark.parametrize("mode", ["live", "paused"])
def test_a_service_that_leaves_the_simulated_provider_goes_into_shadow(session: Session, mode):
    service = a_service(session, mode=mode)
    assert change(session, service, provider="notify", sender=UUID, reason="Contract.") is None
    assert (service.mode, service.sms_provider, service.sender) == ("shadow", "notify", UUID)
    newest = sending_history(session, service.id)[0].details
    assert newest == {"from": mode, "to": "shadow", "reason": "Contract."}


@pytest.mark.parametrize(
    ("installed", "mode", "provider", "stays"),
    [
        ("twilio", "live", "notify", "live"),  # from a real one to another
        ("simulated", "live", "simulated", "live"),
        ("twilio", "live", "simulated", "live"),
    ],
)
def test_any_other_change_of_provider_leaves_the_mode(
    session: Session, installed, mode, provider, stays
):
    service = a_service(session, mode=mode)
    assert change(session, service, installed, provider=provider) is None
    assert (service.mode, service.sms_provider) == (stays, provider)
