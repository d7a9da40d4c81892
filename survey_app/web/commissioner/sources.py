"""Which figures does this person see for a quarter: those of now, or those last published?

Staff of the service see live figures. The commissioner sees what was last published, word for word,
so that watching a page move identifies nobody (DESIGN.md, "Published figures").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from flask import abort, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey_app.domain.access import Task, may
from survey_app.domain.periods import PeriodRefusal, Quarter, parse
from survey_app.reporting.formats.as_json import document
from survey_app.reporting.population import Audience, Basis
from survey_app.reporting.published import read_document
from survey_app.reporting.report import Report, report
from survey_app.store.publications import find_publication
from survey_app.store.services import Service
from survey_app.store.staff import StaffAccount
from survey_app.web.shared.access import reading, this_service
from survey_app.web.shared.runtime import runtime


@dataclass(frozen=True)
class Source:
    """A quarter's report, also as Report JSON; whether it is live or published, when, by whom."""

    quarter: Quarter
    report: Report
    content: Mapping[str, Any]
    is_live: bool
    published_at: datetime | None = None
    published_by: str | None = None


def asked_quarter(period: str) -> Quarter:
    """The quarter in the address, or a page that says in words how one is written."""
    quarter = parse(period)
    if isinstance(quarter, PeriodRefusal):
        _refuse(
            _("There is no such quarter"),
            _("A quarter is written like 2018-Q1, which is April to June 2018."),
        )
    return quarter


def asked_basis() -> Basis:
    """The basis in the address, by default cases closed in the quarter."""
    try:
        return Basis(request.args.get("basis", Basis.CLOSED))
    except ValueError:
        _refuse(_("There is no such basis"), _("Figures are by cases closed, or by answers given."))


def live_report(
    session: Session, service_id: int, quarter: Quarter, *, basis: Basis, audience: Audience
) -> Report:
    """Figures as they are now, for staff or as the commissioner would get them."""
    service = session.get_one(Service, service_id)
    return report(session, service, quarter, basis=basis, audience=audience, now=runtime().now())


def find_source(quarter: Quarter, basis: Basis) -> Source | None:
    """What this person sees; None when they see only what is published and nothing is."""
    service = this_service()
    with reading() as session:
        if may(service.roles, Task.SEE_LIVE_FIGURES):
            live = live_report(session, service.id, quarter, basis=basis, audience=Audience.STAFF)
            return Source(quarter, live, document(live), is_live=True)
        publication = find_publication(session, service.id, quarter.code)
        if publication is None:
            return None
        by = session.get(StaffAccount, publication.published_by_id or 0)
        return Source(
            quarter,
            read_document(publication.report),
            publication.report,
            is_live=False,
            published_at=publication.published_at,
            published_by=(by.name or by.email) if by is not None else None,
        )


def _refuse(title: str, remedy: str) -> NoReturn:
    abort(make_response(render_template("errors/page.html", title=title, remedy=remedy), 404))
