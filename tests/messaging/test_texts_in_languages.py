"""Texts in the shipped languages: neutral, whole, and the same at the far end as in the outbox."""

import re
import unicodedata
from pathlib import Path

import pytest
from sqlalchemy import select

from survey_app.app import create_app
from survey_app.domain.languages import ENGLISH, LANGUAGES
from survey_app.domain.replies import Meaning, meaning_of, says_more_than_stop
from survey_app.domain.requests import InvitationWording, MessageKind
from survey_app.messaging.dispatch import dispatch_due
from survey_app.messaging.providers.choose import Providers
from survey_app.messaging.segments import Encoding, segmented
from survey_app.messaging.texts import SENTENCES, link_to, stop_lines, write_text
from survey_app.settings import Settings
from survey_app.store.catalogues import WordsOf, shipped_catalogues
from survey_app.store.messages import SimulatedText
from survey_app.store.scope import Scope
from tests.builders import a_person
from tests.fakes.loopback import FarSide, served
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, OWN_NUMBER, TwilioFake
from tests.messaging.queued import queue
from tests.texting import a_due_request, a_texting_service
from tests.world import TEST_KEYS

LINK = link_to("https://q.example.org", "abcdefgh2345")
OTHERS = [language.tag for language in LANGUAGES if language is not ENGLISH]

# Beginnings of words for crime, police, courts, violence, support, safety and the like. Scripts
# that join an article or a conjunction to the word are searched anywhere in it.
GIVES_AWAY = {
    "cy": """
        dioddef ddioddef trosedd drosedd throsedd heddlu llys lys cam-drin gam-drin trais
        drais thrais ymosod cymorth gymorth chymorth cefnog gefnog chefnog gwasanaeth
        llofrudd stelc casineb diogel ddiogel perygl berygl pherygl niwed anaf tyst dyst
    """,
    "pl": """
        ofiar przestęp polic sąd sądu przemoc napad napaś atak wspar wspier zabój gwałt
        gwałc molest prześlad nienawi żałob świad krzywd uraz bezpiecz niebezpiecz kradzie
        oszust pomoc
    """,
    "ur": """
        متاثر جرم مجرم پولیس عدالت تشدد زیادتی حملہ مدد سپورٹ قتل ریپ نفرت خطر محفوظ گواہ
        صدم
    """,
    "pa": """
        ਪੀੜਤ ਜੁਰਮ ਅਪਰਾਧ ਪੁਲਿਸ ਪੁਲੀਸ ਅਦਾਲਤ ਹਿੰਸ ਹਮਲ ਸਹਾਇਤਾ ਮਦਦ ਕਤਲ ਬਲਾਤਕਾਰ ਨਫ਼ਰਤ ਖ਼ਤਰ
        ਸੁਰੱਖਿ ਗਵਾਹ
    """,
    "ar": """
        ضحي ضحاي جريم جرائم مجرم شرط محكم عنف إساء اعتد هجوم دعم مساعد قتل اغتصاب كراهي
        خطر أمان آمن
    """,
    "ro": """
        victim infrac crim poliț poliţ instanț tribunal violen abuz atac agres sprijin
        ajutor omor ucid viol hărțu pericol siguran martor traum
    """,
    "bn": """
        ভুক্তভোগী অপরাধ পুলিশ আদালত সহিংস নির্যাত হামলা আক্রমণ সহায়তা সাহায্য খুন ধর্ষণ
        ঘৃণা বিপদ নিরাপ সাক্ষী
    """,
    "uk": """
        потерпіл жертв злочин поліц суд насил насиль напад атак підтрим допомог вбив
        зґвалт ненавис переслід небезпе безпе свід травм
    """,
    "so": """
        dhibban dambi boolis maxkamad rabsho xadgud weerar taageer caawi kufs nacayb
        khatar ammaan markhaati dhaawac
    """,
}


def given_away(tag: str, words: str) -> list[str]:
    """The beginnings in the language's list that these words hold."""
    start = r"\b" if tag in ("cy", "pl", "ro", "uk", "so") else ""
    return [
        stem for stem in GIVES_AWAY[tag].split() if re.search(start + stem, words, re.IGNORECASE)
    ]


def said(tag: str, sentence: str) -> str:
    translated = shipped_catalogues().get(tag).words[WordsOf.TEXTS].gettext(sentence)
    return "" if translated == sentence else translated


@pytest.mark.parametrize("tag", OTHERS)
def test_no_translated_sentence_gives_away_why_it_was_sent(tag: str):
    assert [given_away(tag, said(tag, sentence)) for sentence in SENTENCES] == [[]] * len(SENTENCES)


def as_phones_write(words: str) -> list[str]:
    """The same words by several thumbs: capitals, no accents, odd spaces, quotes, no hyphen."""
    bare = "".join(
        c for c in unicodedata.normalize("NFD", words) if not "\u0300" <= c <= "\u036f"
    ).replace("ł", "l")
    return [
        words,
        words.upper(),
        words.title(),
        words.casefold(),
        bare,
        unicodedata.normalize("NFD", words),
        f"  “{words}” !! ",
        words.replace(" ", "  ") + ".",
        words.replace(" ", "\n"),
        words.replace(" ", ""),
        words.replace("-", " "),
        f"\u200f{words}\u200f",
    ]


