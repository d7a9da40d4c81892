"""On what does the tier of a case depend?"""

from sqlalchemy import ColumnElement, Text, case, literal
from sqlalchemy import cast as as_type

from survey_app.store.case_facts import CaseFact

BY_REQUEST = "request"
"""Where a tier key begins so, the request's tier follows; else support level and deliveries."""


def tier_key(highest_deliveries: int) -> ColumnElement[str]:
    """Everything that the tier depends on, in few distinct values, to keep counting small.

    The rule itself stays in `domain.tiers`: beyond the highest number that the tier table
    names, one delivery more makes no difference.
    """
    highest = highest_deliveries
    deliveries = case((CaseFact.deliveries > highest, highest), else_=CaseFact.deliveries)
    by_case = CaseFact.support_level + literal(":") + as_type(deliveries, Text)
    return case(
        (CaseFact.tier.is_not(None), literal(f"{BY_REQUEST}:") + CaseFact.tier), else_=by_case
    )
