"""The gate goes by what is really there: words, checks, confirmations, people."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey_app.domain.alerts import AlertHours
from survey_app.domain.cases import Role
from survey_app.domain.gate import ConditionId
from survey_app.domain.privacy_words import KEYS
from survey_app.domain.requests import Channel
from survey_app.messaging.exact_texts import text_hashes
from survey_app.reporting.gate_people import find_alert_owner
from survey_app.reporting.shadow import count_decisions, shadow_counts
from survey_app.settings import Oidc
from survey_app.store.audit import AuditRow
from survey_app.store.catalogues import WordsOf
from survey_app.store.gate import GateConfirmation
from survey_app.store.offered_languages import offered_languages
from survey_app.store.requests import ContactDecision
from survey_app.store.second_factors import SecondFactor
from survey_app.store.services import Service, ServiceMode
from survey_app.store.staff import Membership
from survey_app.usecases.change_carrier import change_carrier
from survey_app.usecases.change_sending import change_mode
from survey_app.usecases.confirm_for_gate import ConfirmRefusal, confirm_shadow, confirm_texts
from survey_app.usecases.decide_contact import decide_contacts
from survey_app.usecases.decider import Decider
from survey_app.usecases.invite import invite_due
from survey_app.usecases.set_alert_cover import CoverRefusal, set_alert_cover
from tests.builders import a_person
from tests.gate import SENDER, SETTINGS, a_check, a_shadow, a_team, meet_gate, missing
from tests.staff import a_second_factor, an_account
from tests.texting import a_due_request
from tests.world import NOON

ALL = set(ConditionId)


@pytest.fixture
def service(session: Session) -> Service:
    """In shadow, beside another one whose gate is met: that is of no use here."""
    meet_gate(session, a_shadow(session, sender="Other"))
    return a_shadow(session)


@pytest.fixture
def fresh(session: Session) -> Service:
    """In shadow, and nothing was done anywhere."""
    return a_shadow(session)


def test_a_service_that_did_nothing_lacks_everything(session, fresh):
    assert missing(session, fresh) == ALL


def test_what_another_service_did_is_of_no_use(session, service):
    assert missing(session, service) == ALL - {ConditionId.PROVIDER_CHECK}
    service.sender = "Our own"
    assert missing(session, service) == ALL


def test_a_service_that_did_all_lacks_nothing(session, service):
    meet_gate(session, service)
    assert missing(session, service) == set()


@pytest.mark.parametrize("own", [None, "simulated"])
def test_with_the_simulated_provider_nothing_is_asked(session, fresh, own):
    fresh.sms_provider = own
    assert missing(session, fresh) == set()


def test_the_installations_real_provider_is_asked_for_like_a_services_own(session, fresh):
    fresh.sms_provider = None
    assert missing(session, fresh, replace(SETTINGS, sms_provider="notify")) == ALL


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("said", ["", "  "])
def test_each_of_the_nine_privacy_words_is_asked_for(session, service, key, said):
    meet_gate(session, service)
    service.privacy = service.privacy | {key: said}
    assert missing(session, service) == {ConditionId.PRIVACY_WORDS}


def test_they_are_asked_for_in_every_language_that_is_offered(session, service, catalogue_folder):
    catalogue_folder.make("cy")
    meet_gate(session, service)
    service.draft_languages = ["cy"]
    asked = {ConditionId.PRIVACY_WORDS, ConditionId.EXPECTED_TEXT}
    assert missing(session, service) == asked
    service.privacy = service.privacy | {"cy": dict.fromkeys(KEYS, "Ein geiriau.")}
    assert missing(session, service) == {ConditionId.EXPECTED_TEXT}
    service.draft_languages = []
    assert missing(session, service) == set()


def test_a_check_holds_for_seven_days_and_for_this_provider_and_sender(session, service):
    meet_gate(session, service)
    assert missing(session, service, days=7) == set()
    assert missing(session, service, days=7, seconds=1) == {ConditionId.PROVIDER_CHECK}
    service.sender = "Else"
    assert ConditionId.PROVIDER_CHECK in missing(session, service)
    a_check(session, sender="Else")
    assert ConditionId.PROVIDER_CHECK not in missing(session, service)
    service.sms_provider = "notify"
    assert ConditionId.PROVIDER_CHECK in missing(session, service)


def test_the_settings_sender_counts_where_a_service_has_none(session, service):
    service.sender = ""
    by_number = {"TWILIO_FROM": "+447700900001"}
    settings = replace(SETTINGS, provider_options=by_number)
    a_check(session, sender="+447700900001")
    assert ConditionId.PROVIDER_CHECK not in missing(session, service, settings)
    other = replace(SETTINGS, provider_options={"TWILIO_FROM": "+447700900002"})
    assert ConditionId.PROVIDER_CHECK in missing(session, service, other)


def test_a_later_check_that_failed_stands_over_one_that_passed(session, service):
    meet_gate(session, service)
    a_check(session, is_passed=False)
    assert missing(session, service) == {ConditionId.PROVIDER_CHECK}


def shadowed(session: Session, service: Service, number: int, at: datetime = NOON) -> None:
    """So many people are decided on."""
    requests = [a_due_request(session, service) for _ in range(number)]
    decide_contacts(session, requests, at)


def seen_now(session: Session, service: Service) -> dict:
    return shadow_counts(session, service.id, NOON).as_stored()


def test_twenty_decisions_stand_for_seven_days(session, service):
    team = meet_gate(session, service)
    by = Decider(team.manager.id, None, NOON)
    service.mode = ServiceMode.LIVE
    session.flush()
    change_mode(session, service, ServiceMode.SHADOW, Decider(None, None, NOON))
    early = confirm_shadow(session, service, SETTINGS, seen_now(session, service), by)
    assert early is ConfirmRefusal.TOO_EARLY
    shadowed(session, service, 19)
    assert missing(session, service) == {ConditionId.SHADOW_LOOKED_AT}
    early = confirm_shadow(session, service, SETTINGS, seen_now(session, service), by)
    assert early is ConfirmRefusal.TOO_EARLY
    shadowed(session, service, 1)
    assert confirm_shadow(session, service, SETTINGS, seen_now(session, service), by) is None
    assert missing(session, service) == set()


def test_only_decisions_on_texts_made_in_this_shadow_count(session, service):
    service.created_at = NOON
    shadowed(session, service, 20, at=NOON - timedelta(hours=1))
    assert count_decisions(session, service.id, NOON) == 0
    shadowed(session, service, 20)
    assert count_decisions(session, service.id, NOON) == 20
    session.execute(
        update(ContactDecision)
        .where(ContactDecision.service_id == service.id)
        .values(channel=Channel.PHONE)
    )
    assert count_decisions(session, service.id, NOON) == 0


def test_a_service_that_goes_into_shadow_again_is_looked_at_again(session, service):
    meet_gate(session, service)
    by = Decider(None, None, NOON + timedelta(hours=1))
    change_carrier(session, service, by, installed_provider="simulated", provider="simulated")
    service.mode = ServiceMode.PAUSED
    session.flush()
    change_carrier(session, service, by, installed_provider="simulated", provider="twilio")
    assert service.mode == ServiceMode.SHADOW
    assert missing(session, service, hours=2) == {ConditionId.SHADOW_LOOKED_AT}
    assert missing(session, service, days=8) == {
        ConditionId.SHADOW_LOOKED_AT,
        ConditionId.PROVIDER_CHECK,
    }


def test_a_confirmation_keeps_the_counts_that_were_seen_and_is_refused_for_others(session, service):
    team = a_team(session, service)
    by = Decider(team.manager.id, None, NOON)
    refused = a_due_request(session, service, a_person(session, service, sms_consent="no"))
    request = a_due_request(session, service)
    decide_contacts(session, [refused, request], NOON)
    invite_due(session, SETTINGS, NOON)
    counts = {"texts": 1, "refused": {"no-consent": 1}}
    for other in ({}, {**counts, "texts": 2}, {"texts": 1, "refused": {}}):
        found = confirm_shadow(session, service, SETTINGS, other, by)
        assert found is ConfirmRefusal.CHANGED
    assert confirm_shadow(session, service, SETTINGS, counts, by) is None
    kept = session.scalars(
        select(GateConfirmation).where(GateConfirmation.service_id == service.id)
    ).one()
    assert (kept.condition, kept.seen) == (ConditionId.SHADOW_LOOKED_AT, counts)
    assert (kept.account_id, kept.at) == (team.manager.id, NOON)
    audit = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
    assert (audit.action, audit.account_id) == ("confirm-for-gate", team.manager.id)
    assert audit.details["seen"] == counts


@pytest.mark.parametrize(
    "change", [{"sender": "Else"}, {"name": "Another name"}, {"sms_provider": "notify"}]
)
def test_confirmed_texts_are_void_once_sender_provider_or_name_change(session, service, change):
    meet_gate(session, service)
    for name, value in change.items():
        setattr(service, name, value)
    assert ConditionId.EXPECTED_TEXT in missing(session, service)
    assert ConditionId.EXPECTED_TEXT in missing(
        session, service, replace(SETTINGS, base_url="https://b.example.org")
    )


def test_confirmed_texts_are_void_once_a_catalogue_says_them_anew(
    session, service, catalogue_folder
):
    catalogue_folder.make("cy")
    service.draft_languages = ["cy"]
    meet_gate(session, service)
    assert ConditionId.EXPECTED_TEXT not in missing(session, service)
    catalogue_folder.say("cy", WordsOf.TEXTS, "Hello.", "Helô.")
    assert ConditionId.EXPECTED_TEXT in missing(session, service)


def test_texts_that_were_not_seen_are_not_confirmed(session, service):
    by = Decider(a_team(session, service).manager.id, None, NOON)
    hashes = text_hashes(service, SETTINGS, offered_languages(session, service))
    service.sender = "Else"
    session.flush()
    for seen in (hashes, {}):
        found = confirm_texts(session, service, SETTINGS, seen, by)
        assert found is ConfirmRefusal.CHANGED


def test_the_manager_is_active_and_has_confirmed_a_second_factor(session, service):
    team = meet_gate(session, service)
    team.manager.is_active = False
    assert missing(session, service) == {ConditionId.MANAGER_SIGNS_IN}
    team.manager.is_active = True
    assert missing(session, service) == set()
    factor = session.scalars(
        select(SecondFactor).where(SecondFactor.account_id == team.manager.id)
    ).one()
    factor.confirmed_at = None
    assert missing(session, service) == {ConditionId.MANAGER_SIGNS_IN}


def test_a_caseworkers_second_factor_is_no_managers(session, service):
    team = meet_gate(session, service)
    membership = session.scalars(
        select(Membership).where(Membership.account_id == team.manager.id)
    ).one()
    membership.role = Role.CASEWORKER
    assert missing(session, service) == {ConditionId.MANAGER_SIGNS_IN}


@pytest.mark.parametrize("change", [{"is_active": False}, {"password_hash": None}])
def test_whoever_covers_can_sign_in(session, service, change):
    team = meet_gate(session, service)
    by = Decider(None, None, NOON)
    assert set_alert_cover(session, service, team.manager.id, AlertHours(), by) is None
    for name, value in change.items():
        setattr(team.caseworker, name, value)
    an_account(session, (service, Role.COMMISSIONER), (service, Role.INTERVIEWER))
    assert missing(session, service) == {ConditionId.MANAGER_SIGNS_IN}
    an_account(session, (service, Role.MANAGER))
    assert missing(session, service) == set()


def test_where_people_sign_in_elsewhere_cover_needs_no_password(session, service):
    team = meet_gate(session, service)
    team.caseworker.password_hash = None
    with_provider = replace(SETTINGS, oidc=Oidc("https://id.example.org", "us", "secret"))
    assert missing(session, service) == {ConditionId.MANAGER_SIGNS_IN}
    assert missing(session, service, with_provider) == set()


def test_alerts_need_an_owner_who_may_handle_them_and_help_lines(session, service):
    team = meet_gate(session, service)
    an_account(session, (service, Role.MANAGER))
    assert find_alert_owner(session, service.id).account_id == team.caseworker.id
    team.caseworker.is_active = False
    assert missing(session, service) == {ConditionId.ALERT_COVER}
    team.caseworker.is_active = True
    service.help_lines = []
    assert missing(session, service) == {ConditionId.ALERT_COVER}


@pytest.mark.parametrize(
    ("hours", "refusal"),
    [
        (AlertHours(0, 4), CoverRefusal.USUAL_HOURS),
        (AlertHours(337, 4), CoverRefusal.USUAL_HOURS),
        (AlertHours(48, 0), CoverRefusal.LOW_SAFETY_HOURS),
        (AlertHours(48, 17), CoverRefusal.LOW_SAFETY_HOURS),
    ],
)
def test_alert_cover_takes_hours_that_can_be_promised(session, service, hours, refusal):
    owner = a_team(session, service).caseworker.id
    by = Decider(owner, None, NOON)
    assert set_alert_cover(session, service, owner, hours, by) is refusal
    assert service.alert_hours == AlertHours(48, 4)


def test_alert_cover_is_changed_in_place_and_audited(session, service):
    team = a_team(session, service)
    by = Decider(team.manager.id, None, NOON)
    foreign = an_account(session).id
    seer = an_account(session, (service, Role.COMMISSIONER)).id
    for owner in (None, 10**6, foreign, seer):
        found = set_alert_cover(session, service, owner, AlertHours(), by)
        assert found is CoverRefusal.OWNER_CANNOT
    for owner, hours in ((team.manager.id, AlertHours(24, 2)), (team.caseworker.id, AlertHours())):
        assert set_alert_cover(session, service, owner, hours, by) is None
        assert service.alert_hours == hours
        assert find_alert_owner(session, service.id).account_id == owner
    audits = [row for row in session.scalars(select(AuditRow)) if row.action == "set-alert-cover"]
    mine = [row.details for row in audits if row.service_id == service.id]
    assert mine[0] == {"owner": team.manager.id, "hours": 24, "low_safety_hours": 2}
    assert len(mine) == 2


def test_a_second_factor_of_somebody_elsewhere_is_no_use(session, fresh):
    a_second_factor(session, an_account(session, (a_shadow(session), Role.MANAGER)))
    assert ConditionId.MANAGER_SIGNS_IN in missing(session, fresh)
    assert fresh.sender == SENDER
