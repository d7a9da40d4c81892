"""What people are asked about themselves, and what is kept of it."""

from hypothesis import given
from hypothesis import strategies as st

from survey_app.domain.equality import OPTIONS, Characteristic, accepted, open_questions

NOTHING = dict.fromkeys(Characteristic)


def test_only_what_is_not_recorded_is_asked():
    recorded = NOTHING | {
        "sex": "female",
        "ethnicity": "declined",
        "disability": "not-asked",
        "religion": "unknown",
    }
    assert open_questions(recorded, is_young_person=False) == (
        Characteristic.GENDER_IDENTITY,
        Characteristic.DISABILITY,
        Characteristic.SEXUALITY,
        Characteristic.RELIGION,
    )


def test_young_people_are_asked_less():
    asked = set(open_questions(NOTHING, is_young_person=True))
    assert asked == set(Characteristic) - {
        Characteristic.GENDER_IDENTITY,
        Characteristic.SEXUALITY,
    }


@given(asked=st.sampled_from(list(Characteristic)), said=st.text(max_size=12))
def test_only_an_option_or_that_they_declined_is_kept(asked, said):
    kept = accepted(asked, said)
    assert kept == (said if said in {*OPTIONS[asked], "declined"} else None)
    assert accepted(asked, "declined") == "declined"
