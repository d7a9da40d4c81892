"""A number's kind, however it was typed; what could be misread is never a mobile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.cases import NumberKind
from survey_app.messaging.numbers import ClassifiedNumber, classify, number_hash

DRAMA = "+447700900123"


@pytest.mark.parametrize(
    "typed",
    [
        "07700900123",
        "07700 900123",
        "07700 900 123",
        "07700-900123",
        "07700.900.123",
        "(07700) 900123",
        "+447700900123",
        "+44 7700 900123",
        "+44 (0)7700 900 123",
        "+44(0) 7700900123",
        "0044 7700 900123",
        "00447700900123",
        "0044 (0)7700 900123",
        "447700900123",
        "44 7700 900123",
        "7700900123",
        "  07700 900123  ",
        "'07700900123",
        "tel:+447700900123",
        "\u202a07700 900123\u202c",
        "07700‑900‑123",
        "07700\u00a0900123",
        "０７７００９００１２３",
    ],
)
def test_typed_mess_is_read_as_the_mobile_it_is(typed: str):
    assert classify(typed, drama_allowed=True) == ClassifiedNumber(NumberKind.UK_MOBILE, DRAMA)


@pytest.mark.parametrize(
    ("typed", "kind", "e164"),
    [
        ("07400 123456", NumberKind.UK_MOBILE, "+447400123456"),
        ("020 7946 0018", NumberKind.UK_LANDLINE, "+442079460018"),
        ("0121 234 5678", NumberKind.UK_LANDLINE, "+441212345678"),
        ("0800 123 4567", NumberKind.UK_LANDLINE, "+448001234567"),
        ("0300 123 4567", NumberKind.UK_LANDLINE, "+443001234567"),
        ("056 1234 5678", NumberKind.UK_LANDLINE, "+445612345678"),
        ("09012 345678", NumberKind.UK_PREMIUM, "+449012345678"),
        ("0845 123 4567", NumberKind.UK_PREMIUM, "+448451234567"),
        ("070 1234 5678", NumberKind.UK_PREMIUM, "+447012345678"),
        ("076 4012 3456", NumberKind.UK_PREMIUM, "+447640123456"),
        ("+353 87 123 4567", NumberKind.FOREIGN, "+353871234567"),
        ("0033 6 12 34 56 78", NumberKind.FOREIGN, "+33612345678"),
        ("+1 202 555 0123", NumberKind.FOREIGN, "+12025550123"),
        ("07797 712345", NumberKind.FOREIGN, "+447797712345"),
        ("07781 123456", NumberKind.FOREIGN, "+447781123456"),
    ],
)
def test_each_kind_of_number_is_told_apart(typed: str, kind: NumberKind, e164: str):
    assert classify(typed, drama_allowed=False) == ClassifiedNumber(kind, e164)


@pytest.mark.parametrize(
    "typed",
    [
        "07700 90012",
        "07700 9001234",
        "07700 900123 / 07700 900124",
        "07700 900123 (mum)",
        "07700 900123 ext 4",
        "07700 900123 x4",
        "ask her sister",
        "n/a",
        "12345",
        "999",
        "7.7009E+09",
        "+44",
        "+",
        "++447700900123",
        "0",
        "0000000000",
        "+999 1234 5678",
        "07700 900l23",
    ],
)
def test_what_could_be_misread_is_invalid_and_has_no_number(typed: str):
    assert classify(typed, drama_allowed=True) == ClassifiedNumber(NumberKind.INVALID, None)


@pytest.mark.parametrize("typed", [None, "", "   ", "-", " - ", "\u200b"])
def test_nothing_typed_is_no_number(typed: str | None):
    assert classify(typed, drama_allowed=True) == ClassifiedNumber(NumberKind.NONE, None)


@pytest.mark.parametrize("last", ["000", "500", "999"])
def test_drama_numbers_are_mobiles_outside_production_only(last: str):
    typed = f"07700 900{last}"
    assert classify(typed, drama_allowed=True).kind is NumberKind.UK_MOBILE
    assert classify(typed, drama_allowed=False) == ClassifiedNumber(NumberKind.INVALID)


@pytest.mark.parametrize("typed", ["07700 899999", "07700 901000"])
def test_the_drama_range_ends_where_ofcom_says(typed: str):
    assert classify(typed, drama_allowed=True) == classify(typed, drama_allowed=False)


@given(st.text(max_size=40))
def test_no_text_however_odd_breaks_it_and_only_numbers_have_a_number(typed: str):
    found = classify(typed, drama_allowed=True)
    assert (found.e164 is None) == (found.kind in (NumberKind.NONE, NumberKind.INVALID))


@given(st.text(alphabet="+0123456789 ()-.", max_size=20))
def test_a_number_read_once_is_read_the_same_again(typed: str):
    found = classify(typed, drama_allowed=True)
    if found.e164 is not None:
        assert classify(found.e164, drama_allowed=True) == found


def test_the_hash_is_of_the_number_and_not_of_how_it_was_typed():
    spellings = ("07700 900123", "+44 (0)7700 900123")
    found = [classify(typed, drama_allowed=True).e164 for typed in spellings]
    assert number_hash(found[0] or "") == number_hash(found[1] or "")
    assert number_hash("+447700900123") != number_hash("+447700900124")
