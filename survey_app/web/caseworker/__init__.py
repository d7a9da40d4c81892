"""The desk of a service's own staff."""

from flask import Blueprint

from survey_app.web.caseworker.alert_inbox import alert_inbox_pages
from survey_app.web.caseworker.alerts import alerts_pages
from survey_app.web.caseworker.case import all_case_pages
from survey_app.web.caseworker.expected_text import expected_text_pages
from survey_app.web.caseworker.going_live import going_live_pages
from survey_app.web.caseworker.held import held_pages
from survey_app.web.caseworker.languages import languages_pages
from survey_app.web.caseworker.messages import messages_pages
from survey_app.web.caseworker.oversight import oversight_pages
from survey_app.web.caseworker.overview import overview_pages
from survey_app.web.caseworker.readings import readings_pages
from survey_app.web.caseworker.safe_contact import safe_contact_pages
from survey_app.web.caseworker.sending import sending_pages
from survey_app.web.caseworker.today import today_pages
from survey_app.web.caseworker.trials import trials_pages
from survey_app.web.caseworker.what_people_read import what_people_read_pages
from survey_app.web.caseworker.with_person import with_person_pages
from survey_app.web.caseworker.withdrawing import withdrawing_pages

blueprint = Blueprint("caseworker", __name__, template_folder="templates")
alert_inbox_pages(blueprint)
alerts_pages(blueprint)
today_pages(blueprint)
overview_pages(blueprint)
oversight_pages(blueprint)
all_case_pages(blueprint)
messages_pages(blueprint)
safe_contact_pages(blueprint)
held_pages(blueprint)
expected_text_pages(blueprint)
sending_pages(blueprint)
going_live_pages(blueprint)
trials_pages(blueprint)
languages_pages(blueprint)
readings_pages(blueprint)
with_person_pages(blueprint)
what_people_read_pages(blueprint)
withdrawing_pages(blueprint)
