"""Exactly which text, from which sender, will this person get, and in how many parts?"""

from dataclasses import dataclass

from survey_app.domain.cases import Recorded
from survey_app.domain.requests import USUAL_WORDING, InvitationWording, MessageKind
from survey_app.messaging.outbox import provider_name
from survey_app.messaging.segments import Encoding, segmented
from survey_app.messaging.texts import link_to, write_text
from survey_app.messaging.tokens import LENGTH
from survey_app.settings import Settings
from survey_app.store.catalogues import shipped_catalogues
from survey_app.store.people import Person
from survey_app.store.services import Service
from survey_app.store.unreadable import in_words

SAMPLE_TOKEN = "x" * LENGTH
"""As long as a real one, so that the parts are counted as they will be; it opens nothing."""


@dataclass(frozen=True)
class ExpectedText:
    """One text as its phone will show it. `pence` is None where no price was set."""

    kind: MessageKind
    sender: str
    body: str
    language: str
    language_name: str
    """As staff call it."""
    is_draft: bool
    """Whether no speaker of the language has reviewed its catalogue."""
    segments: int
    encoding: Encoding
    pence: float | None


def sender_of(service: Service, settings: Settings) -> str:
    """What a text of this service appears to come from; empty where the provider chooses it."""
    provider = provider_name(service, settings)
    if provider == "notify":
        # Notify knows senders by an id that means nothing to a person.
        return ""
    if service.sender:
        return service.sender
    if provider == "twilio":
        return settings.provider_options.get("TWILIO_FROM", "")
    return ""


def expected_text(
    kind: MessageKind,
    *,
    service: Service,
    settings: Settings,
    language: str,
    person: Person | None = None,
    invitation: InvitationWording = USUAL_WORDING,
) -> ExpectedText:
    """The text of this kind with a sample link, made by what makes the real one.

    Without a person it is the one that nobody has agreed a word or a name for. `invitation` is the
    wording that this person is asked in (`usecases.place_in_trials`).
    """
    may_name = person is not None and person.name_service == Recorded.YES
    wording = write_text(
        kind,
        language=language,
        link=link_to(settings.base_url, SAMPLE_TOKEN),
        service_name=service.name if may_name else None,
        check_word=None if person is None else in_words(person.check_word),
        invitation=invitation,
    )
    catalogue = shipped_catalogues().get(wording.language)
    counted = segmented(wording.body)
    price = settings.sms_pence_per_part
    return ExpectedText(
        kind=kind,
        sender=sender_of(service, settings),
        body=wording.body,
        language=wording.language,
        language_name=catalogue.language.english_name,
        is_draft=catalogue.status.is_draft,
        segments=counted.segments,
        encoding=counted.encoding,
        pence=None if price is None else price * counted.segments,
    )
