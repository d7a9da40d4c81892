"""What a service says of itself, language by language."""

from survey_app.domain.privacy_words import KEYS, missing_words, with_words, words_in


def test_each_language_keeps_its_own_words():
    privacy = with_words({}, "en", {"contact": "Ring us.", "retention": "", "nonsense": "x"})
    privacy = with_words(privacy, "cy", {"contact": "Ffoniwch ni."})
    assert words_in(privacy, "en") == {"contact": "Ring us."}
    assert words_in(privacy, "cy") == {"contact": "Ffoniwch ni."}
    assert words_in(privacy, "pl") == {}
    assert words_in(with_words(privacy, "en", {}), "cy") == {"contact": "Ffoniwch ni."}


def test_what_only_the_service_knows_is_missed_until_it_is_written():
    assert missing_words({}, "en") == ("contact", "protection_officer", "lawful_basis", "retention")
    assert missing_words({"contact": "Ring us."}, "cy") == missing_words({}, "en")
    assert missing_words(dict.fromkeys(KEYS, "Said."), "en") == ()
