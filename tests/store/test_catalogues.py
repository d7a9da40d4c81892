"""What counts as said in a language, and when is a catalogue reviewed?"""

import re
from collections import Counter
from datetime import date

import pytest
from babel.messages.catalog import Catalog
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_app.domain.languages import ENGLISH, LANGUAGES, Language, get_language
from survey_app.store.catalogue_status import Status, read_status, write_review
from survey_app.store.catalogues import (
    Catalogue,
    Catalogues,
    WordsOf,
    catalogue_path,
    compiled,
    is_sound,
    key_of,
    messages_of,
    read_catalogue,
    wordings_of,
)
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.offered_languages import offered_of
from tests.catalogues import SHIPPED, CatalogueFolder, made_up_catalogue

WANTED = Catalogues(SHIPPED).wanted
DRAFT = Status(is_reviewed=False)
ENTRIES = [(words, key) for words in WordsOf for key in sorted(WANTED[words], key=str)]


def catalogue_of(tag: str, files: dict[WordsOf, Catalog]) -> Catalogue:
    return compiled(get_language(tag), DRAFT, files, WANTED)


def whole(tag: str) -> dict[WordsOf, Catalog]:
    return {words: made_up_catalogue(tag, words) for words in WordsOf}


@pytest.mark.parametrize("tag", [each.tag for each in LANGUAGES])
def test_a_whole_catalogue_misses_nothing(tag: str):
    assert catalogue_of(tag, whole(tag)).count_missing(WANTED[WordsOf.INSTRUMENTS]) == 0


@settings(max_examples=25)
@given(st.sampled_from(ENTRIES), st.sampled_from(["cy", "ar"]))
def test_whichever_entry_is_removed_the_language_is_not_whole(entry, tag: str):
    words, (context, english) = entry
    files = dict(WHOLE[tag])
    files[words] = without(files[words], context, english)
    catalogue = catalogue_of(tag, files)
    assert catalogue.count_missing(WANTED[WordsOf.INSTRUMENTS]) == 1
    asked = frozenset({(context, english)}) if words is WordsOf.INSTRUMENTS else frozenset()
    assert catalogue.can_show_pages is (words is not WordsOf.PAGES)
    assert catalogue.can_text is (words is not WordsOf.TEXTS)
    assert catalogue.can_ask(asked) is (words is not WordsOf.INSTRUMENTS)


WHOLE = {tag: whole(tag) for tag in ("cy", "ar")}


def without(file: Catalog, context: str | None, english: str) -> Catalog:
    """The same file but for one message."""
    kept = Catalog(locale=file.locale)
    for message in messages_of(file):
        if key_of(message) != (context, english):
            kept.add(message.id, message.string, context=message.context)
    return kept


@pytest.mark.parametrize(
    ("english", "translated", "is_said"),
    [
        ("Hello from %(name)s.", "Helo gan %(name)s.", True),
        ("Hello from %(name)s.", "Helo.", False),
        ("Hello from %(name)s.", "Helo gan %(nam)s.", False),
        ("Hello from %(name)s.", "Helo gan %(name).", False),
        ("Hello from %(name)s.", "Helo gan %(name)s a %(name)s.", False),
        ("Hello.", "Helo 100%.", False),
        ("Hello.", " ", False),
        ("Hello.", "Hello.", True),
        (("%(num)s day", "%(num)s days"), ("diwrnod",) * 5, True),
        (("%(num)s day", "%(num)s days"), ("%(num)s diwrnod",) * 5, True),
        (("%(num)s day", "%(num)s days"), ("%(num)s diwrnod",) * 4 + ("",), False),
        (("%(num)s day", "%(num)s days"), ("%(num)s diwrnod",) * 2, False),
        (("%(num)s of %(of)s", "%(num)s of %(of)s"), ("%(num)s",) * 5, False),
    ],
)
def test_a_translation_counts_where_it_can_be_filled_in_as_its_english(
    english, translated, is_said: bool
):
    file = Catalog(locale="cy")
    file.add(english, translated)
    made = catalogue_of("cy", whole("cy") | {WordsOf.PAGES: file})
    assert bool(made.sound[WordsOf.PAGES]) is is_said


