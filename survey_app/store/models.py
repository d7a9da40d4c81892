"""Every mapped class in one import, for migrations and for tests that speak of all tables."""

from survey_app.store import (
    alerts,
    audit,
    cases,
    imports,
    messages,
    pairs,
    people,
    periodic_work,
    publications,
    received_texts,
    requests,
    responses,
    second_factors,
    services,
    sign_in_addresses,
    staff,
    staff_links,
    staff_sessions,
)
from survey_app.store.base import Base

MODULES = (
    alerts,
    audit,
    cases,
    imports,
    messages,
    pairs,
    people,
    periodic_work,
    publications,
    received_texts,
    requests,
    responses,
    second_factors,
    services,
    sign_in_addresses,
    staff,
    staff_links,
    staff_sessions,
)
metadata = Base.metadata