@pytest.mark.parametrize("tag", [ENGLISH.tag, *OTHERS])
def test_whoever_sends_back_what_a_text_says_of_stopping_is_stopped(tag: str):
    text = write_text(MessageKind.REMINDER, language=tag, link=LINK)
    line = text.body.rsplit("\n", 1)[1]
    assert line in stop_lines()
    question = re.split("[?؟]", line)[0]
    for said in (*as_phones_write(question), *as_phones_write(line)):
        assert meaning_of(said, stop_lines()) is Meaning.STOP, said
        assert not says_more_than_stop(said, stop_lines()), said
    assert meaning_of(f"{question}, 07700", stop_lines()) is Meaning.STOP


def test_a_line_that_a_catalogue_says_anew_is_read_and_a_broken_one_is_not(catalogue_folder):
    catalogue_folder.make("pl", "ro")
    catalogue_folder.say("pl", WordsOf.TEXTS, SENTENCES[-1], "Wystarczy wiadomości? Ten link.")
    catalogue_folder.say("ro", WordsOf.TEXTS, SENTENCES[-1], "Ajunge? %(link)s")
    lines = stop_lines(catalogue_folder.folder)
    assert lines == (SENTENCES[-1], "Wystarczy wiadomości? Ten link.")
    assert meaning_of("WYSTARCZY WIADOMOSCI", lines) is Meaning.STOP


@pytest.mark.parametrize("line", stop_lines())
def test_every_line_that_texts_say_now_stands_among_those_that_are_never_taken_out(line: str):
    assert meaning_of(line) is Meaning.STOP, "add what it asks for to domain/stop_words.py"


@pytest.mark.parametrize("tag", OTHERS)
def test_the_list_of_a_language_knows_the_words_that_its_questions_use(tag: str):
    catalogue = shipped_catalogues().get(tag)
    about = {
        "sus-tier-1/dealings-with-agencies": (
            "The support helped me when I dealt with the police or other services."
        ),
        "self-assessment/feeling-safe": "How safe do you feel at the moment?",
    }
    for context, english in about.items():
        if (context, english) in catalogue.sound[WordsOf.INSTRUMENTS]:
            assert given_away(tag, catalogue.ask(context, english)), english


@pytest.mark.parametrize("tag", OTHERS)
@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("invitation", list(InvitationWording))
def test_a_whole_language_has_a_text_with_the_link_and_the_word_and_few_parts(
    tag: str, kind, invitation
):
    if not shipped_catalogues().get(tag).can_text:
        assert write_text(kind, language=tag, link=LINK).language == "en"
        return
    wording = write_text(kind, language=tag, link=LINK, check_word="maple", invitation=invitation)
    assert wording.language == tag
    assert re.findall(r"https://\S+", wording.body) == [LINK]
    assert wording.body.count("maple") == 1
    assert segmented(wording.body).segments <= 3


@pytest.mark.parametrize("tag", ["en", *OTHERS])
def test_no_tried_wording_is_longer_than_the_usual_one_or_needs_other_letters(tag: str):
    usual, *tried = (
        write_text(MessageKind.INVITATION, language=tag, link=LINK, invitation=wording).body
        for wording in InvitationWording
    )
    for body in tried:
        assert len(body) <= len(usual)
        assert segmented(body).encoding is segmented(usual).encoding


BODIES = {"ur": "اپنا حال", "ar": "حالك", "cy": "gŵydd"}


@pytest.fixture
def database_kind() -> str:
    """Letters are stored alike; sealed columns are tested on both."""
    return "sqlite"


def queued_in_three_languages(runtime) -> dict[str, str]:
    """Invitations in Urdu, Arabic and Welsh by number, as the outbox holds them."""
    with runtime.database.write(Scope.worker()) as session:
        service = a_texting_service(session, draft_languages=list(BODIES))
        people = [
            a_person(session, service, language=tag, check_word="gŵydd" if tag == "cy" else None)
            for tag in BODIES
        ]
        made = [queue(session, a_due_request(session, service, person)) for person in people]
        assert [message.language for message in made] == list(BODIES)
        return {message.to or "": message.body or "" for message in made}


@pytest.fixture
def whole(catalogue_folder) -> None:
    """Whole catalogues, whatever a translator still owes; letters of the languages in them."""
    catalogue_folder.make(*BODIES)
    for tag, letters in BODIES.items():
        catalogue_folder.say(tag, WordsOf.TEXTS, "Hello.", f"{letters}.")


def test_letters_arrive_intact_at_the_simulated_far_end(whole, runtime):
    written = queued_in_three_languages(runtime)
    dispatch_due(runtime, Providers.of(runtime))
    with runtime.database.read(Scope.worker()) as session:
        came = {text.to: text.body for text in session.scalars(select(SimulatedText))}
    assert came == written
    assert all(segmented(body).encoding is Encoding.UCS_2 for body in came.values())
    assert all(any(letters in body for body in came.values()) for letters in BODIES.values())


def test_letters_arrive_intact_at_twilio(whole, database, clock, tmp_path: Path):
    with served(TwilioFake, FarSide()) as far_side:
        options = {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM": OWN_NUMBER,
            "TWILIO_BASE_URL": far_side.address,
        }
        url = database.url.render_as_string(hide_password=False)
        settings = Settings(
            keys=TEST_KEYS,
            database_url=url,
            data_dir=tmp_path,
            base_url="http://localhost",
            sms_provider="twilio",
            provider_options=options,
        )
        runtime = create_app(settings, clock).extensions["runtime"]
        written = queued_in_three_languages(runtime)
        dispatch_due(runtime, Providers.of(runtime))
        runtime.database.close()
        assert {text["to"]: text["body"] for text in far_side.texts} == written
