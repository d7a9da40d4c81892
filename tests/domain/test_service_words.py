"""Words of a service on pages of other languages."""

import pytest

from survey_app.domain.service_words import is_nobodys_language, words_for


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("07700 900123", True),
        ("+44 7700 900123 / help@example.org", True),
        ("https://help.example.org/", True),
        ("ring 07700 900123", False),
        ("اتصل 999", False),
    ],
)
def test_a_number_or_an_address_is_read_in_every_language(words: str, answer: bool):
    assert is_nobodys_language(words) is answer


def test_what_was_written_in_english_is_said_in_english_alone():
    assert words_for("ring us", {"cy": "ffoniwch ni"}, "en") == "ring us"
    assert words_for("ring us", {"cy": "ffoniwch ni"}, "cy") == "ffoniwch ni"
    assert words_for("ring us", {"cy": "ffoniwch ni"}, "pl") == ""
    assert words_for("07700 900123", {}, "pl") == "07700 900123"
