"""A service in which every page that staff can open has something to show, and their addresses."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from survey_app.domain.cases import Role
from survey_app.domain.requests import MessageState, ScoredBy, Wave
from survey_app.store.cases import Case
from survey_app.store.imports import ImportRun
from survey_app.store.instrument_snapshots import snapshot_instruments
from survey_app.store.publications import Publication
from survey_app.store.saved_filters import SavedFilter
from survey_app.store.services import Service
from survey_app.store.team_members import put_in_team
from survey_app.usecases.add_service import add_service
from survey_app.usecases.readings.drafts import keep_draft
from survey_app.web.shared.access import Audience, declared_access
from tests.alerts import an_alert
from tests.builders import a_case, a_held_row, a_hold
from tests.calls import a_call
from tests.readings import ADULT_AREAS, record
from tests.reports import a_report
from tests.staff import an_account
from tests.staff_texts import a_text
from tests.texting import a_due_request
from tests.trials import SEND_TIME, a_trial
from tests.world import NOON

PERIOD = "2026-Q2"
CASE_REF = "WM/1 é"
"""As awkward as a reference may be."""
CLOSED_REF = "DONE-1"
BIRTHS = {"column": "date_of_birth", "values": ["1986-11-18", "1968-11-18"], "lines": [4, 9]}

PAGES: dict[str, tuple[str, ...]] = {
    "account.make_codes": ("",),
    "account.new_password": ("",),
    "account.own_account": ("",),
    "account.start_second_factor": ("",),
    "admin.invite": ("",),
    "admin.services": ("",),
    "admin.user": ("",),
    "admin.users": ("",),
    "caseworker.alert": ("",),
    "caseworker.alert_cover": ("",),
    "caseworker.alerts": ("", "?show=closed"),
    "caseworker.answers_of_case": ("",),
    "caseworker.case": ("",),
    "caseworker.cases": ("", "?q=nobody", "?whose=my-team&state=all"),
    "caseworker.change": ("",),
    "caseworker.close_case_page": ("",),
    "caseworker.correct_reading": ("",),
    "caseworker.coverage": ("", f"?cases={PERIOD}"),
    "caseworker.coverage_cases": ("?has=nothing",),
    "caseworker.data_quality": ("", "?topic=flags"),
    "caseworker.data_quality_cases": ("?topic=flags&state=recorded",),
    "caseworker.deliveries": ("",),
    "caseworker.edit_case_page": ("",),
    "caseworker.enter_paper": ("",),
    "caseworker.expected_text": ("",),
    "caseworker.find_paper": ("",),
    "caseworker.hand_over_page": ("",),
    "caseworker.held": ("",),
    "caseworker.held_person": ("",),
    "caseworker.languages": ("",),
    "caseworker.licences": ("",),
    "caseworker.message": ("",),
    "caseworker.messages": ("",),
    "caseworker.new_trial": ("",),
    "caseworker.open_case_page": ("",),
    "caseworker.overdue": ("",),
    "caseworker.overdue_list": ("?kind=alerts",),
    "caseworker.overview": ("",),
    "caseworker.paper": ("",),
    "caseworker.pause_everything": ("",),
    "caseworker.picture": ("",),
    "caseworker.print_paper": ("", "?language=ar"),
    "caseworker.readings": ("",),
    "caseworker.record_reading": ("?wave=review", "?wave=closure"),
    "caseworker.reopen_case_page": ("",),
    "caseworker.safe_contact": ("",),
    "caseworker.sending": ("",),
    "caseworker.sending_shadow": ("",),
    "caseworker.sending_texts": ("",),
    "caseworker.service_home": ("", "?show=alerts&whose=service", "?show=review"),
    "caseworker.trial": ("",),
    "caseworker.trials": ("",),
    "caseworker.what_people_read": ("", "?language=cy"),
    "commissioner.choose": ("",),
    "commissioner.figures": ("",),
    "commissioner.figures_page": ("",),
    "commissioner.publications": ("",),
    "commissioner.publish": ("",),
    "commissioner.quarters": ("",),
    "commissioner.split": ("",),
    "interviewer.call": ("",),
    "interviewer.calls": ("",),
}
"""Every page that staff open, with what stands behind its address where it shows more than one."""

ELSEWHERE = {
    "account.second_factor": "the walk of an invitation (test_accounts) meets it half way",
    "commissioner.block_csv": "a file",
    "commissioner.block_svg": "a picture",
    "commissioner.chosen": "leads on",
    "commissioner.download_csv": "a file",
    "commissioner.download_json": "a file",
    "commissioner.download_xlsx": "a file",
}
"""What staff open that is no page of its own, and why."""


@dataclass(frozen=True)
class Ground:
    """Who works here, and what the addresses of pages are made of."""

    emails: dict[Role, str]
    values: dict[str, str]
    own: dict[str, dict[str, str]]
    """By endpoint, what its address is made of instead."""


def build_ground(session: Session) -> Ground:
    """Make it. Whoever has every role of a case's staff is its manager."""
    service = add_service(session, name="Our service", slug="ours", now=NOON)
    everything = {("self-assessment", "1"), ("sus-tier-1", "1"), ("short-satisfaction", "1")}
    snapshot_instruments(session, service, everything, NOON)
    accounts = {role: an_account(session, (service, role)) for role in Role}
    manager = accounts[Role.MANAGER].id
    put_in_team(session, service.id, manager, "North")
    case, request = _a_full_case(session, service, manager)
    for n in range(7):
        ref = {"case_ref": CLOSED_REF} if n == 0 else {}
        a_case(session, service, closed_on=NOON.date().replace(month=8), **ref)
    _around(session, service, manager)
    calls = a_call(session, service, "sus-tier-2", case={"case_ref": "CALL-1"})
    alert = an_alert(session, case, text="They listened.", due_at=NOON - timedelta(hours=1))
    values = {
        "slug": service.slug,
        "case_ref": CASE_REF,
        "period": PERIOD,
        "alert_id": str(alert.id),
        "request_id": str(request),
        "user_id": str(accounts[Role.CASEWORKER].id),
        "response_id": str(_readings(session, case, manager)),
        "trial_id": str(a_trial(session, service, SEND_TIME).id),
        "wave": Wave.BASELINE.value,
        "page": "reach",
        "dimension": "sex",
    }
    own = {
        "interviewer.call": {"request_id": str(calls.id)},
        "caseworker.reopen_case_page": {"case_ref": CLOSED_REF},
    }
    return Ground({role: account.email for role, account in accounts.items()}, values, own)


