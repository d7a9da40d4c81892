"""Laws of the shipped definitions: ids and codes are FORMATS.md's, the words are plain and kind."""

import re

import pytest

from survey_app.domain.cases import SupportLevel
from survey_app.domain.instruments import Audience, Instrument, InstrumentKind, Licence
from survey_app.domain.items import Item, ItemType, Polarity
from survey_app.domain.programmes import Pages, YoungTerms
from survey_app.domain.requests import AlertKind
from survey_app.domain.tier_table import Tier
from survey_app.domain.young_people import as_asked
from survey_app.store.definition_files import SHIPPED, read_folder

FOLDER = read_folder(SHIPPED)
INSTRUMENTS = {key: found for (key, _), found in FOLDER.instruments.items()}
PROGRAMMES = FOLDER.programmes

CLOSING = "use-again recommend comment contact-me"
SEVEN = (
    "satisfied easy-to-access health-and-wellbeing feeling-safer everyday-life better-informed "
    "dealings-with-agencies"
)
PAIRED = ["confidence", "accommodation", "relationships", "work-and-study", "finances"]
PAIRS = " ".join(f"affected-{x} helped-{x}" for x in PAIRED)

PROMISED_ITEMS = {
    "sus-tier-1": f"{SEVEN} {CLOSING}",
    "sus-tier-2": f"{SEVEN} {PAIRS} {CLOSING}",
    "short-satisfaction": f"satisfied {CLOSING}",
    "telephone-satisfaction": (
        f"satisfied easy-to-access kept-informed treated-with-respect {CLOSING}"
    ),
    "self-assessment": "health-and-wellbeing ability-to-cope feeling-safe informed-and-empowered",
    "adult-star": (
        "safety home health feelings money people-around-me justice-process work-and-learning "
        "self-belief"
    ),
    "young-person-star": (
        "feeling-safe home-life health feelings friends school self-belief people-who-help"
    ),
}

AGREE = "strongly-agree agree neither disagree strongly-disagree does-not-apply"
PROMISED_CODES = {
    "satisfied": "very-satisfied satisfied neither dissatisfied very-dissatisfied",
    "easy-to-access": "very-easy easy neither difficult very-difficult",
    "health-and-wellbeing": AGREE,
    "feeling-safer": AGREE,
    "everyday-life": AGREE,
    "better-informed": AGREE,
    "dealings-with-agencies": AGREE,
    "kept-informed": AGREE,
    "treated-with-respect": AGREE,
    **{f"affected-{x}": "yes no" for x in PAIRED},
    **{f"helped-{x}": "yes no not-needed" for x in PAIRED},
    "use-again": "yes no not-sure",
    "recommend": "yes no not-sure",
    "contact-me": "yes no",
}
POINTS = {"self-assessment": 5, "adult-star": 10, "young-person-star": 5}
DOING_WELL = {"self-assessment": 4, "adult-star": 8, "young-person-star": 4}

SURVEYS = [found for found in INSTRUMENTS.values() if found.kind is InstrumentKind.SURVEY]
SCORED = [found for found in INSTRUMENTS.values() if found.kind is not InstrumentKind.SURVEY]
ANSWERED = [found for found in INSTRUMENTS.values() if found.kind is not InstrumentKind.STAR]
ITEMS = [(found, item) for found in INSTRUMENTS.values() for item in found.items]


def name(value: object) -> str | None:
    return value.key if isinstance(value, Instrument) else getattr(value, "id", None)


def test_every_shipped_file_parses() -> None:
    assert FOLDER.faults == ()


def test_the_shipped_instruments_are_the_promised_ones() -> None:
    found = {key: " ".join(item.id for item in shown.items) for key, shown in INSTRUMENTS.items()}
    assert found == PROMISED_ITEMS


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=name)
def test_every_shipped_instrument_is_our_own(instrument: Instrument) -> None:
    assert instrument.licence is Licence.OWN
    assert instrument.version == "1"


