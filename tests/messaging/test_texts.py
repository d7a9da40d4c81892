"""A text is neutral, carries the link alone on its line's end, and never mixes languages."""

import re

import pytest

from survey_app.domain.requests import USUAL_WORDING, InvitationWording, MessageKind
from survey_app.messaging.segments import Encoding, segmented
from survey_app.messaging.texts import SENTENCES, link_to, write_text
from survey_app.store.catalogues import WordsOf
from tests.catalogues import CatalogueFolder

LINK = link_to("https://q.example.org", "abcdefgh2345")
KINDS = list(MessageKind)
ASKS = [(kind, wording) for kind in KINDS for wording in InvitationWording]

MUST_NOT_APPEAR = re.findall(
    r"\w+",
    "victim crime criminal police officer abuse abuser violen assault attack offen court justice "
    "commissioner pcc stalk rape sexual hate homicide murder bereave witness survivor perpetrator "
    "suspect incident injur harm trauma support counsel refuge domestic safe unsafe danger case "
    "referral investigat burgl robb theft fraud recover cope",
)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_gives_away_why_it_was_sent(sentence: str):
    found = [word for word in MUST_NOT_APPEAR if re.search(rf"\b{word}", sentence, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize(("kind", "wording"), ASKS)
def test_a_text_is_made_of_the_checked_sentences_only(
    kind: MessageKind, wording: InvitationWording
):
    body = write_text(
        kind,
        language="en",
        link=LINK,
        service_name="NAME",
        check_word="WORD",
        invitation=wording,
    ).body
    rest = body.replace("\n", " ")
    for sentence in SENTENCES:
        filled = sentence % {"link": LINK, "service": "NAME", "word": "WORD"}
        rest = rest.replace(filled, "")
    assert rest.strip() == ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_service_is_named_only_when_a_name_is_given(kind: MessageKind):
    named = write_text(kind, language="en", link=LINK, service_name="Valley Care").body
    assert "Valley Care" in named
    assert "from" not in write_text(kind, language="en", link=LINK).body.split("\n")[0].lower()


@pytest.mark.parametrize("kind", KINDS)
def test_the_check_word_is_there_only_where_there_is_one(kind: MessageKind):
    assert "bluebell" in write_text(kind, language="en", link=LINK, check_word="bluebell").body
    assert "word" not in write_text(kind, language="en", link=LINK).body


@pytest.mark.parametrize("kind", KINDS)
def test_the_link_stands_whole_and_says_how_to_stop(kind: MessageKind):
    body = write_text(kind, language="en", link=LINK).body
    assert re.findall(r"https://\S+", body) == [LINK]
    assert "No more texts?" in body


def test_the_usual_text_is_what_it_was_before_anything_could_be_tried():
    body = write_text(MessageKind.INVITATION, language="en", link=LINK).body
    assert body == (
        f"Hello. You said we may ask how you are. It takes a few minutes: {LINK}\n"
        "No more texts? Use the same link."
    )
    assert (
        body
        == write_text(
            MessageKind.INVITATION, language="en", link=LINK, invitation=USUAL_WORDING
        ).body
    )


def test_invitations_differ_by_their_wording_and_reminders_do_not():
    for kind, texts in (
        (MessageKind.INVITATION, len(InvitationWording)),
        (MessageKind.REMINDER, 1),
    ):
        bodies = {
            write_text(kind, language="en", link=LINK, invitation=wording).body
            for wording in InvitationWording
        }
        assert len(bodies) == texts


def test_a_catalogue_that_misses_a_tried_wording_is_not_used_at_all(
    catalogue_folder: CatalogueFolder,
):
    tried = SENTENCES[4]
    assert tried.startswith("How are you now?")
    catalogue_folder.make("pl")
    catalogue_folder.change("pl", WordsOf.TEXTS, lambda file: file.delete(tried))
    for wording in InvitationWording:
        found = write_text(MessageKind.INVITATION, language="pl", link=LINK, invitation=wording)
        assert (found.language, "⟦pl" in found.body) == ("en", False)


def test_invitation_and_reminder_differ():
    one, two = (write_text(kind, language="en", link=LINK).body for kind in KINDS)
    assert one != two


@pytest.mark.parametrize(("kind", "wording"), ASKS)
def test_the_usual_text_is_one_segment_even_with_a_check_word(
    kind: MessageKind, wording: InvitationWording
):
    found = segmented(
        write_text(kind, language="en", link=LINK, check_word="bluebell", invitation=wording).body
    )
    assert (found.encoding, found.segments) == (Encoding.GSM_7, 1)


def test_a_check_word_or_name_with_line_breaks_or_percent_signs_stays_on_one_line():
    body = write_text(
        MessageKind.INVITATION,
        language="en",
        link=LINK,
        service_name="A\nB",
        check_word="5%(s)\r\n",
    ).body
    assert "A B" in body
    assert "5%(s)." in body
    assert body.count("\n") == 1


@pytest.mark.parametrize("language", ["xx", "", "en-GB", "../../etc", "cy/..", "a" * 300, "%s"])
def test_a_language_without_a_catalogue_is_answered_in_english(language: str):
    wording = write_text(MessageKind.INVITATION, language=language, link=LINK)
    assert wording.language == "en"
    assert wording.body.startswith("Hello. You said we may ask")


def test_a_whole_catalogue_is_used_and_its_letters_arrive_intact(catalogue_folder: CatalogueFolder):
    catalogue_folder.make("cy")
    catalogue_folder.say("cy", WordsOf.TEXTS, "Hello.", "Ŵŷâ.")
    wording = write_text(MessageKind.REMINDER, language="cy", link=LINK)
    assert wording.language == "cy"
    assert wording.body.startswith("Ŵŷâ.")
    assert segmented(wording.body).encoding is Encoding.UCS_2


def test_a_catalogue_that_misses_a_sentence_is_not_used_at_all(catalogue_folder: CatalogueFolder):
    catalogue_folder.make("pl")
    catalogue_folder.change("pl", WordsOf.TEXTS, lambda file: file.delete("Hello."))
    wording = write_text(MessageKind.REMINDER, language="pl", link=LINK)
    assert (wording.language, "⟦pl" in wording.body) == ("en", False)
