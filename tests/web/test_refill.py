"""A form is filled in again on the finished page, and nothing else of the page changes."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_app.web.shared.refill import refill

PAGE = """<!DOCTYPE html><p>&copy; before\u2028 &amp; after\x0b</p>
<form method="post" action="/sign-out"><input type="hidden" name="csrf_token" value="T"></form>
<form method="post" novalidate>
<input type="hidden" name="csrf_token" value="fresh">
<input type="hidden" name="seen" value="2">
<input class="a" id="how" name="how" type="text" value="" aria-describedby="x">
<input name="day" value="1"><input name="day" value="2">
<input type="radio" name="safe" value="yes" checked><input type="radio" name="safe" value="no">
<input type="checkbox" name="days" value="mon" checked>\
<input type="checkbox" name="days" value="tue">
<select name="role"><option value="a" selected>A</option><option value="b">B</option></select>
<textarea name="note">
old &lt;</textarea>
<input type="password" name="password">
<button name="go" value="1">Save</button>
</form>
<script type="application/json">{"a": "<input name=how>"}</script>"""


def filled(**fields):
    return refill(PAGE, "/here", "/here", {name: list(v) for name, v in fields.items()})


def test_every_kind_of_field_is_set_to_what_was_entered():
    page = filled(
        how=['by "phone" & <b>'],
        day=["7", "8"],
        safe=["no"],
        days=["tue"],
        role=["b"],
        note=["two\nlines </textarea>"],
        seen=["1"],
    )
    for shown in (
        'name="how" type="text" aria-describedby="x" value="by &quot;phone&quot; &amp; &lt;b&gt;">',
        '<input name="day" value="7"><input name="day" value="8">',
        'name="safe" value="yes"><input type="radio" name="safe" value="no" checked>',
        'value="mon"><input type="checkbox" name="days" value="tue" checked>',
        '<option value="a">A</option><option value="b" selected>B</option>',
        ">\ntwo\nlines &lt;/textarea&gt;</textarea>",
        'name="seen" value="1"',
    ):
        assert shown in page


def test_the_token_passwords_and_the_rest_of_the_page_stay():
    page = filled(how=["x"], csrf_token=["stale"], password=["secret"], go=["2"])
    assert "stale" not in page
    assert "secret" not in page
    assert page.split("<form")[0] == PAGE.split("<form")[0]
    assert page.split("</form>")[-1] == PAGE.split("</form>")[-1]


def test_a_box_that_was_unticked_stays_unticked():
    assert "checked" not in filled(how=["x"]).split("days")[1]


@pytest.mark.parametrize(
    ("target", "fields"), [("/there", {"how": ["x"]}), ("/here", {"y": ["x"]})]
)
def test_without_such_a_form_there_is_nothing_to_fill(target, fields):
    assert refill(PAGE, "/here", target, fields) is None


def test_of_two_forms_to_one_address_it_is_the_one_that_asks_for_this():
    two = (
        '<form method="post"><input name="a" value=""></form>'
        '<form method="post"><input name="a" value=""><input name="b" value=""></form>'
    )
    page = refill(two, "/here", "/here", {"a": ["1"], "b": ["2"]})
    first, second = page.split("</form>")[:2]
    assert (first.count('"1"'), second.count('"1"'), second.count('"2"')) == (0, 1, 1)


@given(st.text(min_size=1))
def test_whatever_was_typed_comes_back_as_text_and_never_as_markup(text):
    page = filled(how=[text], note=[text])
    assert f'value="{escape(text)}">' in page
    assert f">\n{escape(text)}</textarea>" in page
    assert page.count("<form") == PAGE.count("<form")
