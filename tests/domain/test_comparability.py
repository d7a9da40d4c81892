"""Which versions of an instrument may stand in one pair."""

import pytest

from survey_app.domain.comparability import scale_mark, version_pools
from tests.reporting.worlds import definitions


def a_version(version: str, *comparable_with: str):
    shipped = definitions()[0]["self-assessment"]
    return shipped.model_copy(update={"version": version, "comparable_with": comparable_with})


@pytest.mark.parametrize(
    ("versions", "pools"),
    [
        ([("1",), ("2",)], {"1": "1", "2": "2"}),
        ([("1",), ("2", "1")], {"1": "1", "2": "1"}),
        ([("1", "2"), ("2",)], {"1": "1", "2": "1"}),
        ([("10", "2"), ("2",), ("9",)], {"2": "2", "9": "9", "10": "2"}),
        ([("1",), ("2", "1"), ("3", "2"), ("4",)], {"1": "1", "2": "1", "3": "1", "4": "4"}),
        ([("1",), ("2",), ("3", "1", "2")], {"1": "1", "2": "1", "3": "1"}),
        ([("2", "1")], {"2": "2"}),
    ],
)
def test_a_pool_is_what_somebody_called_comparable(versions, pools):
    found = version_pools(a_version(*one) for one in versions)
    assert found == {
        ("self-assessment", one): ("self-assessment", pool) for one, pool in pools.items()
    }


def test_instruments_never_share_a_pool():
    other = definitions()[0]["adult-star"].model_copy(update={"comparable_with": ("1", "2")})
    found = version_pools([a_version("1"), a_version("2"), other])
    assert len(set(found.values())) == 3


def test_a_scale_is_its_codes_values_and_polarity():
    item = definitions()[0]["self-assessment"].item("feeling-safe")
    other = definitions()[0]["self-assessment"].item("ability-to-cope")
    assert scale_mark(item) == scale_mark(other)
    assert scale_mark(item) != scale_mark(item.model_copy(update={"options": item.options[1:]}))
    assert scale_mark(item) != scale_mark(definitions()[0]["adult-star"].item("safety"))
