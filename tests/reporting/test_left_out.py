"""A question that a young person was not asked by design is not counted as left blank."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter
from survey_app.messaging.tokens import new_token
from survey_app.reporting.population import Audience
from survey_app.reporting.report import report
from survey_app.store.cases import Case
from survey_app.store.services import Service
from tests.builders import a_case, a_person, a_request
from tests.links import a_link
from tests.usecases.respondent import Respondent
from tests.world import NOON


def answering(session: Session, service: Service, *, is_young: bool) -> None:
    """Somebody else of the same service says that they are satisfied, and skips the rest."""
    case = a_case(
        session,
        service,
        a_person(session, service),
        closed_on=date(2026, 11, 10),
        is_young_person=is_young,
    )
    request = a_request(session, case, instruments=[["sus-tier-2", "1"]])
    _, token = new_token(session, request.id, NOON)
    someone = Respondent(session, token).begin()
    someone.say("satisfied", "very-satisfied")
    someone.say("affected-confidence", "yes")
    someone.skip_all()


def test_blank_counts_those_who_were_asked(session: Session):
    request, _ = a_link(session, "sus-tier-2")
    session.get_one(Case, request.case_id).closed_on = date(2026, 11, 10)
    service = session.scalars(select(Service)).one()
    for is_young in (False, True, True):
        answering(session, service, is_young=is_young)
    found = report(session, service, Quarter(2026, 3), audience=Audience.STAFF, now=NOON)
    rows = {row.measure: row for row in found.satisfaction}
    blank = {measure: row.outside_base["blank"] for measure, row in rows.items()}
    assert rows["satisfied"].rate.denominator == 3
    assert (blank["satisfied"], blank["easy-to-access"], blank["recommend"]) == (0, 3, 3)
    assert (blank["use-again"], blank["affected-finances"]) == (1, 1)
    assert (blank["helped-finances"], blank["helped-confidence"]) == (0, 3)
    for audience in Audience:
        report(session, service, Quarter(2026, 3), audience=audience, now=NOON)
