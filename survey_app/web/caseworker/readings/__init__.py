"""Readings of a star: score, save a draft, correct, look back; and the licences they may need."""

from flask import Blueprint

from survey_app.web.caseworker.readings.correcting import correcting_pages
from survey_app.web.caseworker.readings.licences import licences_pages
from survey_app.web.caseworker.readings.listing import listing_pages
from survey_app.web.caseworker.readings.scoring import scoring_pages


def readings_pages(pages: Blueprint) -> None:
    """Mount every page about readings."""
    scoring_pages(pages)
    correcting_pages(pages)
    listing_pages(pages)
    licences_pages(pages)
