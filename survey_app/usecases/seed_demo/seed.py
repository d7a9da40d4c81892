"""Fill an empty installation with the demonstration: services, staff, eight quarters, texts due.

It opens its own transactions, as `run_due` does, because it lives through months of them.
"""

import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey_app.domain.cases import Role
from survey_app.domain.periods import london_day, quarter_of
from survey_app.reporting.quarter_tables import PUBLISHED_BY, quarter_tables
from survey_app.store.instrument_snapshots import newest_instruments
from survey_app.store.programmes import shipped_programmes
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import Service, ServiceMode, get_service
from survey_app.store.staff import find_account
from survey_app.store.team_members import put_in_team
from survey_app.usecases.accounts import add_account
from survey_app.usecases.add_service import add_service
from survey_app.usecases.import_cases.run import import_cases
from survey_app.usecases.import_responses.run import import_responses
from survey_app.usecases.import_runs import ImportJob
from survey_app.usecases.publish_quarter import (
    fingerprint_of,
    publish_quarter,
    to_publish,
)
from survey_app.usecases.run_due import run_due
from survey_app.usecases.seed_demo.desk import handle_alerts, write_down_deliveries
from survey_app.usecases.seed_demo.files import (
    past_occasions,
    star_occasions,
    write_cases,
    write_responses,
)
from survey_app.usecases.seed_demo.live import LiveService, Phones, at, export_days, import_day
from survey_app.usecases.seed_demo.people import invent_cases
from survey_app.usecases.seed_demo.plans import (
    ACCOUNTS,
    LARGE,
    MANAGER,
    PASSWORD,
    PLANS,
    QUARTERS,
    Calendar,
    ServicePlan,
)

Done = Callable[[int, int], None]
"""Hears how many of how many steps are behind it."""


@dataclass(frozen=True)
class Cast:
    """One service with everyone in it."""

    plan: ServicePlan
    live: LiveService


def is_empty(session: Session) -> bool:
    """Whether this installation has no service yet."""
    return session.scalar(select(Service.id).limit(1)) is None


def seed_demo(runtime: Runtime, *, now: datetime, scale: float, on_progress: Done) -> None:
    """Make the demonstration, as of `now`; `scale` 1 is the usual number of cases."""
    calendar = calendar_of(london_day(now))
    days = export_days(calendar)
    steps = len(PLANS) * 2 + len(days)
    cast = [_arrive(runtime, plan, calendar, scale) for plan in PLANS]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for done, member in enumerate(cast, start=1):
            _bring_history(runtime, member, calendar, folder)
            on_progress(done, steps)
        _live_through(
            runtime,
            cast,
            calendar.goes_live - timedelta(days=1),
            days,
            folder,
            lambda done: on_progress(len(cast) + done, steps),
        )
        for done, member in enumerate(cast, start=1):
            _bring_readings(runtime, member, calendar, now, folder)
            _publish(runtime, member, calendar, now)
            on_progress(len(cast) + len(days) + done, steps)
    write_down_deliveries(runtime, random.Random("deliveries"), now)


def calendar_of(today: date) -> Calendar:
    """Eight quarters up to today's; the product went live with the last but one of them."""
    quarter = quarter_of(today)
    first = quarter
    for _ in range(QUARTERS - 1):
        first = first.previous
    return Calendar(first.starts_on, quarter.previous.starts_on, today)


def _arrive(runtime: Runtime, plan: ServicePlan, calendar: Calendar, scale: float) -> Cast:
    rng = random.Random(plan.slug)
    cases = invent_cases(rng, plan, calendar, scale)
    now = at(calendar.goes_live, 6)
    with runtime.database.write(Scope.worker()) as session:
        service = add_service(
            session,
            name=plan.name,
            slug=plan.slug,
            programme=plan.programme,
            now=now,
            facts=_facts(plan),
        )
        for account in ACCOUNTS:
            if plan is LARGE or account.role in (Role.MANAGER, Role.ADMINISTRATOR):
                added = add_account(
                    session,
                    email=account.email,
                    name=account.name,
                    role=account.role,
                    service=service,
                    password=PASSWORD,
                    now=now,
                )
                put_in_team(session, service.id, added.id, account.team)
    return Cast(plan, LiveService(plan.slug, {c.row["case_ref"]: c for c in cases}, rng))


