"""Which texts exactly does a service send in a language, from whom, and are they still the same?"""

import json
from collections.abc import Iterable
from hashlib import sha256

from survey_app.domain.cases import Recorded
from survey_app.domain.languages import Language
from survey_app.domain.requests import MessageKind
from survey_app.messaging.expected import ExpectedText, expected_text
from survey_app.messaging.outbox import provider_name
from survey_app.messaging.providers.choose import twilio_account
from survey_app.messaging.providers.twilio import NAME as TWILIO
from survey_app.settings import Settings
from survey_app.store.people import Person
from survey_app.store.services import Service

SAMPLE_WORD = "willow"


def effective_sender(provider: str, own: str, settings: Settings) -> str:
    """What carries a text at this provider: the service's own sender, else the settings'; blank
    where the provider's account says it."""
    if own or provider != TWILIO:
        return own
    account = twilio_account(settings)
    return account.messaging_service_sid or account.sender


def exact_texts(service: Service, settings: Settings, language: str) -> list[ExpectedText]:
    """The first text, the reminder, and the first text of somebody who agreed to a word and to the
    name of the service."""
    agreed = Person(name_service=Recorded.YES, check_word=SAMPLE_WORD)
    plain = [(kind, None) for kind in MessageKind]
    return [
        expected_text(kind, service=service, settings=settings, language=language, person=person)
        for kind, person in (*plain, (MessageKind.INVITATION, agreed))
    ]


def text_hashes(
    service: Service, settings: Settings, languages: Iterable[Language]
) -> dict[str, str]:
    """By tag of each language: a hash over provider, sender and texts, so that a confirmation of
    them is void once one of these changes."""
    provider = provider_name(service, settings)
    carrier = [provider, effective_sender(provider, service.sender, settings)]
    found = {}
    for language in languages:
        bodies = [text.body for text in exact_texts(service, settings, language.tag)]
        content = json.dumps([*carrier, *bodies], ensure_ascii=False)
        found[language.tag] = sha256(content.encode()).hexdigest()
    return found
