"""Trials of two wordings or send times: drafted, approved, run, ended and read."""

from flask import Blueprint

from survey_app.web.caseworker.trials.drafting import drafting_pages
from survey_app.web.caseworker.trials.one_trial import trial_pages


def trials_pages(pages: Blueprint) -> None:
    """Mount all of them."""
    drafting_pages(pages)
    trial_pages(pages)
