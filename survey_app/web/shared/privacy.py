"""What is a person told about who asks and what becomes of the answers (UK GDPR, Article 13)?

A service writes its own words on its page "What people read". What the product itself knows has a
wording here; what only the service can know (its lawful basis, how long it keeps answers, how to
reach it) is never made up: where it is missing in the reader's language the page says to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from survey_app.domain.privacy_words import KEYS, words_in
from survey_app.web.shared.numbers_in_order import numbers_in_order
from survey_app.web.shared.page_language import page_tag


@dataclass(frozen=True)
class PrivacyFact:
    """One heading and what stands under it; `is_own` where the service wrote it."""

    key: str
    heading: str
    text: str
    is_own: bool


def privacy_facts(name: str, privacy: Mapping[str, Any]) -> list[PrivacyFact]:
    """What is said for a service of this name, in the order of `KEYS`; its own words first."""
    headings = privacy_headings()
    own = {key: numbers_in_order(said) for key, said in words_in(privacy, page_tag()).items()}
    known = _what_the_product_knows(name)
    unknown = gettext("Please ask the service. You can also ask the person who supports you.")
    return [
        PrivacyFact(key, headings[key], own.get(key) or known.get(key, unknown), key in own)
        for key in KEYS
    ]


def privacy_headings() -> dict[str, str]:
    """The heading of each fact, by key."""
    return {
        "controller": gettext("Who asks"),
        "contact": gettext("How to reach them"),
        "protection_officer": gettext("Who looks after your data there"),
        "purpose": gettext("Why they ask"),
        "lawful_basis": gettext("What allows them to ask"),
        "recipients": gettext("Who sees your answers"),
        "retention": gettext("How long they keep your answers"),
        "rights": gettext("Your rights"),
        "complaints": gettext("If you are not happy with this"),
    }


def _what_the_product_knows(name: str) -> dict[str, str]:
    return {
        "controller": name,
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
