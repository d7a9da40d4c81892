"""Which columns stand for a dimension, and which cases pass a filter by one?"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, func, literal, select

from survey_app.reporting.filters import NOT_RECORDED, Dimension, Filters
from survey_app.store.cases import Case
from survey_app.store.people import Person

OF_CASE: Mapping[Dimension, Any] = {
    Dimension.CRIME_CATEGORY: Case.crime_category,
    Dimension.FLAG: Case.flags,
    Dimension.LOCAL_AUTHORITY: Case.local_authority,
    Dimension.REFERRAL_SOURCE: Case.referral_source,
    Dimension.AGE_BAND: Case.age_band,
}
OF_PERSON: Mapping[Dimension, Any] = {
    Dimension.SEX: Person.sex,
    Dimension.ETHNICITY: Person.ethnicity,
    Dimension.DISABILITY: Person.disability,
}


def named_by(dimension: Dimension) -> str:
    """The column of a dimension, where rows are told apart by all of them."""
    return f"by_{dimension.value}"


def only_cases(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """The filters that are about the case or the person in it."""
    for dimension, value in filters.only.items():
        if dimension is Dimension.FLAG:
            yield _has_flag(value)
        elif dimension in OF_CASE:
            yield is_value(OF_CASE[dimension], value)
        elif dimension in OF_PERSON:
            # Asked of each case's own person: a list of all such people costs more than that.
            own = select(Person.id).where(
                Person.id == Case.person_id, is_value(OF_PERSON[dimension], value)
            )
            yield own.correlate(Case).exists()


def is_value(column: Any, value: str) -> ColumnElement[bool]:
    """Whether a column holds this value, or nothing where that is asked for."""
    if value == NOT_RECORDED:
        return func.coalesce(column, "") == ""
    return cast(ColumnElement[bool], column == value)


def _has_flag(flag: str) -> ColumnElement[bool]:
    if flag == NOT_RECORDED:
        return is_value(Case.flags, flag)
    return (literal(";") + Case.flags + literal(";")).contains(f";{flag};", autoescape=True)
