"""Which texts are tried against each other, in every language in which the service texts?"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey_app.domain.requests import InvitationWording, MessageKind
from survey_app.messaging.expected import ExpectedText, expected_text
from survey_app.settings import Settings
from survey_app.store.offered_languages import offered_languages
from survey_app.store.services import Service
from survey_app.web.caseworker.message_words import WORDINGS


@dataclass(frozen=True)
class TriedText:
    """One wording in one language, as it would come."""

    name: str
    text: ExpectedText


def tried_texts(session: Session, service: Service, settings: Settings) -> list[list[TriedText]]:
    """For each language that the service offers, English first, the first text in each wording."""
    return [
        [
            TriedText(
                str(WORDINGS[wording]),
                expected_text(
                    MessageKind.INVITATION,
                    service=service,
                    settings=settings,
                    language=language.tag,
                    invitation=wording,
                ),
            )
            for wording in InvitationWording
        ]
        for language in offered_languages(session, service)
    ]
