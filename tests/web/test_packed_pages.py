"""A packed page holds exactly what was put into it."""

import brotli
from hypothesis import given
from hypothesis import strategies as st

from survey_app.web.shared.packed_pages import PackedPage

LINK, FORM = "0123456789abcdef", "fedcba9876543210"
SLOTS, LENGTHS = {"link": LINK, "form": FORM}, {"link": 12, "form": 22}
PAGE = f"""<!DOCTYPE html><html lang="pa"><title>ਸਵਾਲ</title><a href="/s/{LINK}/about">Who</a>
<form method="post"><input name="t" value="{FORM}"><p>ਤੁਸੀਂ ਕਿੰਨੇ ਖੁਸ਼ ਹੋ? 💛</p></form>
<a href="/s/{LINK}">Start</a><a href="/s/{LINK}/stop">No more texts</a></html>"""


def secret(length: int) -> st.SearchStrategy[str]:
    """A token as links and forms have them."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
    return st.text(letters, min_size=length, max_size=length)


@given(secret(12), secret(22))
def test_a_page_comes_back_with_its_secrets_in_place(link: str, form: str):
    page = PackedPage.pack(PAGE, SLOTS, LENGTHS)
    assert page is not None
    read = brotli.decompress(page.fill({"link": link, "form": form})).decode()
    assert read == PAGE.replace(LINK, link).replace(FORM, form)


@given(st.lists(st.text(max_size=200), min_size=2, max_size=12), st.data())
def test_whatever_stands_on_a_page_it_comes_back_or_is_not_packed(
    pieces: list[str], data: st.DataObject
):
    clean = [piece.encode(errors="ignore").decode() for piece in pieces]
    between = [data.draw(st.sampled_from([LINK, FORM])) for _ in clean[1:]]
    text = clean[0] + "".join(slot + piece for slot, piece in zip(between, clean[1:], strict=True))
    page = PackedPage.pack(text, SLOTS, LENGTHS)
    tokens = {"link": "23456789abcd", "form": "AbC-_" * 4 + "xy"}
    if page is None:
        assert any(len(piece.encode()) < 2 for piece in clean[1:]) or len(between) > 5
        return
    read = brotli.decompress(page.fill(tokens)).decode()
    assert read == text.replace(LINK, tokens["link"]).replace(FORM, tokens["form"])


def test_packed_with_places_for_secrets_it_is_about_as_small_as_without():
    page = PackedPage.pack(PAGE * 8, SLOTS, LENGTHS)
    assert page is None or len(page.fill({"link": "x" * 12, "form": "y" * 22})) < len(PAGE * 8)
