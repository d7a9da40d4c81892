"""Staff accounts for tests, and a browser without script that signs them in."""

import re
from functools import cache
from itertools import count

import pyotp
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey_app.domain.cases import Role
from survey_app.store.second_factors import SecondFactor
from survey_app.store.services import Service
from survey_app.store.staff import Membership, StaffAccount
from tests.world import NOON

PASSWORD = "correct horse battery"
_numbers = count(1)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def _hash() -> str:
    return _CHEAP.hash(PASSWORD)


def an_account(session: Session, *places: tuple[Service, Role], **facts: object) -> StaffAccount:
    """Somebody with these roles in these services; their password is `PASSWORD`."""
    n = next(_numbers)
    facts = {
        "email": f"staff-{n}@example.org",
        "name": f"Staff {n}",
        "password_hash": _hash(),
        "created_at": NOON,
    } | facts
    account = StaffAccount(**facts)
    session.add(account)
    session.flush()
    for service, role in places:
        session.add(Membership(account_id=account.id, service_id=service.id, role=role))
    session.flush()
    return account


def a_second_factor(session: Session, account: StaffAccount) -> str:
    """A confirmed app for this person; its secret."""
    secret = pyotp.random_base32()
    session.add(
        SecondFactor(account_id=account.id, secret=secret, created_at=NOON, confirmed_at=NOON)
    )
    session.flush()
    return secret


def csrf_of(page: TestResponse) -> str:
    """The token in the page's first form."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    """Sign in as people do, in a browser that nobody is signed in to: open, fill, send."""
    client.delete_cookie("s")
    token = csrf_of(client.get("/sign-in"))
    return client.post("/sign-in", data={"csrf_token": token, "email": email, "password": password})


def send(client: FlaskClient, form_page: str, address: str, **fields: str) -> TestResponse:
    """Send a form of `form_page` to `address`."""
    token = csrf_of(client.get(form_page))
    return client.post(address, data={"csrf_token": token, **fields})
