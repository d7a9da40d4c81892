"""What a service is asked before it may text people: the shadow, the exact texts, alert cover."""

from flask import Blueprint

from survey_app.web.caseworker.going_live.alert_cover import alert_cover_pages
from survey_app.web.caseworker.going_live.exact_texts import exact_texts_pages
from survey_app.web.caseworker.going_live.shadow import shadow_pages


def going_live_pages(pages: Blueprint) -> None:
    """Mount them."""
    shadow_pages(pages)
    exact_texts_pages(pages)
    alert_cover_pages(pages)
