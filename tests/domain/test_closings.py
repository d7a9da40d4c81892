"""A closing needs a day that can be, a reason, its code, and words where the code says nothing."""

from dataclasses import replace
from datetime import date

import pytest

from survey_app.domain.cases import ClosureReason
from survey_app.domain.closings import Closing, ClosingRefusal, find_closing_refusals
from survey_app.domain.closure_codes import DeclinedCode, OwnCode, WithdrewCode, codes_of
from survey_app.domain.deliveries import MOST_AT_ONCE, DeliveryRefusal, find_delivery_refusal
from survey_app.domain.programmes import Programme
from survey_app.store.programmes import shipped_programmes

STANDARD = shipped_programmes()["standard"]
REFERRED, TODAY = date(2026, 9, 1), date(2026, 11, 18)
SOUND = Closing(TODAY, ClosureReason.COMPLETED)


def refused(closing: Closing, programme: Programme = STANDARD) -> tuple[ClosingRefusal, ...]:
    return find_closing_refusals(closing, programme, referred_on=REFERRED, today=TODAY)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"on": REFERRED}, []),
        ({"on": date(2026, 8, 31)}, ["before-referral"]),
        ({"on": date(2026, 11, 19)}, ["in-future"]),
        ({"reason": ClosureReason.DECLINED}, ["code-missing"]),
        ({"reason": ClosureReason.DECLINED, "code": "no-need"}, []),
        ({"reason": ClosureReason.DECLINED, "code": "needs-met"}, ["unknown-code"]),
        ({"reason": ClosureReason.WITHDREW, "code": "needs-met"}, []),
        ({"reason": ClosureReason.WITHDREW, "code": "other"}, ["text-missing"]),
        ({"reason": ClosureReason.WITHDREW, "code": "other", "detail": "Moved in."}, []),
        ({"reason": ClosureReason.OTHER}, ["text-missing"]),
        ({"reason": ClosureReason.TRANSFERRED}, ["destination-missing"]),
        ({"reason": ClosureReason.TRANSFERRED, "destination": "Harrowdale"}, []),
        ({"code": "no-need"}, ["unknown-code"]),
        ({"detail": "x" * 5001}, ["text-too-long"]),
    ],
)
def test_what_stands_against_a_closing(facts, expected):
    assert list(refused(replace(SOUND, **facts))) == expected


def test_a_programme_may_add_codes_of_its_own():
    own = (OwnCode(code="no-interpreter", text="There was no interpreter"),)
    programme = STANDARD.model_copy(update={"closure_codes": {ClosureReason.DECLINED: own}})
    closing = replace(SOUND, reason=ClosureReason.DECLINED, code="no-interpreter")
    assert refused(closing, programme) == ()
    assert refused(closing) == (ClosingRefusal.UNKNOWN_CODE,)
    assert codes_of(ClosureReason.DECLINED, own)[-2:] == ("no-interpreter", DeclinedCode.OTHER)


def test_only_declined_and_withdrew_have_codes_for_everyone():
    assert codes_of(ClosureReason.WITHDREW) == tuple(WithdrewCode)
    for reason in set(ClosureReason) - {ClosureReason.DECLINED, ClosureReason.WITHDREW}:
        assert codes_of(reason) == ()


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        (TODAY, 1, None),
        (REFERRED, MOST_AT_ONCE, None),
        (TODAY, 0, DeliveryRefusal.NONE_AT_ALL),
        (TODAY, -3, DeliveryRefusal.NONE_AT_ALL),
        (TODAY, MOST_AT_ONCE + 1, DeliveryRefusal.TOO_MANY),
        (date(2026, 11, 19), 1, DeliveryRefusal.IN_FUTURE),
        (date(2026, 8, 31), 1, DeliveryRefusal.BEFORE_REFERRAL),
    ],
)
def test_what_stands_against_a_delivery(on, count, expected):
    found = find_delivery_refusal(on, count, referred_on=REFERRED, closed_on=None, today=TODAY)
    assert found is expected


def test_nothing_is_delivered_after_the_closing():
    closed = date(2026, 10, 1)
    found = find_delivery_refusal(TODAY, 1, referred_on=REFERRED, closed_on=closed, today=TODAY)
    assert found is DeliveryRefusal.AFTER_CLOSING
