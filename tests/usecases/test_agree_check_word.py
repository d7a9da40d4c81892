"""The word that a person chooses stands in their texts from then on."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.check_word import CheckWordRefusal
from survey_app.domain.requests import MessageState
from survey_app.store.audit import AuditRow
from survey_app.store.people import Person
from survey_app.usecases.agree_check_word import CHECK_WORD_CHANGED, agree_check_word
from survey_app.usecases.invite import invite_due
from tests.messaging.queued import SETTINGS
from tests.staff import an_account
from tests.staff_texts import a_text
from tests.texting import a_texting_service
from tests.world import NOON


@pytest.fixture
def text(session: Session):
    service = a_texting_service(session)
    a_text(session, service)
    return a_text(session, service)


@pytest.fixture
def account_id(session: Session, text) -> int:
    return an_account(session).id


def agree(session, text, account_id, word):
    return agree_check_word(session, text.person_id, word, account_id=account_id, now=NOON)


def test_a_queued_text_is_written_anew_with_the_word(session, text, account_id):
    assert agree(session, text, account_id, " maple ") is None
    session.expire_all()
    assert session.get_one(Person, text.person_id).check_word == "maple"
    assert (text.state, text.reason) == (MessageState.CANCELLED, CHECK_WORD_CHANGED)
    assert invite_due(session, SETTINGS, NOON).queued == 1
    assert "maple" in text.body


def test_that_it_changed_is_on_record_and_the_word_is_not(session, text, account_id):
    for word in ("maple", "maple", ""):
        agree(session, text, account_id, word)
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
    assert [row.details for row in rows] == [
        {"had_one": False, "has_one": True},
        {"had_one": True, "has_one": False},
    ]
    assert session.get_one(Person, text.person_id).check_word is None


def test_a_word_that_cannot_be_one_changes_nothing(session, text, account_id):
    assert agree(session, text, account_id, "two words") is CheckWordRefusal.SEVERAL_WORDS
    session.expire_all()
    assert text.state == MessageState.PENDING
    assert session.scalars(select(AuditRow)).all() == []
