"""One case: its page, and each thing that staff do to it."""

from flask import Blueprint

from survey_app.web.caseworker.case.closing import closing_pages
from survey_app.web.caseworker.case.deliveries import deliveries_pages
from survey_app.web.caseworker.case.editing import editing_pages
from survey_app.web.caseworker.case.filters import filters_pages
from survey_app.web.caseworker.case.list import list_pages
from survey_app.web.caseworker.case.opening import opening_pages
from survey_app.web.caseworker.case.page import case_pages
from survey_app.web.caseworker.case.reopening import reopening_pages


def all_case_pages(pages: Blueprint) -> None:
    """Mount them all."""
    list_pages(pages)
    filters_pages(pages)
    case_pages(pages)
    opening_pages(pages)
    editing_pages(pages)
    deliveries_pages(pages)
    closing_pages(pages)
    reopening_pages(pages)
