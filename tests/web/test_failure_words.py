"""Every step that a failed text may call for has words, and no two share them."""

import pytest
from flask import Flask

from survey_app.messaging.error_codes import WhatToDo
from survey_app.web.shared.failure_words import WORDS, words_for_failure


def test_every_step_has_words_of_its_own():
    assert set(WORDS) == set(WhatToDo)


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_code_leads_to_words(app: Flask):
    with app.test_request_context():
        assert len({str(words) for words in WORDS.values()}) == len(WhatToDo)
        assert "Ask the person" in str(words_for_failure("30005"))
        assert "administrator" in str(words_for_failure("a code of tomorrow"))