@pytest.mark.parametrize(
    ("key", "kind", "audience"),
    [
        ("self-assessment", InstrumentKind.SELF_ASSESSMENT, Audience.ANY),
        ("adult-star", InstrumentKind.STAR, Audience.ADULT),
        ("young-person-star", InstrumentKind.STAR, Audience.YOUNG_PERSON),
        ("sus-tier-2", InstrumentKind.SURVEY, Audience.ANY),
    ],
)
def test_kind_and_audience(key: str, kind: InstrumentKind, audience: Audience) -> None:
    assert (INSTRUMENTS[key].kind, INSTRUMENTS[key].audience) == (kind, audience)


@pytest.mark.parametrize("instrument", SURVEYS, ids=name)
def test_survey_codes_are_the_promised_ones_in_order(instrument: Instrument) -> None:
    for item in instrument.items:
        if item.id == "comment":
            assert item.type is ItemType.TEXT
            continue
        assert item.codes == (*PROMISED_CODES[item.id].split(), "prefer-not-to-say"), item.id


@pytest.mark.parametrize("instrument", SURVEYS, ids=name)
def test_survey_measures_are_the_promised_ones(instrument: Instrument) -> None:
    for item in instrument.items:
        keys = [measure.key for measure in item.measures]
        if item.id in {"comment", "contact-me"}:
            assert keys == []
            continue
        expected = ["satisfied", "completely-satisfied"] if item.id == "satisfied" else [item.id]
        assert keys == expected
        promised = PROMISED_CODES[item.id].split()
        outside = {"does-not-apply", "prefer-not-to-say", "not-needed"}
        five_point = len([code for code in promised if code not in outside]) == 5
        assert item.measures[0].positive == (tuple(promised[:2]) if five_point else ("yes",))
        for measure in item.measures:
            assert set(measure.outside) == outside & set(item.codes)
    satisfied = instrument.item("satisfied").measures[1]
    assert satisfied.positive == ("very-satisfied",)


@pytest.mark.parametrize("x", PAIRED)
def test_help_is_asked_only_of_those_affected(x: str) -> None:
    condition = INSTRUMENTS["sus-tier-2"].item(f"helped-{x}").ask_when
    assert condition is not None
    assert (condition.item, condition.codes) == (f"affected-{x}", ("yes",))


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=name)
def test_only_the_pairs_are_conditional(instrument: Instrument) -> None:
    conditional = {item.id for item in instrument.items if item.ask_when}
    assert conditional == {item.id for item in instrument.items if item.id.startswith("helped-")}


@pytest.mark.parametrize("instrument", SCORED, ids=name)
def test_scored_instruments_have_the_promised_scale(instrument: Instrument) -> None:
    points = POINTS[instrument.key]
    for item in instrument.items:
        assert item.type is ItemType.SCALE
        assert item.outcome == item.id
        assert item.polarity is Polarity.HIGHER_IS_BETTER
        assert item.codes == (*(str(n) for n in range(1, points + 1)), "prefer-not-to-say")
        assert item.values == {str(n): n for n in range(1, points + 1)}
        assert (item.worst, item.best) == (1, points)
        assert item.minimum_change == 1
        assert item.doing_well_from == DOING_WELL[instrument.key]
        assert item.measures == ()


def test_alerts_are_made_by_low_safety_and_by_the_wish_for_contact() -> None:
    alerts = {
        (instrument.key, item.id): (item.alert_when.codes, item.alert_when.kind)
        for instrument, item in ITEMS
        if item.alert_when
    }
    assert alerts == {
        ("self-assessment", "feeling-safe"): (("1",), AlertKind.LOW_SAFETY),
        **{
            (instrument.key, "contact-me"): (("yes",), AlertKind.CONTACT_WISH)
            for instrument in SURVEYS
        },
    }


