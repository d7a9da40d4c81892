"""A service starts with its own copy of a programme, and sends only where that was said."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Flag
from survey_app.domain.contact_facts import flags_meant
from survey_app.domain.programmes import Programme, parse_programme
from survey_app.store.audit import AuditRow
from survey_app.store.programmes import shipped_programmes
from survey_app.store.services import Service, ServiceMode, programme_in_force
from survey_app.usecases.add_service import (
    ServiceRefusal,
    ServiceRefused,
    add_service,
    why_not_add,
)
from survey_app.usecases.change_sending import change_mode
from survey_app.usecases.decider import Decider
from tests.world import NOON

BY = Decider(None, None, NOON)


ASKED = {"name": "Victim care", "slug": "victim-care", "programme": "standard"}


@pytest.mark.parametrize("key", ["standard", "assessment-led"])
def test_a_service_has_its_own_copy_of_the_programme(session: Session, key: str):
    service = add_service(session, name=" Victim care ", slug="vc", programme=key, now=NOON)
    version = programme_in_force(session, service.id)
    assert version is not None
    assert (version.number, version.key) == (1, key)
    programme = parse_programme(version.content)
    assert isinstance(programme, Programme)
    assert programme == shipped_programmes()[key]
    assert service.name == "Victim care"
    assert session.scalars(select(AuditRow.action)).all() == ["add-service"]


@pytest.mark.parametrize(
    ("installed", "own", "mode"),
    [
        ("simulated", None, "live"),
        ("twilio", None, "shadow"),
        ("simulated", "notify", "shadow"),
        ("twilio", "simulated", "live"),
    ],
)
def test_with_a_real_provider_a_service_starts_in_shadow(session: Session, installed, own, mode):
    service = add_service(
        session, name="A", slug="a", now=NOON, installed_provider=installed, sms_provider=own
    )
    assert service.mode == mode


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "  "}, ServiceRefusal.NAME_MISSING),
        ({"slug": ""}, ServiceRefusal.SLUG_MALFORMED),
        ({"slug": "Victim Care"}, ServiceRefusal.SLUG_MALFORMED),
        ({"slug": "a--b"}, ServiceRefusal.SLUG_MALFORMED),
        ({"slug": "a" * 65}, ServiceRefusal.SLUG_MALFORMED),
        ({"slug": "taken"}, ServiceRefusal.SLUG_TAKEN),
        ({"programme": "nothing"}, ServiceRefusal.PROGRAMME_UNKNOWN),
    ],
)
def test_what_cannot_be_added_is_refused_by_name(session: Session, changes, reason):
    add_service(session, name="Another", slug="taken", now=NOON)
    asked = {**ASKED, **changes}
    assert why_not_add(session, **asked) is reason
    with pytest.raises(ServiceRefused) as refused:
        add_service(session, **asked, now=NOON)
    assert refused.value.reason is reason
    assert session.scalars(select(Service.slug)).all() == ["taken"]


def test_a_service_is_let_send_and_stopped(session: Session):
    service = add_service(session, **ASKED, now=NOON)
    assert change_mode(session, service, ServiceMode.PAUSED, BY)
    assert not change_mode(session, service, ServiceMode.PAUSED, BY)
    assert service.mode == "paused"
    session.flush()
    row = session.scalars(select(AuditRow).where(AuditRow.action == "change-mode")).one()
    assert row.details == {"from": "live", "to": "paused"}


@pytest.mark.parametrize(
    ("category", "flag"),
    [
        ("Domestic Abuse", Flag.DOMESTIC_ABUSE),
        ("domestic-abuse", Flag.DOMESTIC_ABUSE),
        (" Rape ", Flag.SEXUAL_VIOLENCE),
        ("Hate crime", Flag.HATE_CRIME),
        ("Murder", Flag.HOMICIDE),
        ("Burglary", None),
        (None, None),
    ],
)
def test_a_new_service_maps_plainly_named_crimes_to_their_flag(session: Session, category, flag):
    service = add_service(session, **ASKED, now=NOON)
    meant = flags_meant(frozenset(), category, service.sensitive_crimes)
    assert meant == (frozenset() if flag is None else {flag})
