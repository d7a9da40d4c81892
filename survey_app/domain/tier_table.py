"""What is a tier, and which rows of a programme's table does a case meet (DOMAIN.md, "Tiers")?"""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from survey_app.domain.cases import SupportLevel
from survey_app.domain.definitions import Definition, whole_number_as_text


class Tier(StrEnum):
    """What a case is asked at closure goes by tier. `none` is asked nothing."""

    NONE = "none"
    ONE = "1"
    TWO = "2"
    THREE = "3"


TierKey = Annotated[Tier, BeforeValidator(whole_number_as_text)]


class TierRule(Definition):
    """One row of a programme's tier table; `deliveries_to` None means without end."""

    tier: TierKey
    support_levels: Annotated[tuple[SupportLevel, ...], Field(min_length=1)]
    deliveries_from: Annotated[int, Field(ge=0)]
    deliveries_to: Annotated[int, Field(ge=0)] | None = None

    def is_met_by(self, support_level: SupportLevel, deliveries: int) -> bool:
        """Whether a case of this support level and number of deliveries is in the row."""
        return (
            support_level in self.support_levels
            and deliveries >= self.deliveries_from
            and (self.deliveries_to is None or deliveries <= self.deliveries_to)
        )
