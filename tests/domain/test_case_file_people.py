"""What several rows say of one person does not hang on their order, and is as careful as any."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.case_file_people import SaidOfPerson, combine
from survey_app.domain.cases import Recorded

DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 6))
WORDS = st.none() | st.sampled_from(list(Recorded))
SAFETY = st.fixed_dictionaries(
    {
        "mobile": st.none() | st.sampled_from(["07700 900001", "+447700900001", "07700 900002"]),
        "sms_consent": WORDS,
        "sms_safe": WORDS,
        "do_not_contact": WORDS,
        "safe_days": st.none() | st.sampled_from(["mon", "tue;wed"]),
        "safety_checked_on": st.none() | DAYS,
    }
)
PERSON = st.fixed_dictionaries({"sex": st.none() | st.sampled_from(["female", "male"])})
ROWS = st.lists(st.tuples(DAYS, PERSON, SAFETY), min_size=1, max_size=5).map(
    lambda rows: [SaidOfPerson(f"C-{number}", *row) for number, row in enumerate(rows)]
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, chance):
    shuffled = sorted(rows, key=lambda _: chance.random())
    assert combine(shuffled) == combine(rows)


@given(ROWS)
def test_one_row_says_what_it_says(rows):
    together = combine(rows[:1])
    assert (together.person, together.safety) == (rows[0].person, rows[0].safety)


@given(ROWS)
def test_consent_needs_every_row_that_still_speaks(rows):
    latest = max((s for r in rows if (s := r.safety["safety_checked_on"])), default=None)
    speaking = [
        r.safety for r in rows if latest is None or r.safety["safety_checked_on"] in (None, latest)
    ]
    together = combine(rows).safety
    if together["sms_consent"] is Recorded.YES:
        assert {said["sms_consent"] for said in speaking} <= {Recorded.YES, None}
    if together["do_not_contact"] is not Recorded.YES:
        assert Recorded.YES not in {said["do_not_contact"] for said in speaking}


def said(number, on, **safety):
    return SaidOfPerson(f"C-{number}", on, {}, safety)


def test_the_old_number_being_safe_says_nothing_of_the_new_one():
    old = said(2, date(2026, 1, 1), mobile="07700 900001", sms_safe=Recorded.YES)
    new = said(3, date(2026, 2, 1), mobile="07700 900002", sms_safe=None)
    assert combine([old, new]).safety == {"mobile": "07700 900002", "sms_safe": None}


def test_a_doubt_about_the_old_number_stays():
    old = said(2, date(2026, 1, 1), mobile="07700 900001", sms_safe=Recorded.NO)
    new = said(3, date(2026, 2, 1), mobile="07700 900002", sms_safe=Recorded.YES)
    assert combine([old, new]).safety["sms_safe"] is Recorded.NO


def test_a_later_check_outweighs_an_earlier_one():
    earlier = said(2, date(2026, 1, 1), sms_consent=Recorded.NO, safety_checked_on=date(2026, 1, 2))
    later = said(3, date(2026, 2, 1), sms_consent=Recorded.YES, safety_checked_on=date(2026, 2, 2))
    assert combine([later, earlier]).safety == later.safety


def test_a_birth_date_known_from_one_case_outweighs_not_asked_on_another():
    born = {"date_of_birth": date(2010, 1, 1), "birth_not_given": None}
    unasked = {"date_of_birth": None, "birth_not_given": "not-asked"}
    rows = [
        SaidOfPerson("C-2", date(2026, 1, 1), born, {}),
        SaidOfPerson("C-3", date(2026, 2, 1), unasked, {}),
    ]
    assert combine(rows).person == born
