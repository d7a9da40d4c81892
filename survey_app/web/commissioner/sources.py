"""Which figures does this person see for a period: those of now, or those last published?

Staff of the service see live figures, filtered as they like. The commissioner sees what was last
published for a quarter, word for word, so that watching a page move identifies nobody (DESIGN.md,
"Published figures").
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from survey_app.domain.access import Task, may
from survey_app.domain.periods import Period, Quarter, Span, back, quarters_of
from survey_app.reporting.filters import Dimension
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.population import Audience
from survey_app.reporting.published import read_document
from survey_app.reporting.report import SUPPRESSED_PARTS, Part, Report, report
from survey_app.store.publications import find_publication
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.web.commissioner.asked import Asked
from survey_app.web.shared.access import reading, staff, this_service
from survey_app.web.shared.runtime import runtime

ROW_OF_TIME = 12
"""Quarters that a page of trends looks back: three years."""

Content = Mapping[str, Any]
"""Report JSON (FORMATS.md)."""


@dataclass(frozen=True)
class Source:
    """A period's report, also as Report JSON; whether it is live or published, when, by whom."""

    period: Period
    report: Report
    content: Content
    is_live: bool
    published_at: datetime | None = None
    published_by: str | None = None


def sees_live() -> bool:
    """Whether this person is staff of the service, rather than its commissioner."""
    return may(this_service().roles, Task.SEE_LIVE_FIGURES)


def live_report(
    session: Session,
    service_id: int,
    asked: Asked,
    audience: Audience,
    *,
    by: Dimension | None = None,
    parts: Collection[Part] = tuple(SUPPRESSED_PARTS),
    is_brief: bool = False,
) -> Report:
    """Figures as they are now, for staff or as the commissioner would get them."""
    service = session.get_one(Service, service_id)
    return report(
        session,
        service,
        asked.period,
        asked.basis,
        by,
        audience,
        now=runtime().now(),
        filters=asked.filters,
        parts=parts,
        is_brief=is_brief,
    )


def find_source(
    asked: Asked,
    parts: Collection[Part] = tuple(SUPPRESSED_PARTS),
    by: Dimension | None = None,
    *,
    is_brief: bool = False,
) -> Source | None:
    """What this person sees; None when they see only what is published and nothing is.

    Live figures hold the parts asked for, in full or as headlines need them; what was published is
    whole, of everyone or split.
    """
    service = this_service()
    with reading() as session:
        if sees_live():
            live = live_report(
                session, service.id, asked, Audience.STAFF, by=by, parts=parts, is_brief=is_brief
            )
            return Source(asked.period, live, document(live), is_live=True)
        if not isinstance(asked.period, Quarter):
            return None
        return _published(session, service.id, asked.period, by)


def find_row_of_time(asked: Asked, parts: Collection[Part], by: Dimension) -> dict[str, Content]:
    """Headlines by the code of each quarter or month, oldest first, up to the period asked for.

    Live it is three years, or the period where that is longer; published, every published quarter.
    """
    service = this_service()
    quarters = quarters_of(asked.period)
    first = min(quarters[0], back(quarters[-1], ROW_OF_TIME - 1))
    span = Span(first, quarters[-1])
    if sees_live():
        source = find_source(replace(asked, period=span), parts, by, is_brief=True)
        return {} if source is None else by_group(source.content)
    with reading() as session:
        found = {q.code: _published(session, service.id, q) for q in span.quarters}
    return {code: source.content for code, source in found.items() if source is not None}


def find_services(asked: Asked, parts: Collection[Part], own: Source) -> dict[str, Content]:
    """Headlines by the name of every service whose figures this person may see; `own` are those of
    the present one."""
    places = [s for s in staff().account.services if may(s.roles, Task.SEE_FIGURES)]
    found: dict[str, Content] = {}
    with runtime().database.read(Scope.staff(place.id for place in places)) as session:
        for place in places:
            if place.id == this_service().id:
                found[place.name] = own.content
            elif may(place.roles, Task.SEE_LIVE_FIGURES):
                live = live_report(
                    session, place.id, asked, Audience.STAFF, parts=parts, is_brief=True
                )
                found[place.name] = document(live)
            elif isinstance(asked.period, Quarter):
                source = _published(session, place.id, asked.period)
                if source is not None:
                    found[place.name] = source.content
    return found


def _published(
    session: Session, service_id: int, quarter: Quarter, by: Dimension | None = None
) -> Source | None:
    publication = find_publication(session, service_id, quarter.code)
    if publication is None:
        return None
    content = publication.report if by is None else publication.tables.get(by.value)
    if content is None:
        return None
    publisher = session.get(StaffAccount, publication.published_by_id or 0)
    return Source(
        quarter,
        read_document(content),
        content,
        is_live=False,
        published_at=publication.published_at,
        published_by=(publisher.name or publisher.email) if publisher is not None else None,
    )


SECTIONS = ("ladder", "satisfaction", "outcomes", "stars", "stars_overall")


def by_group(content: Content) -> dict[str, Content]:
    """A split document as one document a group, by the group's key."""
    groups = sorted({row["group"] for section in SECTIONS for row in content[section] or ()})
    return {
        group: {
            **content,
            **{
                section: [row for row in content[section] or () if row["group"] == group]
                for section in SECTIONS
            },
        }
        for group in groups
    }