def test_one_question_reads_the_same_in_every_survey() -> None:
    for item_id in PROMISED_CODES:
        shown = {
            found.model_dump_json()
            for instrument in SURVEYS
            if (found := instrument.find_item(item_id)) is not None
        }
        assert len(shown) == 1, item_id


# Standard asks by tier, with what DOMAIN.md's table says.
@pytest.mark.parametrize(
    ("tier", "instruments", "reading", "channels"),
    [
        (Tier.ONE, ("self-assessment", "sus-tier-1"), None, ("sms",)),
        (Tier.TWO, ("self-assessment", "sus-tier-2"), None, ("sms", "phone")),
        (Tier.THREE, ("self-assessment", "short-satisfaction"), "adult-star", ("sms", "phone")),
    ],
)
def test_standard_asks_by_tier_at_closure(
    tier: Tier, instruments: tuple[str, ...], reading: str | None, channels: tuple[str, ...]
) -> None:
    ask = PROGRAMMES["standard"].closure[tier]
    assert (ask.instruments, ask.reading, ask.channels) == (instruments, reading, channels)
    young = "young-person-star" if reading else None
    assert ask.reading_for(is_young_person=True) == young
    assert ask.after_days == 3


def test_standard_asks_by_support_level_at_the_start_and_after_a_month() -> None:
    standard = PROGRAMMES["standard"]
    for asks, after_days in ((standard.baseline, 0), (standard.review, 28)):
        assert set(asks) == {SupportLevel.COMMUNITY, SupportLevel.CASEWORKER}
        assert {ask.instruments for ask in asks.values()} == {("self-assessment",)}
        assert {ask.after_days for ask in asks.values()} == {after_days}
        assert asks[SupportLevel.CASEWORKER].reading == "adult-star"
        assert asks[SupportLevel.COMMUNITY].reading is None


@pytest.mark.parametrize("key", ["standard", "assessment-led"])
def test_the_promised_numbers_of_both_programmes(key: str) -> None:
    programme = PROGRAMMES[key]
    for _, ask in programme.asks:
        assert (ask.expires_after_days, ask.reminders) == (28, (7, 14))
    assert programme.history_after_days == 14
    assert programme.not_asked_closure_reasons == ("declined", "no-contact", "transferred")
    contact = programme.contact
    assert (contact.hours_from.hour, contact.hours_until.hour) == (9, 20)
    assert len(contact.days) == 7
    assert (contact.cap_days, contact.youngest_age, contact.decision_under_age) == (14, 13, 16)
    assert contact.stale_after_days == 90
    assert contact.skip_bank_holidays is False
    assert programme.targets == {"1": 70, "2": 70, "3": 70, "all": 70}
    assert programme.pages is Pages.ONE


def test_assessment_led_asks_everyone_the_same() -> None:
    programme = PROGRAMMES["assessment-led"]
    assert set(programme.baseline) == set(SupportLevel)
    assert {ask.instruments for ask in programme.baseline.values()} == {("self-assessment",)}
    assert {ask.instruments for ask in programme.closure.values()} == {
        ("self-assessment", "short-satisfaction")
    }
    levels = {level for rule in programme.tiers for level in rule.support_levels}
    assert levels == set(SupportLevel)


# Plain words. A reading age of 9 to 11 is about the fifth school year: short sentences, few long
# words. Long words that children of that age know, or that we explain in a hint, are listed.
KNOWN_LONG_WORDS = {"everyday", "everywhere", "neighbours"}
SENTENCE_WORDS = 16
LONG_WORD_LETTERS = 9
UNKIND = re.compile(
    r"\b(victims?|victimi[sz]\w*|perpetrators?|offenders?|abuse\w*|attack\w*|trauma\w*|"
    r"crimes?|incidents?|suffer\w*|fault|blame\w*|why did you)\b",
    re.IGNORECASE,
)
AMERICAN = re.compile(r"\b\w+(?:ize[sd]?|izing|ization)\b|\b(?:color|favor|behavior|center)\b")
NOT_OURS = re.compile(
    r"\b(stuck|accepting help|learning what works|self-reliance|self-reliant|outcomes? star|"
    r"triangle|journey of change)\b",
    re.IGNORECASE,
)


