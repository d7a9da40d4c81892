"""Which of the offered languages fits what is recorded?"""

import pytest

from survey_app.domain.languages import (
    ENGLISH,
    LANGUAGES,
    UnknownLanguage,
    find_language,
    fitting_language,
    get_language,
)

ALL = [language.tag for language in LANGUAGES]


@pytest.mark.parametrize(
    ("recorded", "fits"),
    [
        ("cy", "cy"),
        ("cy-GB", "cy"),
        ("ur-PK", "ur"),
        ("ur-Arab-PK", "ur"),
        ("pa-Guru", "pa"),
        ("pa-Guru-IN", "pa"),
        ("pa-IN", "pa"),
        ("PA_guru", "pa"),
        ("ar-SY", "ar"),
        ("en-GB", "en"),
    ],
)
def test_region_and_script_find_the_language_that_is_read(recorded: str, fits: str):
    assert fitting_language(recorded, ALL).tag == fits


@pytest.mark.parametrize("recorded", ["pa-Arab", "pa-PK", "ur-Latn", "so-Arab", "pa-Arab-GB"])
def test_nobody_is_sent_letters_that_they_may_not_read(recorded: str):
    assert fitting_language(recorded, ALL) is ENGLISH


@pytest.mark.parametrize("recorded", [None, "", "tlh", "zh-Hant", "-", "../etc", "cymraeg"])
def test_what_is_not_one_of_ours_is_english(recorded: str | None):
    assert fitting_language(recorded, ALL) is ENGLISH


def test_a_language_that_is_not_offered_is_not_chosen():
    assert fitting_language("pl", ["en", "cy"]) is ENGLISH
    assert fitting_language("pl", ["en", "pl"]).tag == "pl"


def test_languages_are_found_by_their_own_tag_alone():
    assert find_language("pl") is get_language("pl")
    assert find_language("pl-PL") is None
    with pytest.raises(UnknownLanguage, match="tlh"):
        get_language("tlh")


def test_two_languages_are_written_from_right_to_left():
    assert {each.tag for each in LANGUAGES if each.direction == "rtl"} == {"ur", "ar"}
