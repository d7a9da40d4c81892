"""The gate's pages with something missing, in a service with languages and alerts: they fit."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from survey_app.domain.cases import Role
from survey_app.domain.gate import ConditionId
from survey_app.store.database import Database
from survey_app.store.gate import GateWaiver
from survey_app.store.scope import Scope
from survey_app.store.services import get_service
from survey_app.usecases.run_due import run_due
from tests.browsers import LiveApp, looks_good, sign_in
from tests.builders import a_person
from tests.gate import a_shadow
from tests.links import a_link
from tests.staff import an_account
from tests.texting import a_due_request
from tests.usecases.respondent import Respondent
from tests.world import NOON

pytestmark = pytest.mark.browser
PLACES = (
    "/services/north/sending",
    "/services/north/sending/shadow",
    "/services/north/sending/texts",
    "/services/north/sending/alerts",
    "/services/elsewhere/alerts",
    "/services/elsewhere",
)


@pytest.fixture
def manager(database: Database, live: LiveApp, all_languages) -> str:
    """The manager of a service in shadow with all that its pages show, and of one with an alert."""
    with database.write(Scope.worker()) as session:
        service = a_shadow(session, slug="north", name="North")
        service.draft_languages = all_languages
        for n in range(3):
            a_due_request(session, service, case={"case_ref": f"WM-{n}"})
        a_due_request(session, service, a_person(session, service, sms_consent="no"))
        _, token = a_link(session, "self-assessment", service={"slug": "elsewhere"})
        Respondent(session, token).begin().say("feeling-safe", "1")
        waiver = {"condition": ConditionId.EXPECTED_TEXT, "reason": "A pilot of two people."}
        session.add(GateWaiver(service_id=service.id, at=NOON - timedelta(days=2), **waiver))
        places = ((service, Role.MANAGER), (get_service(session, "elsewhere"), Role.MANAGER))
        email = an_account(session, *places, name="Kim Doe").email
    run_due(live.app.extensions["runtime"])
    return email


def test_the_gates_pages_and_alerts_are_accessible_and_fit(page: Page, live: LiveApp, manager):
    sign_in(page, live, manager)
    for place in PLACES:
        page.goto(live.url + place)
        looks_good(page)
    page.goto(f"{live.url}/services/elsewhere/alerts")
    page.get_by_role("link", name="Does not feel safe").first.click()
    assert page.get_by_text("Not safe at all").is_visible()
    looks_good(page)
    page.goto(f"{live.url}/services/north/sending/alerts")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("There is a problem").is_visible()
    looks_good(page)