def test_a_fuzzy_translation_is_not_used():
    file = Catalog(locale="cy")
    file.add("Start", "Dechrau", flags=["fuzzy"])
    made = catalogue_of("cy", whole("cy") | {WordsOf.PAGES: file})
    assert made.words[WordsOf.PAGES].gettext("Start") == "Start"
    assert made.sound[WordsOf.PAGES] == frozenset()


def test_the_same_english_may_be_said_differently_in_its_place():
    file = Catalog(locale="cy")
    file.add("Yes", "Ydw", context="a/b/yes")
    file.add("Yes", "Oes", context="a/c/yes")
    made = catalogue_of("cy", whole("cy") | {WordsOf.INSTRUMENTS: file})
    assert [made.ask(place, "Yes") for place in ("a/b/yes", "a/c/yes")] == ["Ydw", "Oes"]


def test_a_catalogue_without_files_says_nothing_and_is_a_draft(catalogue_folder: CatalogueFolder):
    found = catalogue_folder.read_again().get("so")
    assert found.status == DRAFT
    assert not found.can_text


def test_a_review_holds_until_a_translation_changes(catalogue_folder: CatalogueFolder):
    catalogue_folder.make("cy")
    folder = catalogue_folder.folder / "cy"
    files = list(WHOLE["cy"].values())
    write_review(folder, files, by="A. Speaker", on=date(2026, 11, 22))
    assert read_status(folder, files) == Status(
        is_reviewed=True, reviewed_by="A. Speaker", reviewed_on=date(2026, 11, 22)
    )
    assert catalogue_folder.read_again().get("cy").status.is_reviewed
    catalogue_folder.say("cy", WordsOf.TEXTS, "Hello.", "Shwmae.")
    changed = catalogue_folder.read_again().get("cy").status
    assert (changed.is_draft, changed.reviewed_by) == (True, "A. Speaker")


def test_a_reviewed_language_needs_no_switch_and_a_draft_does(catalogue_folder: CatalogueFolder):
    catalogue_folder.make("cy", "pl", "ro")
    folder = catalogue_folder.folder / "cy"
    write_review(folder, WHOLE["cy"].values(), by="A. Speaker", on=date(2026, 11, 22))
    catalogue_folder.read_again()
    wanted = wordings_of([newest_instruments()["self-assessment"]])
    assert [each.tag for each in offered_of([], wanted)] == ["en", "cy"]
    assert [each.tag for each in offered_of(["ro", "tlh"], wanted)] == ["en", "cy", "ro"]


LANGUAGES_OF_OURS = [each for each in LANGUAGES if each is not ENGLISH]


@pytest.mark.parametrize("language", LANGUAGES_OF_OURS, ids=lambda language: language.tag)
def test_what_is_shipped_can_be_filled_in(language: Language):
    for words in WordsOf:
        path = catalogue_path(SHIPPED, language.tag, words)
        file = read_catalogue(path, language.tag)
        begun = [m for m in messages_of(file) if m.string and any(m.string)]
        assert [m.id for m in begun if not is_sound(m, file.num_plurals)] == []


@pytest.mark.parametrize("tag", [each.tag for each in LANGUAGES if each.direction == "rtl"])
def test_numbers_of_several_groups_keep_their_order_from_right_to_left(tag: str):
    """Bidirectional text turns `116 123` round unless it is held together (U+2066 to U+2069)."""
    for words in WordsOf:
        for message in messages_of(read_catalogue(catalogue_path(SHIPPED, tag, words), tag)):
            forms = message.string if isinstance(message.string, tuple) else [message.string]
            for form in forms:
                loose = re.sub("\u2066[^\u2069]*\u2069", "", form)
                assert not re.search(r"\d[ -]\d", loose), form


@pytest.mark.parametrize("language", LANGUAGES_OF_OURS, ids=lambda language: language.tag)
def test_young_people_have_sentences_of_their_own_in_every_language(language: Language):
    path = catalogue_path(SHIPPED, language.tag, WordsOf.INSTRUMENTS)
    said = [
        (message.context, message.string)
        for message in messages_of(read_catalogue(path, language.tag))
    ]
    assert [each for each, count in Counter(said).items() if count > 1] == []
