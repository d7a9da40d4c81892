"""Someone chooses their language on the first page; from then on every word is in it."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from babel.messages.catalog import Catalog
from sqlalchemy import select

from survey_app.domain.languages import LANGUAGES
from survey_app.store.catalogues import WordsOf
from survey_app.store.requests import SurveyRequest
from survey_app.store.responses import Response
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from tests.catalogues import CLOSE, OPEN, CatalogueFolder
from tests.web.victim.conftest import Look, MakeLink
from tests.web.victim.phone import Phone

OFFERS = {
    "draft_languages": ["cy", "ur", "pl"],
    "help_lines": [
        {
            "name": "Northshire line",
            "number": "0808 000 0000",
            "hours": "all week",
            "opens": {"weekdays": ["09:00", "17:00"], "sunday": ["00:00", "24:00"]},
        }
    ],
    "accessibility_contact": "Ring 07700 900123.",
    "privacy": {"contact": "Ring the office.", "ur": {"retention": "07700 900123"}},
}
"""What the service wrote is in English, but for one part in Urdu."""


class _Texts(HTMLParser):
    """What stands between tags, and what a screen reader is told besides."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        # What stands in `bdi` is data: a name, a code.
        self.skipping += tag in ("script", "bdi")
        said = ("aria-label", "data-s1", "data-s2", "title", "alt", "placeholder")
        self.found += [value for name in said if (value := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        self.skipping -= tag in ("script", "bdi")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.skipping:
            self.found.append(data.strip())


def said_outside(page: str) -> list[str]:
    """Words of a page that did not come out of a catalogue of made-up words."""
    reader = _Texts()
    # A code to take answers back is in no language.
    reader.feed(re.sub(r"<bdi>.*?</bdi>", "", page))
    whole = " ".join(reader.found)
    outside, count = whole, 1
    while count:  # Days stand within the sentence that says when a line answers.
        outside, count = re.subn(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", outside)
    return re.findall(r"[^\W\d_]{2,}", outside)


def lang_and_direction(phone: Phone) -> tuple[str, str]:
    found = re.search(r'<html lang="([^"]*)" dir="([^"]*)"', phone.text)
    assert found is not None
    return found[1], found[2]


@pytest.fixture
def offered(catalogue_folder: CatalogueFolder, make_link: MakeLink) -> str:
    """A link of a service that offers three whole drafts."""
    catalogue_folder.make(*OFFERS["draft_languages"])
    return make_link(service=OFFERS)


def test_the_first_page_offers_each_language_in_its_own_name(phone: Phone, offered: str):
    page = phone.open(f"/s/{offered}").text
    assert lang_and_direction(phone) == ("en", "ltr")
    assert 'href="?lang=cy" lang="cy" dir="ltr"' in page
    assert 'href="?lang=ur" lang="ur" dir="rtl"' in page
    assert "Cymraeg</a>" in page
    assert "?lang=ro" not in page


def test_without_a_language_to_offer_nothing_is_asked(phone: Phone, link: str):
    assert "lang=" not in re.sub(r"<html[^>]*>", "", phone.open(f"/s/{link}").text)


def test_the_choice_sticks_to_every_page_and_is_stored(phone: Phone, offered: str, look: Look):
    phone.open(f"/s/{offered}?lang=cy")
    for path in ("about", "stop"):
        assert lang_and_direction(phone.open(f"/s/{offered}/{path}")) == ("cy", "ltr")
    phone.open(f"/s/{offered}").press()
    with look() as session:
        assert session.scalars(select(SurveyRequest.language)).all() == ["cy"]
        assert set(session.scalars(select(Response.language))) == {"cy"}
    seen = [phone.words]
    assert lang_and_direction(phone.press()) == ("cy", "ltr"), "the error, too"
    while phone.path != f"/s/{offered}":
        phone.skip()
        seen.append(phone.words)
    assert lang_and_direction(phone) == ("cy", "ltr")
    assert all(f"{OPEN}cy " in words for words in seen)


def test_the_page_in_a_language_says_nothing_in_another(phone: Phone, offered: str):
    names = {word for each in LANGUAGES for word in each.own_name.split()}
    phone.open(f"/s/{offered}?lang=pl")
    assert set(said_outside(phone.text)) <= names
    for path in ("about", "accessibility", "stop"):
        phone.open(f"/s/{offered}/{path}")
        assert set(said_outside(phone.text)) <= {"Service"}, phone.path
    phone.open(f"/s/{offered}").press()
    assert said_outside(phone.text) == []
    assert said_outside(phone.press().text) == []
    assert said_outside(phone.choose("satisfied").text) == []
    assert said_outside(phone.open(f"/s/{offered}/finish").text) == []
    assert said_outside(phone.press().text) == []
    assert said_outside(phone.open("/s/23456789abcd").text) == []
    assert said_outside(phone.open("/s/23456789abcd/no/such/page").text) == []


def test_what_a_service_wrote_in_english_stands_on_english_pages_alone(phone: Phone, offered: str):
    phone.open(f"/s/{offered}?lang=pl").open(f"/s/{offered}/about")
    assert "0808 000 0000" in phone.words
    assert "⟦pl Help line⟧" in phone.words
    assert (
        "⟦pl ⟦pl Monday to Friday⟧, 09:00 to 17:00⟧; ⟦pl ⟦pl Sunday⟧, day and night⟧" in phone.words
    )
    phone.open(f"/s/{offered}?lang=en").open(f"/s/{offered}/about")
    assert "Northshire line: 0808 000 0000 (all week)" in phone.words
    assert "Ring the office." in phone.words
    assert "Ring 07700 900123." in phone.open(f"/s/{offered}/accessibility").words


def test_numbers_that_a_service_wrote_keep_their_order_from_right_to_left(
    phone: Phone, offered: str
):
    phone.open(f"/s/{offered}?lang=ur").open(f"/s/{offered}/about")
    assert "\N{LEFT-TO-RIGHT ISOLATE}07700 900123\N{POP DIRECTIONAL ISOLATE}" in phone.words


def test_right_to_left_pages_keep_the_stored_codes_and_their_order(phone: Phone, offered: str):
    phone.open(f"/s/{offered}?lang=ur").press()
    assert lang_and_direction(phone) == ("ur", "rtl")
    in_urdu = phone.form.options
    english = Phone(phone.client.application.test_client())
    assert english.open(f"/s/{offered}?lang=en").press().form.options == in_urdu


def test_looking_at_a_language_writes_nothing(phone: Phone, offered: str, look: Look):
    phone.open(f"/s/{offered}?lang=cy").open(f"/s/{offered}/stop")
    with look() as session:
        assert session.scalars(select(SurveyRequest.language)).all() == [None]


def test_a_reopened_link_keeps_its_language_on_another_phone(
    phone: Phone, other_phone: Phone, offered: str
):
    phone.open(f"/s/{offered}?lang=ur").press()
    assert lang_and_direction(other_phone.open(f"/s/{offered}")) == ("ur", "rtl")
    assert lang_and_direction(other_phone.press()) == ("ur", "rtl")


def test_someone_may_go_on_in_another_language(phone: Phone, offered: str, look: Look):
    phone.open(f"/s/{offered}?lang=ur").press().choose("satisfied")
    phone.open(f"/s/{offered}?lang=pl").press()
    assert lang_and_direction(phone) == ("pl", "ltr")
    assert phone.path == f"/s/{offered}/2"
    with look() as session:
        assert session.scalars(select(SurveyRequest.language)).all() == ["pl"]
        assert set(session.scalars(select(Response.language))) == {"pl"}


@pytest.mark.parametrize(
    ("recorded", "first"), [("cy-GB", "cy"), ("pa-Guru", "en"), ("ro", "en"), ("ur-Latn", "en")]
)
def test_what_is_recorded_is_chosen_at_first_and_can_be_changed(
    phone: Phone, make_link: MakeLink, catalogue_folder, recorded: str, first: str
):
    catalogue_folder.make("cy", "ur")
    token = make_link(service=OFFERS, person={"language": recorded})
    assert lang_and_direction(phone.open(f"/s/{token}"))[0] == first
    phone.open(f"/s/{token}?lang=en")
    assert lang_and_direction(phone.open(f"/s/{token}"))[0] == "en"
    assert lang_and_direction(phone.press())[0] == "en"


@pytest.mark.parametrize("typed", ["tlh", "", "ro", "../../etc", "cy-GB", "%00", "CY"])
def test_a_language_that_is_not_offered_is_not_shown(phone: Phone, offered: str, typed: str):
    assert lang_and_direction(phone.open(f"/s/{offered}?lang={typed}"))[0] == "en"


def test_a_draft_is_offered_by_its_service_alone(
    phone: Phone, make_link: MakeLink, catalogue_folder: CatalogueFolder
):
    catalogue_folder.make("cy")
    token = make_link(service={"draft_languages": []})
    assert "Cymraeg" not in phone.open(f"/s/{token}?lang=cy").text
    assert lang_and_direction(phone)[0] == "en"


def test_a_draft_that_is_switched_off_meanwhile_is_not_shown_any_more(
    phone: Phone, offered: str, database
):
    phone.open(f"/s/{offered}?lang=cy").press()
    with database.write(Scope.worker()) as session:
        session.scalars(select(Service)).one().draft_languages = ["pl"]
    assert lang_and_direction(phone.open(phone.path))[0] == "en"


def forget(context: str | None = None) -> Callable[[Catalog], None]:
    """Take one entry out of a catalogue: the first, or the first whose context begins so."""

    def change(catalogue: Catalog) -> None:
        first = next(m for m in catalogue if m.id and (m.context or "").startswith(context or ""))
        catalogue.delete(first.id, first.context)

    return change


@pytest.mark.parametrize(
    ("words", "context"),
    [(WordsOf.PAGES, None), (WordsOf.TEXTS, None), (WordsOf.INSTRUMENTS, "sus-tier-2/")],
)
def test_a_language_that_misses_one_string_of_what_the_service_asks_is_not_offered(
    phone: Phone, offered: str, catalogue_folder: CatalogueFolder, words: WordsOf, context: str
):
    catalogue_folder.change("cy", words, forget(context))
    page = phone.open(f"/s/{offered}?lang=cy").text
    assert ("Cymraeg" in page, "Polski" in page) == (False, True)
    assert lang_and_direction(phone)[0] == "en"


def test_what_the_service_never_asks_may_be_missing(
    phone: Phone, offered: str, catalogue_folder: CatalogueFolder
):
    catalogue_folder.change("cy", WordsOf.INSTRUMENTS, forget("telephone-satisfaction/"))
    assert "Cymraeg" in phone.open(f"/s/{offered}?lang=cy").text


def test_a_link_whose_own_words_are_missing_goes_on_in_english(
    phone: Phone, offered: str, catalogue_folder: CatalogueFolder
):
    phone.open(f"/s/{offered}?lang=cy").press()
    asked = "Would you like someone to contact you?"
    catalogue_folder.change(
        "cy",
        WordsOf.INSTRUMENTS,
        lambda found: found.delete(asked, "short-satisfaction/contact-me"),
    )
    assert lang_and_direction(phone.open(phone.path))[0] == "en"
    assert OPEN not in phone.text


def test_the_page_for_a_code_is_there_in_each_language_on_any_phone(
    phone: Phone, other_phone: Phone, offered: str
):
    page = phone.open("/w").text
    assert lang_and_direction(phone) == ("en", "ltr")
    assert all(f'href="?lang={tag}"' in page for tag in ("cy", "ur", "pl"))
    assert "?lang=ro" not in page
    assert lang_and_direction(phone.open("/w?lang=ro")) == ("en", "ltr")
    assert lang_and_direction(phone.open("/w?lang=ur")) == ("ur", "rtl")
    assert lang_and_direction(phone.open("/w").press(code="wrongone")) == ("ur", "rtl")
    names = {word for each in LANGUAGES for word in each.own_name.split()}
    assert set(said_outside(phone.text)) <= names
    assert lang_and_direction(other_phone.open(f"/s/{offered}")) == ("en", "ltr")


def test_without_a_service_that_offers_one_the_page_for_a_code_asks_no_language(phone: Phone):
    assert "lang=" not in re.sub(r"<html[^>]*>", "", phone.open("/w").text)