def _facts(plan: ServicePlan) -> Mapping[str, Any]:
    return {
        "mode": ServiceMode.SHADOW if plan.is_in_shadow else ServiceMode.LIVE,
        "police_area": plan.police_area,
        "draft_languages": list(plan.draft_languages),
        "sender": plan.sender,
        "help_lines": [
            {
                "name": f"{plan.name} help line",
                "number": "07700 900987",
                "opens": {"weekdays": ["09:00", "20:00"], "saturday": ["10:00", "14:00"]},
                "words": {"cy": {"name": f"Llinell gymorth {plan.name}"}},
            }
        ],
        "accessibility_contact": "07700 900987",
        "privacy": {
            "contact": "privacy@example.org, or the person who supports you.",
            "protection_officer": "The data protection officer: dpo@example.org.",
            "lawful_basis": "It is a task in the public interest: UK GDPR, Article 6(1)(e).",
            "retention": "Six years after your support ends. Then they are deleted.",
        },
    }


def _bring_history(runtime: Runtime, member: Cast, calendar: Calendar, folder: Path) -> None:
    """What the service brought along on the day it went live: old cases and old answers."""
    live, day = member.live, calendar.goes_live
    old = [case for case in live.cases.values() if case.referred_on < day]
    cases_file = folder / f"{live.slug}-cases.csv"
    write_cases(cases_file, old, day)
    _import(runtime, live.slug, at(day, 6, 30), cases=cases_file)
    closed = [case for case in old if case.closed_on is not None and case.closed_on < day]
    programme = shipped_programmes()[member.plan.programme]
    answers = past_occasions(live.rng, closed, programme, newest_instruments(), day)
    readings = star_occasions(live.rng, closed, newest_instruments())
    responses_file = folder / f"{live.slug}-responses.csv"
    write_responses(responses_file, live.rng, [*answers, *readings])
    _import(runtime, live.slug, at(day, 6, 45), responses=responses_file)


def _import(
    runtime: Runtime,
    slug: str,
    now: datetime,
    cases: Path | None = None,
    responses: Path | None = None,
) -> None:
    def open_batch() -> Any:
        return runtime.database.write(Scope.worker())

    if cases is not None:
        import_cases(ImportJob(cases, slug, now, drama_allowed=True), open_batch)
    if responses is not None:
        import_responses(ImportJob(responses, slug, now, drama_allowed=True), open_batch)


def _live_through(
    runtime: Runtime,
    cast: list[Cast],
    before: date,
    days: list[date],
    folder: Path,
    on_day: Callable[[int], None],
) -> None:
    """Each day the case systems export, what is due goes out, and people answer.

    Today's file lands, but nothing is sent: that is what the worker finds due.
    """
    services = {member.plan.slug: member.live for member in cast}
    phones = Phones(runtime, services)
    rng = random.Random("desk")
    since = before
    for done, day in enumerate(days, start=1):
        for live in services.values():
            import_day(runtime, live, since, day, folder)
        if day != days[-1]:
            # Those refused are looked at again every other week: their facts come by file, which
            # decides anew by itself.
            run_due(runtime, at(day, 10, 5), with_refused=done % 4 == 0)
            phones.look(day)
            handle_alerts(runtime, rng, at(day, 19))
        since = day
        on_day(done)


def _bring_readings(
    runtime: Runtime, member: Cast, calendar: Calendar, now: datetime, folder: Path
) -> None:
    """Readings that caseworkers scored on paper since the service went live."""
    live = member.live
    since = [
        case
        for case in live.cases.values()
        if case.closed_on is None or case.closed_on >= calendar.goes_live
    ]
    readings = star_occasions(live.rng, since, newest_instruments())
    path = folder / f"{live.slug}-readings.csv"
    write_responses(path, live.rng, [each for each in readings if each.day <= calendar.today])
    _import(runtime, live.slug, now, responses=path)


def _publish(runtime: Runtime, member: Cast, calendar: Calendar, now: datetime) -> None:
    """The manager has published every quarter that is over."""
    with runtime.database.write(Scope.worker()) as session:
        service = get_service(session, member.plan.slug)
        manager = find_account(session, MANAGER)
        quarter = quarter_of(calendar.first_closure)
        while quarter.ends_on < calendar.today:
            # Tables by each characteristic take seconds a quarter: the newest two have them.
            is_new = quarter.next.next.ends_on >= calendar.today
            split_by = PUBLISHED_BY if is_new else ()
            found = quarter_tables(session, service, quarter, now=now, split_by=split_by)
            tables = to_publish(found)
            publish_quarter(
                session,
                service=service,
                quarter=quarter,
                tables=tables,
                seen=fingerprint_of(tables.report, tables.splits),
                reason="The quarter is over.",
                account_id=manager.id if manager else 0,
                now=now,
            )
            quarter = quarter.next
