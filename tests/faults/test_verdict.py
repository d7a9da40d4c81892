"""The fault test's own verdict: it must see every way in which a text can go wrong."""

import pytest

from faults.verdict import Verdict, judge
from survey_app.domain.requests import A_PERSON_DECIDES

ANN, BEN, CEM = (
    ("Info N", "+447700900001"),
    ("Info N", "+447700900002"),
    ("Info S", "+447700900001"),
)
ALL_WELL = {ANN: "delivered", BEN: "accepted", CEM: "delivered"}


def texts(*phones):
    return [{"from": sender, "to": to, "body": "words"} for sender, to in phones]


GOOD = {"sent": 3, "lost": 0, "doubled": 0, "undecided": 0, "misbelieved": 0, "to_strangers": 0}


@pytest.mark.parametrize(
    ("got", "beliefs", "differs"),
    [
        ((ANN, BEN, CEM), ALL_WELL, {}),
        ((ANN, BEN, CEM, ANN), ALL_WELL, {"doubled": 1}),
        ((ANN, BEN, CEM, ANN, ANN), ALL_WELL, {"doubled": 2}),
        ((ANN, BEN), ALL_WELL, {"sent": 2, "lost": 1, "misbelieved": 1}),
        ((ANN, BEN), ALL_WELL | {CEM: "failed"}, {"sent": 2, "lost": 1}),
        ((ANN, BEN), {ANN: "accepted", BEN: "accepted"}, {"sent": 2, "lost": 1}),
        ((ANN, BEN), ALL_WELL | {CEM: A_PERSON_DECIDES}, {"sent": 2, "undecided": 1}),
        ((ANN, BEN, CEM), ALL_WELL | {CEM: A_PERSON_DECIDES}, {"undecided": 1}),
        ((ANN, BEN, CEM), ALL_WELL | {CEM: "pending"}, {"misbelieved": 1}),
        ((ANN, BEN, CEM), ALL_WELL | {CEM: "cancelled"}, {"misbelieved": 1}),
        ((ANN, BEN, CEM, ("Info S", "+447700900999")), ALL_WELL, {"to_strangers": 1}),
    ],
)
def test_what_phones_got_decides(got, beliefs, differs):
    verdict = judge([ANN, BEN, CEM], texts(*got), beliefs)
    assert verdict == Verdict(**(GOOD | differs))
    bad = {"lost", "doubled", "misbelieved", "to_strangers"}
    assert verdict.is_good == (not bad & differs.keys())


def test_the_line_is_the_promised_one():
    assert Verdict(**GOOD).line("sqlite") == "sqlite: sent 3, lost 0, doubled 0, undecided 0"