def _a_full_case(session: Session, service: Service, manager: int) -> tuple[Case, int]:
    """Open, with an open request and a text that was delivered."""
    facts = {"caseworker_id": manager, "support_level": "caseworker"}
    asked = a_due_request(
        session, service, wave=Wave.BASELINE, case={"case_ref": CASE_REF, **facts}
    )
    case = session.get_one(Case, asked.case_id)
    text = a_text(session, service, MessageState.DELIVERED, case_ref="TEXT-1")
    a_hold(session, case)
    a_hold(session, case, "several-birth-dates", evidence=BIRTHS)
    a_held_row(session, service)
    return case, text.request_id


def _readings(session: Session, case: Case, account_id: int) -> int:
    """A first reading; two views of the end that differ; a draft between. The first one's id."""
    first = record(session, case, account_id)
    for who, step in ((ScoredBy.WORKER, "3"), (ScoredBy.CLIENT, "6")):
        scores = dict.fromkeys(ADULT_AREAS, step)
        said = {"wave": Wave.CLOSURE, "on": NOON.date(), "scored_by": who, "scores": scores}
        record(session, case, account_id, **said)
    fields = {"wave": "review", "score-safety": "4"}
    keep_draft(session, case, Wave.REVIEW, fields, account_id=account_id, now=NOON)
    return int(first.id)


def _around(session: Session, service: Service, manager: int) -> None:
    """A published quarter, a file that was brought, a filter that was kept, a closed alert."""
    published = {"period": PERIOD, "published_at": NOON, "published_by_id": manager}
    report = a_report(audience="commissioner")
    session.add(Publication(service_id=service.id, report=report, **published))
    counts = {"created": 3, "rejected": 1}
    came = {"kind": "cases", "file_name": "in.csv", "started_at": NOON, "counts": counts}
    session.add(ImportRun(service_id=service.id, **came))
    kept = {"name": "Community", "narrowing": {"whose": "service", "level": "community"}}
    session.add(SavedFilter(service_id=service.id, account_id=manager, created_at=NOON, **kept))
    an_alert(session, a_case(session, service), closed_at=NOON)


def staff_pages(app: Flask) -> list[Rule]:
    """Every route that staff can open, but what is listed under `ELSEWHERE`."""
    found = []
    for rule in app.url_map.iter_rules():
        declared = declared_access(app.view_functions[rule.endpoint])
        is_staff = declared is not None and declared.audience is Audience.STAFF
        if is_staff and "GET" in (rule.methods or ()) and rule.endpoint not in ELSEWHERE:
            found.append(rule)
    return found


def addresses(app: Flask, ground: Ground) -> dict[str, list[str]]:
    """By endpoint: the addresses of its pages."""
    found = {}
    for rule in staff_pages(app):
        known = ground.values | ground.own.get(rule.endpoint, {})
        values = {name: known[name] for name in rule.arguments}
        address = str(app.url_map.bind("localhost").build(rule.endpoint, values))
        found[rule.endpoint] = [address + more for more in PAGES[rule.endpoint]]
    return found
