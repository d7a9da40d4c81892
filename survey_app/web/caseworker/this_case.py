"""The case that the address names, in the service that it names."""

from sqlalchemy.orm import Session

from survey_app.store.cases import Case, CaseNotFound, find_case
from survey_app.web.shared.access import this_service


def this_case(session: Session, case_ref: str) -> Case:
    """The service's case of this reference. Raises CaseNotFound, which answers 404."""
    case = find_case(session, this_service().id, case_ref)
    if case is None:
        raise CaseNotFound(case_ref)
    return case
