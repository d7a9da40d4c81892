"""Which columns stand for a dimension, and which cases pass a filter by one?"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, false, func

from survey_app.domain.cases import Flag
from survey_app.reporting.filters import NOT_RECORDED, Dimension, Filters
from survey_app.store.case_facts import FLAG_COLUMNS, CaseFact

OF_CASE: Mapping[Dimension, Any] = {
    Dimension.CRIME_CATEGORY: CaseFact.crime_category,
    Dimension.FLAG: CaseFact.flags,
    Dimension.LOCAL_AUTHORITY: CaseFact.local_authority,
    Dimension.REFERRAL_SOURCE: CaseFact.referral_source,
    Dimension.AGE_BAND: CaseFact.age_band,
    Dimension.SEX: CaseFact.sex,
    Dimension.ETHNICITY: CaseFact.ethnicity,
    Dimension.DISABILITY: CaseFact.disability,
}


def only_cases(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """The filters that are about the case or the person in it."""
    for dimension, value in filters.only.items():
        if dimension is Dimension.FLAG and value != NOT_RECORDED:
            yield _has_flag(value)
        elif dimension in OF_CASE:
            yield is_value(OF_CASE[dimension], value)


def is_value(column: Any, value: str) -> ColumnElement[bool]:
    """Whether a column holds this value, or nothing where that is asked for."""
    if value == NOT_RECORDED:
        return func.coalesce(column, "") == ""
    return cast(ColumnElement[bool], column == value)


def _has_flag(flag: str) -> ColumnElement[bool]:
    """`none` is recorded where there are no flags; what is no flag is nobody's."""
    if flag in set(Flag):
        return cast(ColumnElement[bool], FLAG_COLUMNS[Flag(flag)] == 1)
    return CaseFact.flags == flag if flag == "none" else false()
