"""Accounts: roles within services, passwords that are never kept."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.store.audit import AuditRow
from survey_app.store.staff import StaffAccount, find_account
from survey_app.usecases.accounts import (
    AccountRefusal,
    AccountRefused,
    add_account,
    new_password,
)
from tests.builders import a_service
from tests.world import NOON

PASSWORD = "four unlikely words here"
MANAGER = {"role": Role.MANAGER, "password": PASSWORD, "now": NOON}


def test_an_account_keeps_a_hash_and_its_address_in_one_case(session: Session):
    service = a_service(session)
    account = add_account(
        session, email=" Worker@Example.ORG ", service=service, name="Sam", **MANAGER
    )
    assert find_account(session, "worker@example.org") is account
    assert PASSWORD not in account.password_hash
    assert account.password_hash.startswith("$argon2id$")
    assert PasswordHasher().verify(account.password_hash, PASSWORD)
    assert [(m.service_id, m.role) for m in account.memberships] == [(service.id, "manager")]
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.details) == ("add-account", {"role": "manager"})


def test_a_further_role_keeps_the_password_and_name(session: Session):
    ours, theirs = a_service(session), a_service(session)
    first = add_account(session, email="a@example.org", service=ours, name="Sam", **MANAGER)
    kept = first.password_hash
    again = add_account(
        session,
        email="A@example.org",
        service=theirs,
        role=Role.COMMISSIONER,
        password="",
        now=NOON,
    )
    assert again is first
    assert (again.password_hash, again.name) == (kept, "Sam")
    assert {(m.service_id, m.role) for m in again.memberships} == {
        (ours.id, "manager"),
        (theirs.id, "commissioner"),
    }
    assert session.scalar(select(func.count(StaffAccount.id))) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"email": "nobody"}, AccountRefusal.ADDRESS_MALFORMED),
        ({"email": "a b@example.org"}, AccountRefusal.ADDRESS_MALFORMED),
        ({"email": "@example.org"}, AccountRefusal.ADDRESS_MALFORMED),
        ({"email": "new@example.org", "password": "eleven char"}, "password-too-short"),
        ({"email": "new@example.org", "password": ""}, AccountRefusal.PASSWORD_TOO_SHORT),
        ({"email": "HELD@example.org"}, AccountRefusal.ROLE_HELD),
    ],
)
def test_what_cannot_be_added_is_refused_by_name(session: Session, changes, reason):
    service = a_service(session)
    add_account(session, email="held@example.org", service=service, **MANAGER)
    with pytest.raises(AccountRefused) as refused:
        add_account(session, **{"service": service, **MANAGER, **changes})
    assert refused.value.reason == reason
    assert session.scalar(select(func.count(StaffAccount.id))) == 1


def test_made_passwords_differ_and_can_be_read_out():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password.replace("-", "")) == 20
        assert not set(password) & set("01ilo")
