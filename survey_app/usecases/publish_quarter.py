"""What happens when a manager publishes a quarter: the commissioner sees these tables from now on.

The tables are those of `reporting.quarter_tables`, suppressed there, kept whole as Report JSON
(FORMATS.md), so that what was published stays what it was whatever arrives later.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.periods import Quarter, london_day
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.quarter_tables import QuarterTables
from survey_app.store.audit import write_audit
from survey_app.store.publications import Publication, find_publication
from survey_app.store.services import Service


class PublishRefusal(StrEnum):
    """Why a quarter was not published."""

    NOT_BEGUN = "not-begun"
    NOBODY_IN_IT = "nobody-in-it"
    CHANGED_SINCE_SEEN = "changed-since-seen"
    SAME_AS_PUBLISHED = "same-as-published"


@dataclass(frozen=True)
class Tables:
    """What is to be published: the report of everyone, its splits by the name of their dimension
    (both Report JSON), and every count that they tell by its name, None where hidden."""

    report: Mapping[str, Any]
    splits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    told: Mapping[str, int | None] = field(default_factory=dict)


def to_publish(tables: QuarterTables) -> Tables:
    """The tables as they are kept: Report JSON."""
    return Tables(
        document(tables.whole),
        {by.value: document(split) for by, split in tables.splits.items()},
        tables.told,
    )


@dataclass(frozen=True)
class Preview:
    """What publishing now would show the commissioner, and how to say that one saw just this."""

    tables: Tables
    fingerprint: str
    refusal: PublishRefusal | None


def preview_quarter(
    session: Session,
    *,
    service: Service,
    quarter: Quarter,
    tables: Tables,
    now: datetime,
) -> Preview:
    """Judge the quarter's tables for the commissioner's audience."""
    refusal = _refusal(session, service, quarter, tables, now)
    return Preview(tables, fingerprint_of(tables.report, tables.splits), refusal)


def publish_quarter(
    session: Session,
    *,
    service: Service,
    quarter: Quarter,
    tables: Tables,
    seen: str,
    reason: str,
    account_id: int,
    now: datetime,
) -> Publication | PublishRefusal:
    """Publish exactly what the manager saw; figures that moved since are shown again first.

    Two managers publishing at once queue at the service's row, so the second finds the quarter
    already published.
    """
    session.execute(select(Service.id).where(Service.id == service.id).with_for_update())
    preview = preview_quarter(session, service=service, quarter=quarter, tables=tables, now=now)
    if preview.refusal is not None:
        return preview.refusal
    if preview.fingerprint != seen:
        return PublishRefusal.CHANGED_SINCE_SEEN
    publication = Publication(
        service_id=service.id,
        period=quarter.code,
        published_at=now,
        published_by_id=account_id,
        report=dict(tables.report),
        tables={by: dict(split) for by, split in tables.splits.items()},
        told=dict(tables.told),
    )
    session.add(publication)
    session.flush()
    write_audit(
        session,
        at=now,
        actor="staff",
        action="publish-quarter",
        subject="publication",
        subject_id=publication.id,
        service_id=service.id,
        account_id=account_id,
        details={"period": quarter.code, "reason": reason, "fingerprint": seen},
    )
    return publication


def fingerprint_of(
    report: Mapping[str, Any], splits: Mapping[str, Mapping[str, Any]] | None = None
) -> str:
    """A short mark of all tables: equal for equal figures, whenever they were computed."""
    content = json.dumps([report, splits or {}], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _refusal(
    session: Session,
    service: Service,
    quarter: Quarter,
    tables: Tables,
    now: datetime,
) -> PublishRefusal | None:
    if quarter.starts_on > london_day(now):
        return PublishRefusal.NOT_BEGUN
    if _is_empty(tables.report):
        return PublishRefusal.NOBODY_IN_IT
    last = find_publication(session, service.id, quarter.code)
    if last is not None:
        shown = fingerprint_of(last.report, last.tables)
        if shown == fingerprint_of(tables.report, tables.splits):
            return PublishRefusal.SAME_AS_PUBLISHED
    return None


def _is_empty(report: Mapping[str, Any]) -> bool:
    """Whether no case and no answer stands in it; a suppressed count is somebody."""
    everyone = [row["supported"] for row in report["ladder"] or () if row["tier"] == "all"]
    has_answers = report["satisfaction"] or report["outcomes"] or report["stars"]
    return not has_answers and all(count == 0 for count in everyone)
