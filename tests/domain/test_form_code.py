"""The code on a paper form: it leads back to its case and wave, and mistakes are noticed."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.form_code import ALPHABET, Form, form_code, read_form_code
from survey_app.domain.requests import Wave

forms = st.builds(Form, st.integers(1, 10**9), st.sampled_from(Wave))


@given(forms)
def test_a_code_is_read_back_in_whatever_case_and_grouping(form):
    code = form_code(form)
    assert read_form_code(code) == form
    assert read_form_code(f" {code.upper().replace('-', ' ')} ") == form


@given(forms, st.data())
def test_one_wrong_letter_is_noticed(form, data):
    letters = form_code(form).replace("-", "")
    at = data.draw(st.integers(0, len(letters) - 1))
    other = data.draw(st.sampled_from([each for each in ALPHABET if each != letters[at]]))
    assert read_form_code(letters[:at] + other + letters[at + 1 :]) is None


@given(forms, st.data())
def test_two_neighbours_the_wrong_way_round_are_noticed(form, data):
    letters = form_code(form).replace("-", "")
    at = data.draw(st.integers(0, len(letters) - 2))
    swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
    assert swapped == letters or read_form_code(swapped) is None


def test_what_is_no_code_is_none():
    for typed in ("", "222", "not a code!", "0o0-1l1", "2" * 40):
        assert read_form_code(typed) is None
