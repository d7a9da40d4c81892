"""With the person: the tablet in their hands, questions on paper, their own picture of change."""

from flask import Blueprint

from survey_app.web.caseworker.with_person.change import change_pages
from survey_app.web.caseworker.with_person.giving_back import giving_back_pages
from survey_app.web.caseworker.with_person.handing_over import handing_over_pages
from survey_app.web.caseworker.with_person.paper_entry import paper_entry_pages
from survey_app.web.caseworker.with_person.paper_form import paper_form_pages
from survey_app.web.caseworker.with_person.picture import picture_pages


def with_person_pages(pages: Blueprint) -> None:
    """Mount every page that is used with the person."""
    handing_over_pages(pages)
    giving_back_pages(pages)
    paper_form_pages(pages)
    paper_entry_pages(pages)
    change_pages(pages)
    picture_pages(pages)
