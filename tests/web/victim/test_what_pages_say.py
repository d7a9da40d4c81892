"""Neutral, honest, and with help at hand."""

import re

import pytest

from survey_app.domain.privacy_words import KEYS
from survey_app.usecases.respond.links import Link
from tests.web.victim.conftest import MakeLink
from tests.web.victim.phone import Phone

NAME = "Northshire Victim Support"
TELLING = re.compile(r"victim|crime|police|abuse|violence|offen[cd]e", re.IGNORECASE)


def title(phone: Phone) -> str:
    """The page's title, as a shared phone's list of pages keeps it."""
    found = re.search("<title>(.*?)</title>", phone.text)
    assert found
    return found[1]


def test_the_start_page_says_what_is_promised_and_names_nobody(phone: Phone, make_link: MakeLink):
    link = make_link("self-assessment", "sus-tier-1", service={"name": NAME})
    phone.open(f"/s/{link}")
    assert "It takes about 3 minutes." in phone.words
    assert "You can skip any question" in phone.words
    assert "Only staff who need to will see your answers" in phone.words
    assert "It cannot clear the list of pages" in phone.words
    assert f"/s/{link}/about" in phone.links
    assert NAME not in phone.text


def test_the_service_is_named_where_the_person_agreed(phone: Phone, make_link: MakeLink):
    agreed = make_link(service={"name": NAME}, person={"name_service": "yes"})
    assert f"These questions come from {NAME}." in phone.open(f"/s/{agreed}").words
    for answer in ("no", "unknown", None):
        link = make_link(service={"name": NAME}, person={"name_service": answer})
        assert NAME not in phone.open(f"/s/{link}").text


def test_no_title_address_or_page_before_the_tap_tells_a_glance_anything(
    phone: Phone, make_link: MakeLink
):
    link = make_link("self-assessment", "sus-tier-2", service={"name": NAME})
    phone.open(f"/s/{link}")
    assert not TELLING.search(phone.text)
    while True:
        assert not TELLING.search(title(phone) + phone.path)
        assert "og:" not in phone.text
        assert 'name="description"' not in phone.text
        if "Thank you" in phone.words:
            break
        assert NAME not in phone.text
        phone.press() if not phone.form.options else phone.skip()


def test_behind_the_tap_stands_what_article_13_asks_for(phone: Phone, make_link: MakeLink):
    spoken = {key: f"What the service says about {key}." for key in KEYS}
    link = make_link(service={"name": NAME, "privacy": spoken})
    phone.open(f"/s/{link}/about")
    for heading in (
        "Who asks",
        "How to reach them",
        "Why they ask",
        "What allows them to ask",
        "Who sees your answers",
        "How long they keep your answers",
        "Your rights",
        "If you are not happy with this",
    ):
        assert heading in phone.words
    for text in spoken.values():
        assert text in phone.words


def test_what_only_the_service_knows_is_never_made_up(phone: Phone, make_link: MakeLink):
    phone.open(f"/s/{make_link(service={'name': NAME})}/about")
    assert NAME in phone.words
    assert phone.words.count("Please ask the service.") == 4
    assert "Information Commissioner" in phone.words


def test_a_services_words_are_text_not_markup(phone: Phone, make_link: MakeLink):
    link = make_link(service={"name": "<b>N</b>", "privacy": {"purpose": "<script>1</script>"}})
    phone.open(f"/s/{link}/about")
    assert "&lt;script&gt;" in phone.text
    assert "<b>N</b>" not in phone.text


@pytest.mark.parametrize("item", ["comment", "contact-me"])
def test_where_someone_writes_or_asks_for_contact_it_says_that_nobody_watches(
    phone: Phone, link: str, item: str
):
    phone.open(f"/s/{link}").press()
    assert "not day and night" not in phone.words
    while phone.item != item:
        phone.skip()
    assert "Staff read this, but not day and night." in phone.words
    assert "999" in phone.words


def test_the_thanks_show_the_services_help_lines(phone: Phone, make_link: MakeLink):
    lines = [
        {"name": "Northshire line", "number": "0808 000 0000", "hours": "every day, 8 to 8"},
        {"name": "On the web", "url": "https://help.example.org/"},
    ]
    link = make_link(service={"help_lines": lines})
    phone.open(f"/s/{link}").press()
    for _ in range(5):
        phone.skip()
    assert "Northshire line: 0808 000 0000 (every day, 8 to 8)" in phone.words
    assert {"tel:999", "tel:08080000000", "https://help.example.org/"} <= set(phone.links)


def test_an_answer_of_not_feeling_safe_is_met_with_help_at_once(phone: Phone, make_link: MakeLink):
    link = make_link("self-assessment")
    phone.open(f"/s/{link}").press()
    while phone.item != "feeling-safe":
        phone.skip()
    phone.choose("1")
    assert "you may not be safe" in phone.words
    assert "999" in phone.words


def test_a_link_knows_no_name_and_no_number():
    assert {"name", "mobile", "person_id"}.isdisjoint(Link.__dataclass_fields__)
