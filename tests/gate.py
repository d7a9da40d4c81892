"""Builders: a service in shadow with a real provider, and everything that its gate asks for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.cases import Role
from survey_app.domain.gate import ConditionId, Unmet
from survey_app.domain.privacy_words import KEYS
from survey_app.messaging.exact_texts import text_hashes
from survey_app.reporting.shadow import shadow_counts
from survey_app.settings import Settings
from survey_app.store.gate import ProviderCheck
from survey_app.store.offered_languages import offered_languages
from survey_app.store.services import Service, ServiceMode
from survey_app.store.staff import StaffAccount
from survey_app.usecases.ask_gate import ask_gate
from survey_app.usecases.confirm_for_gate import confirm_shadow, confirm_texts
from survey_app.usecases.decider import Decider
from survey_app.usecases.set_alert_cover import set_alert_cover
from tests.staff import a_second_factor, an_account
from tests.texting import a_texting_service
from tests.world import NOON, TEST_KEYS

SENDER = "Ask Us"
SETTINGS = Settings(keys=TEST_KEYS, base_url="https://q.example.org")
WEEK_AGO = NOON - timedelta(days=7)


def a_shadow(session: Session, **facts: Any) -> Service:
    """A service in shadow for a week, which would text through Twilio; it has done nothing yet."""
    facts = {
        "mode": ServiceMode.SHADOW,
        "sms_provider": "twilio",
        "sender": SENDER,
        "created_at": WEEK_AGO,
    } | facts
    return a_texting_service(session, **facts)


@dataclass(frozen=True)
class Team:
    """Who works there."""

    manager: StaffAccount
    caseworker: StaffAccount


def a_team(session: Session, service: Service) -> Team:
    """A manager with a second factor, and a caseworker."""
    manager = an_account(session, (service, Role.MANAGER))
    a_second_factor(session, manager)
    return Team(manager, an_account(session, (service, Role.CASEWORKER)))


def meet_gate(session: Session, service: Service, settings: Settings = SETTINGS) -> Team:
    """Do all that is asked, as people would."""
    team = a_team(session, service)
    by = Decider(team.manager.id, None, NOON)
    service.privacy = {key: f"Our words on {key}." for key in KEYS}
    service.help_lines = [{"name": "Line", "number": "0300 000 0000"}]
    a_check(session)
    counts = shadow_counts(session, service.id, NOON).as_stored()
    assert confirm_shadow(session, service, settings, counts, by) is None
    hashes = text_hashes(service, settings, offered_languages(session, service))
    assert confirm_texts(session, service, settings, hashes, by) is None
    assert set_alert_cover(session, service, team.caseworker.id, AlertHours(), by) is None
    return team


def a_check(session: Session, **facts: Any) -> ProviderCheck:
    """A check of the service's provider and sender, which passed now."""
    facts = {"provider": "twilio", "sender": SENDER, "at": NOON, "is_passed": True} | facts
    check = ProviderCheck(**facts)
    session.add(check)
    session.flush()
    return check


def missing(
    session: Session, service: Service, settings: Settings = SETTINGS, **later: float
) -> set[ConditionId]:
    """What the gate asks that is not met, perhaps some time later."""
    session.flush()
    unmet: tuple[Unmet, ...] = ask_gate(session, service, settings, NOON + timedelta(**later))
    return {each.id for each in unmet}
