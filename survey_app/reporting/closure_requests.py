"""Which request decides a case's tier, and on what else does the tier depend?"""

from sqlalchemy import ColumnElement, Text, and_, case, literal
from sqlalchemy import cast as as_type
from sqlalchemy.orm import aliased

from survey_app.domain.requests import EndReason, Wave
from survey_app.store.cases import Case
from survey_app.store.requests import SurveyRequest

ClosureRequest = aliased(SurveyRequest, name="closure_request")

BY_REQUEST = "request"
"""Where a tier key begins so, the request's tier follows; else support level and deliveries."""


def has_standing_request() -> ColumnElement[bool]:
    """Whether the case has a closure request that was not taken back as no longer eligible."""
    ended = ClosureRequest.end_reason
    return and_(
        ClosureRequest.tier.is_not(None),
        (ended.is_(None)) | (ended != EndReason.NO_LONGER_ELIGIBLE),
    )


def is_closure_request_of_case() -> ColumnElement[bool]:
    """The join of a case's closure request."""
    return and_(ClosureRequest.case_id == Case.id, ClosureRequest.wave == Wave.CLOSURE)


def tier_key(highest_deliveries: int) -> ColumnElement[str]:
    """Everything that the tier depends on, in few distinct values, to keep counting small.

    The rule itself stays in `domain.tiers`: beyond the highest number that the tier table
    names, one delivery more makes no difference.
    """
    highest = highest_deliveries
    deliveries = case((Case.deliveries > highest, highest), else_=Case.deliveries)
    by_case = Case.support_level + literal(":") + as_type(deliveries, Text)
    return case(
        (has_standing_request(), literal(f"{BY_REQUEST}:") + ClosureRequest.tier),
        else_=by_case,
    )
