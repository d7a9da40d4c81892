"""How much a publication tells is counted from its page, and against the one before."""

import json

from survey_app.reporting.told_again import compare
from survey_app.web.commissioner.blocks import Block, Table, Toned
from survey_app.web.commissioner.telling import Extent, extent_of, lost_in_words
from tests.reports import a_rate, a_suppressed_rate


def named(by: str | None, key: str) -> str:
    return json.dumps([by, "ladder", None, "all", key])


def test_every_figure_is_counted_once_and_words_are_none():
    rows = [
        ["Home 1", "inside", a_rate(3, 4), 0, Toned("[c]", "good"), "4 to 7"],
        ["Health", "", a_suppressed_rate(9), "[c]", "no data", "[c]"],
    ]
    table = Table("Figures", ["Area", "Where", *"abcd"], rows, words=2)
    block = Block("id", "Title", "Sentence", tables=(table,), left_out=5)
    assert extent_of([block]) == Extent(figures=12, kept_back=9)
    assert extent_of([block]).percent == 75
    assert extent_of([]).percent == 0


def test_a_publication_is_compared_count_by_count(app):
    everyone, women = named(None, "asked"), [named("sex", key) for key in ("a", "b", "c", "d")]
    before = {everyone: 40, women[0]: 9, women[1]: 8, women[2]: None, women[3]: 7}
    now = {everyone: 44, women[0]: None, women[1]: None, women[2]: 12, women[3]: 7}
    found = compare(now, before)
    assert (found.lost, found.gained, found.changed) == (2, 1, 1)
    with app.test_request_context():
        assert lost_in_words(found) == [("By sex", 2)]


def test_what_neither_publication_names_is_nought_in_both():
    fewer = compare({}, {named(None, "asked"): 6})
    hidden = compare({named(None, "asked"): None}, {})
    assert (fewer.lost, fewer.changed) == (0, 1)
    assert not hidden.is_another
