"""What managers look after: coverage, what is overdue, how well cases are recorded."""

from flask import Blueprint

from survey_app.web.caseworker.oversight.coverage import coverage_pages
from survey_app.web.caseworker.oversight.data_quality import data_quality_pages
from survey_app.web.caseworker.oversight.overdue import overdue_pages


def oversight_pages(pages: Blueprint) -> None:
    """Mount all of them."""
    coverage_pages(pages)
    overdue_pages(pages)
    data_quality_pages(pages)
