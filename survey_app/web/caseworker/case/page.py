"""One screen for one case: what to do, how to reach them safely, and all that happened."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from survey_app.domain.access import Task
from survey_app.domain.cases import ClosureReason, SupportLevel
from survey_app.domain.languages import find_language
from survey_app.domain.programmes import Programme
from survey_app.domain.requests import MessageKind
from survey_app.domain.tiers import NotEligible, eligibility
from survey_app.messaging.expected import expected_text
from survey_app.reporting.desk_case import colleague, last_safety_check
from survey_app.reporting.desk_readings import readings_of_case
from survey_app.reporting.desk_timeline import PAGE, case_events, is_open_alert
from survey_app.store.cases import Case
from survey_app.store.offered_languages import offered_languages, text_language
from survey_app.store.people import Person
from survey_app.store.programmes import Programmes
from survey_app.store.team_members import find_team
from survey_app.usecases.judge_contact import judge_texts
from survey_app.usecases.place_in_trials import invitation_wordings
from survey_app.usecases.release_hold import open_holds
from survey_app.web.caseworker.case.this_case import the_service, the_worker
from survey_app.web.caseworker.case.timeline_words import told_by_day
from survey_app.web.caseworker.case.words import (
    LEVELS,
    REASONS,
    code_words,
    flag_words,
    instrument_title,
    tier_words,
)
from survey_app.web.caseworker.links import case_address, reading_address
from survey_app.web.caseworker.remedies import remedy, way_out
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, this_service
from survey_app.web.shared.contact_words import WAVES, verdict_words
from survey_app.web.shared.runtime import runtime


@access(Audience.STAFF, Task.SEE_CASES)
def case(slug: str, case_ref: str) -> str:
    """The case; `?from=` a place in a long timeline."""
    with reading() as session:
        found = this_case(session, case_ref)
        programme = Programmes.of(session, found.service_id).in_force
        page = (
            _head(session, found, programme)
            | _contact(session, found)
            | {"readings": readings_of_case(session, found, programme, the_worker().today)}
        )
        events = case_events(session, found)
    first = _first(request.args.get("from"), len(events))
    return render_template(
        "caseworker/case/page.html",
        slug=slug,
        case=found,
        alerts=told_by_day((event for event in events if is_open_alert(event)), slug),
        days=told_by_day(events[first : first + PAGE], slug),
        newer=max(first - PAGE, 0) if first else None,
        older=first + PAGE if first + PAGE < len(events) else None,
        waves=WAVES,
        instrument_title=instrument_title,
        reading_address=reading_address,
        **page,
    )


def _head(session: Session, case: Case, programme: Programme) -> dict[str, Any]:
    verdict = eligibility(
        programme,
        support_level=SupportLevel(case.support_level),
        deliveries=case.deliveries,
        closure_reason=None,
    )
    why_none = verdict.reason if isinstance(verdict, NotEligible) else None
    own = programme.closure_codes
    reason = case.closure_reason
    return {
        "worker": colleague(session, case.caseworker_id) or case.caseworker_text,
        "team": case.caseworker_id and find_team(session, case.service_id, case.caseworker_id),
        "level": LEVELS.get(case.support_level, case.support_level),
        "tier": tier_words(programme, verdict.tier, why_none),
        "flags": flag_words(case.flags),
        "reason": REASONS.get(reason or "", reason),
        "code": code_words(case.closure_code, own.get(ClosureReason(reason), ()) if reason else ()),
    }


@dataclass(frozen=True)
class AskedNow:
    """One open request and the rule's word on a text, with what to do where it is no."""

    request_id: int
    wave: str
    outcome: str
    words: str
    remedy: str
    action: str
    href: str | None


def _contact(session: Session, case: Case) -> dict[str, Any]:
    person = session.get_one(Person, case.person_id)
    now, settings, service = runtime().now(), runtime().settings, the_service(session)
    check = last_safety_check(session, person.id)
    asked = judge_texts(session, case, now)
    chosen = next((row.language for row, _ in reversed(asked) if row.language), None)
    return {
        "person": person,
        "is_held": bool(open_holds(session, person.id)),
        "spoken": _language_name(person.language),
        "asked": [_asked_now(row, verdict, case) for row, verdict in asked],
        "how_checked": None if check is None else check.details.get("how"),
        "checked_by": None if check is None else colleague(session, check.account_id),
        "text": expected_text(
            MessageKind.INVITATION,
            service=service,
            settings=settings,
            language=text_language(chosen, person, offered_languages(session, service)),
            person=person,
            invitation=invitation_wordings(session, [person], now)[person.id],
        ),
    }


def _language_name(code: str) -> str:
    """A language as people call it; a code that is none of ours stands as it is."""
    found = find_language(code)
    return code if found is None else found.english_name


def _asked_now(row: Any, verdict: Any, case: Case) -> AskedNow:
    slug = this_service().slug
    action, href = way_out(verdict.reason, slug, case.case_ref)
    return AskedNow(
        request_id=row.id,
        wave=str(WAVES.get(row.wave, row.wave)),
        outcome=verdict.outcome,
        words=verdict_words(verdict.outcome, verdict.reason, verdict.until),
        remedy=remedy(verdict.reason),
        action=action,
        href=None if href == case_address(slug, case.case_ref) else href,
    )


def _first(said: str | None, count: int) -> int:
    """Where in the timeline to begin; anything that is no place begins at the top."""
    is_place = said is not None and said.isascii() and said.isdigit() and len(said) < 9
    return min(int(said or 0), max(count - 1, 0)) if is_place else 0


def case_pages(pages: Blueprint) -> None:
    """Mount the case."""
    pages.get("/services/<slug>/cases/<ref:case_ref>")(case)
