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
    services,
    staff,
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
    services,
    staff,
)
metadata = Base.metadata
