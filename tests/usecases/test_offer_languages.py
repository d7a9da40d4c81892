"""A manager switches drafts on and off; texts in a language that is gone are taken back."""

import pytest
from sqlalchemy import select

from survey_app.domain.languages import ENGLISH
from survey_app.domain.requests import MessageKind, MessageState
from survey_app.messaging.outbox import TextToQueue, queue_texts
from survey_app.settings import Settings
from survey_app.store.audit import AuditRow
from survey_app.store.messages import OutboxMessage
from survey_app.store.offered_languages import languages_of, offered_languages
from survey_app.store.people import Person
from survey_app.usecases.offer_languages import LANGUAGE_WITHDRAWN, offer_drafts
from tests.builders import a_person, a_programme, a_service
from tests.staff import an_account
from tests.texting import a_due_request, a_texting_service
from tests.world import NOON, TEST_KEYS

SETTINGS = Settings(keys=TEST_KEYS)


@pytest.fixture(autouse=True)
def drafts(catalogue_folder):
    """Two whole drafts."""
    catalogue_folder.make("cy", "ur")
    return catalogue_folder


def offer(session, service, *tags: str) -> bool:
    account = an_account(session)
    return offer_drafts(session, service, tags, account_id=account.id, now=NOON)


def queued(session, service, language: str) -> OutboxMessage:
    person = a_person(session, service, language=language)
    request = a_due_request(session, service, person)
    text = TextToQueue(request, person, service, MessageKind.INVITATION, 0, due_at=NOON)
    return queue_texts(session, [text], SETTINGS, NOON)[0]


def test_drafts_are_offered_once_they_are_switched_on(session):
    service = a_service(session)
    a_programme(session, service)
    a_service(session, draft_languages=["ur"])
    assert offered_languages(session, service) == [ENGLISH]
    assert offer(session, service, "ur", "cy", "pl", "tlh")
    assert [each.tag for each in offered_languages(session, service)] == ["en", "cy", "ur"]
    assert service.draft_languages == ["cy", "pl", "ur"]
    row = session.scalars(select(AuditRow).where(AuditRow.action == "offer-languages")).one()
    assert (row.service_id, row.details) == (service.id, {"from": [], "to": ["cy", "pl", "ur"]})
    assert not offer(session, service, "pl", "cy", "ur")


def test_staff_see_each_language_as_it_stands(session):
    service = a_service(session, draft_languages=["cy", "pl"])
    a_programme(session, service)
    found = {each.language.tag: each for each in languages_of(session, service)}
    offered = {tag: (each.is_switched_on, each.is_offered) for tag, each in found.items()}
    assert offered["en"] == (False, True)
    assert offered["cy"] == (True, True)
    assert offered["pl"] == (True, False)
    assert offered["ur"] == (False, False)
    assert (found["ur"].missing, found["pl"].missing > 0) == (0, True)


def test_a_text_comes_in_the_recorded_language_where_it_is_offered(session):
    service = a_texting_service(session, draft_languages=["ur"])
    assert queued(session, service, "ur-PK").language == "ur"
    assert queued(session, service, "cy").language == "en"
    assert queued(session, service, "ur-Latn").language == "en"


def test_what_was_chosen_on_a_page_comes_before_what_is_recorded(session):
    service = a_texting_service(session, draft_languages=["ur", "cy"])
    person = a_person(session, service, language="ur")
    request = a_due_request(session, service, person, language="cy")
    text = TextToQueue(request, person, service, MessageKind.REMINDER, 1, due_at=NOON)
    assert queue_texts(session, [text], SETTINGS, NOON)[0].language == "cy"


def test_queued_texts_in_a_language_switched_off_are_taken_back(session):
    service = a_texting_service(session, draft_languages=["ur", "cy"])
    elsewhere = a_texting_service(session, draft_languages=["ur"])
    gone, stays = queued(session, service, "ur"), queued(session, service, "cy")
    other = queued(session, elsewhere, "ur")
    assert offer(session, service, "cy")
    for text in (gone, stays, other):
        session.refresh(text)
    assert (gone.state, gone.reason, gone.body) == (
        MessageState.CANCELLED,
        LANGUAGE_WITHDRAWN,
        None,
    )
    assert (stays.state, other.state) == (MessageState.PENDING, MessageState.PENDING)
    person = session.get_one(Person, gone.person_id)
    assert person.language == "ur"
