"""By what may a report be split, and to whom may it be narrowed?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NOT_RECORDED = "not-recorded"
"""The group of those of whom the characteristic was never recorded."""


class Dimension(StrEnum):
    """What a report may be split by (FORMATS.md, `--by`)."""

    TIER = "tier"
    CRIME_CATEGORY = "crime-category"
    FLAG = "flag"
    LOCAL_AUTHORITY = "local-authority"
    REFERRAL_SOURCE = "referral-source"
    AGE_BAND = "age-band"
    SEX = "sex"
    ETHNICITY = "ethnicity"
    DISABILITY = "disability"
    LANGUAGE = "language"
    MODE = "mode"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def is_partition(self) -> bool:
        """Whether everyone is in exactly one group; a case may carry several flags."""
        return self is not Dimension.FLAG


OF_TIME = frozenset({Dimension.QUARTER, Dimension.MONTH})
"""A report may be split by these; what narrows it in time is its period."""

OF_ANSWERS = frozenset({Dimension.MODE})
"""What is true of an answer, not of a case: with a filter by it there is no ladder."""


@dataclass(frozen=True)
class Filters:
    """To whom and what a report is narrowed; without any, it is about everyone.

    `instrument` keeps the answers to one questionnaire. For the service's own staff only: two
    filtered tables can be subtracted from each other.
    """

    only: Mapping[Dimension, str] = field(default_factory=dict)
    instrument: str | None = None

    @property
    def is_about_cases(self) -> bool:
        """Whether every filter is one that a case passes or not, answered or not."""
        return self.instrument is None and not OF_ANSWERS & self.only.keys()

    def __bool__(self) -> bool:
        return bool(self.only) or self.instrument is not None


NO_FILTERS = Filters()

INSTRUMENT = "instrument"
FILTERED_BY: tuple[str, ...] = (
    *(dimension.value for dimension in Dimension if dimension not in OF_TIME),
    INSTRUMENT,
)
"""The names of every filter, as addresses and commands write them."""


def filters_of(written: Mapping[str, str]) -> Filters:
    """The filters by their names; what is no filter's name is passed over."""
    only = {Dimension(name): value for name, value in written.items() if name in _DIMENSIONS}
    return Filters(only, written.get(INSTRUMENT))


_DIMENSIONS = frozenset(FILTERED_BY) - {INSTRUMENT}
