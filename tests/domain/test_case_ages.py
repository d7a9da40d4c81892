"""Age bands have no gaps, and a young person is one by age or, without one, by flag."""

import pytest

from survey_app.domain.case_ages import age_band, is_young_person


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "under-13"),
        (12, "under-13"),
        (13, "13-15"),
        (15, "13-15"),
        (16, "16-17"),
        (17, "16-17"),
        (18, "18-24"),
        (24, "18-24"),
        (25, "25-34"),
        (34, "25-34"),
        (35, "35-44"),
        (44, "35-44"),
        (45, "45-54"),
        (54, "45-54"),
        (55, "55-64"),
        (64, "55-64"),
        (65, "65-74"),
        (74, "65-74"),
        (75, "75-and-over"),
        (110, "75-and-over"),
    ],
)
def test_each_age_has_its_band(age, band):
    assert age_band(age) == band


@pytest.mark.parametrize(
    ("age", "flag", "expected"),
    [(17, False, True), (18, True, False), (None, True, True), (None, False, False)],
)
def test_the_flag_counts_only_where_no_age_is_known(age, flag, expected):
    assert is_young_person(age, has_child_flag=flag) is expected
