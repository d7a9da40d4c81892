"""Parts of a text at every boundary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.messaging.segments import Encoding, Segmented, segmented

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Segmented(GSM, 0, 1)),
        ("a" * 160, Segmented(GSM, 160, 1)),
        ("a" * 161, Segmented(GSM, 161, 2)),
        ("a" * 306, Segmented(GSM, 306, 2)),
        ("a" * 307, Segmented(GSM, 307, 3)),
        ("€" * 80, Segmented(GSM, 160, 1)),
        ("€" * 80 + "a", Segmented(GSM, 161, 2)),
        # 152 septets, then a pair that may not be split: it moves to the second part.
        ("a" * 152 + "€" + "a" * 152, Segmented(GSM, 306, 3)),
        ("a" * 151 + "€" + "a" * 153, Segmented(GSM, 306, 2)),
        ("ù" * 160, Segmented(GSM, 160, 1)),
        ("ŵ" * 70, Segmented(UCS, 70, 1)),
        ("ŵ" * 71, Segmented(UCS, 71, 2)),
        ("ŵ" * 134, Segmented(UCS, 134, 2)),
        ("ŵ" * 135, Segmented(UCS, 135, 3)),
        ("😀" * 35, Segmented(UCS, 70, 1)),
        ("😀" * 36, Segmented(UCS, 72, 2)),
        # A surrogate pair may not be split: 66 units fit beside it, not 67.
        ("😀" * 67, Segmented(UCS, 134, 3)),
        ("آپ" * 35, Segmented(UCS, 70, 1)),
        ("a" * 70 + "’", Segmented(UCS, 71, 2)),
    ],
)
def test_parts_at_the_boundaries(body: str, expected: Segmented):
    assert segmented(body) == expected


@pytest.mark.parametrize("character", list("\f^{}\\[~]|€"))
def test_a_character_of_the_extension_table_takes_two_septets(character: str):
    assert segmented(character) == Segmented(GSM, 2, 1)


@pytest.mark.parametrize("character", list("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"))
def test_a_character_of_the_basic_table_takes_one_septet(character: str):
    assert segmented(character) == Segmented(GSM, 1, 1)


@pytest.mark.parametrize("character", list("`çáíóúâêîôûŵŷ’–…\t"))
def test_a_character_outside_both_tables_turns_the_text_into_ucs_2(character: str):
    assert segmented(character) == Segmented(UCS, 1, 1)


@given(st.text(max_size=400))
def test_parts_hold_what_they_are_said_to_hold(body: str):
    found = segmented(body)
    alone, joined = (160, 153) if found.encoding is GSM else (70, 67)
    if found.segments == 1:
        assert found.units <= alone
    else:
        assert found.units > alone
        # At most one unit of each part is lost to a pair that would not split.
        assert (joined - 1) * (found.segments - 1) < found.units <= joined * found.segments