def wordings(instrument: Instrument, item: Item) -> list[str]:
    """All that the person reads of a question."""
    return [
        instrument.title,
        item.text,
        *([item.hint] if item.hint else []),
        *(option.text for option in item.options),
        *young_wordings(item),
    ]


def young_wordings(item: Item) -> list[str]:
    """What a young person reads instead."""
    young = item.young_person
    if young is None:
        return []
    return [*filter(None, (young.text, young.hint)), *young.options.values()]


def syllables(word: str) -> int:
    """A rough count: groups of vowels, less a silent e."""
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    has_silent_e = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, groups - (1 if has_silent_e and groups > 1 else 0))


@pytest.mark.parametrize(("instrument", "item"), ITEMS, ids=lambda value: name(value) or "unnamed")
def test_sentences_are_short_and_words_plain(instrument: Instrument, item: Item) -> None:
    for wording in wordings(instrument, item):
        for sentence in re.split(r"(?<=[.?!])\s+", wording):
            words = re.findall(r"[A-Za-z'-]+", sentence)
            assert len(words) <= SENTENCE_WORDS, sentence
            long = [w for w in words if len(w) > LONG_WORD_LETTERS or syllables(w) > 3]
            assert set(map(str.lower, long)) <= KNOWN_LONG_WORDS, (sentence, long)


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=name)
def test_the_reading_age_is_at_most_eleven(instrument: Instrument) -> None:
    """Of questions and hints."""
    texts = [text for item in instrument.items for text in (item.text, item.hint) if text]
    assert reading_age(texts) <= 11


@pytest.mark.parametrize("instrument", ANSWERED, ids=name)
def test_a_child_of_eight_can_read_the_young_peoples_words(instrument: Instrument) -> None:
    assert all(item.young_person is not None for item in instrument.items)
    texts = [text for item in instrument.items for text in young_wordings(item)]
    assert reading_age(texts) <= 8


@pytest.mark.parametrize("instrument", ANSWERED, ids=name)
def test_young_peoples_answers_are_told_apart_as_well(instrument: Instrument) -> None:
    for item in as_asked(instrument, YoungTerms(wording=True)).items:
        texts = [option.text for option in item.options]
        assert len(set(texts)) == len(texts), item.id


def test_young_people_are_asked_fewer_questions_and_every_outcome() -> None:
    terms = PROGRAMMES["standard"].young_person
    assert terms.wording
    assert set(terms.leave_out) == {"sus-tier-1", "sus-tier-2"}
    assert len(as_asked(INSTRUMENTS["sus-tier-2"], terms).items) == 16
    assert "self-assessment" not in terms.leave_out


def reading_age(texts: list[str]) -> float:
    """Flesch-Kincaid grade (1975), plus 5."""
    sentences = [s for text in texts for s in re.split(r"(?<=[.?!])\s+", text)]
    words = [word for text in texts for word in re.findall(r"[A-Za-z'-]+", text)]
    per_sentence = len(words) / len(sentences)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59 + 5


@pytest.mark.parametrize(("instrument", "item"), ITEMS, ids=lambda value: name(value) or "unnamed")
def test_the_words_are_kind_british_and_our_own(instrument: Instrument, item: Item) -> None:
    for wording in wordings(instrument, item):
        assert not UNKIND.search(wording), wording
        assert not AMERICAN.search(wording), wording
        assert not NOT_OURS.search(wording), wording


@pytest.mark.parametrize(("instrument", "item"), ITEMS, ids=lambda value: name(value) or "unnamed")
def test_every_question_has_a_label_for_tables_and_distinct_options(
    instrument: Instrument, item: Item
) -> None:
    assert item.label
    texts = [option.text for option in item.options]
    assert len(set(texts)) == len(texts)
