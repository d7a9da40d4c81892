"""What is a person told about who asks and what becomes of the answers (UK GDPR, Article 13)?

A service records its own words in `Service.privacy` under the keys below. What the product itself
knows has a wording here; what only the service can know (its lawful basis, how long it keeps
answers, how to reach it) is never made up: where it is missing the page says to ask.
"""

from dataclasses import dataclass

from flask_babel import gettext

from survey_app.store.services import Service

KEYS = (
    "controller",
    "contact",
    "purpose",
    "lawful_basis",
    "recipients",
    "retention",
    "rights",
    "complaints",
)


@dataclass(frozen=True)
class PrivacyFact:
    """One heading and what stands under it."""

    heading: str
    text: str


def privacy_facts(service: Service) -> list[PrivacyFact]:
    """What is said, in the order of `KEYS`; the service's own words first."""
    headings = _headings()
    spoken = _what_the_product_knows(service) | {
        key: str(text) for key, text in service.privacy.items() if key in headings and text
    }
    unknown = gettext("Please ask the service. You can also ask the person who supports you.")
    return [PrivacyFact(headings[key], spoken.get(key, unknown)) for key in KEYS]


def _headings() -> dict[str, str]:
    return {
        "controller": gettext("Who asks"),
        "contact": gettext("How to reach them"),
        "purpose": gettext("Why they ask"),
        "lawful_basis": gettext("What allows them to ask"),
        "recipients": gettext("Who sees your answers"),
        "retention": gettext("How long they keep your answers"),
        "rights": gettext("Your rights"),
        "complaints": gettext("If you are not happy with this"),
    }


def _what_the_product_knows(service: Service) -> dict[str, str]:
    return {
        "controller": service.name,
        "purpose": gettext("To learn how well the support works, and to make it better."),
        "recipients": gettext(
            "Staff of the service who need to see them. Those who pay for the service only see "
            "totals. They never see your name or your own words."
        ),
        "rights": gettext(
            "You do not have to answer. You can ask to see what is kept about you, to have it put "
            "right, or to have it deleted. You can say that you do not want it used. None of this "
            "changes the support you get."
        ),
        "complaints": gettext(
            "Tell the service first, if you can. You can also complain to the Information "
            "Commissioner: ico.org.uk or 0303 123 1113."
        ),
    }
