"""Where does a piece of work on the desk lead?"""

from flask import url_for


def case_address(slug: str, case_ref: str) -> str:
    """The case's own page."""
    return url_for("caseworker.case", slug=slug, case_ref=case_ref)


def reading_address(slug: str, case_ref: str, wave: str) -> str:
    """Where a reading of this wave is recorded."""
    return url_for("caseworker.record_reading", slug=slug, case_ref=case_ref, wave=wave)


def held_address(slug: str, case_ref: str) -> str:
    """Where somebody decides what is right where facts of a case's person contradict."""
    return url_for("caseworker.held_person", slug=slug, case_ref=case_ref)
