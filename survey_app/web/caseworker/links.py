"""Where does a piece of work on the desk lead?"""

from flask import current_app, url_for

RECORD_READING = "caseworker.record_reading"


def case_address(slug: str, case_ref: str) -> str:
    """The case's own page."""
    return url_for("caseworker.case", slug=slug, case_ref=case_ref)


def reading_address(slug: str, case_ref: str, wave: str) -> str:
    """Where a reading is recorded; the case where this installation has no such page."""
    if RECORD_READING not in current_app.view_functions:
        return case_address(slug, case_ref)
    return url_for(RECORD_READING, slug=slug, case_ref=case_ref, wave=wave)
