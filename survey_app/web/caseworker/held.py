"""Who is held because facts contradict, and what does somebody decide about them?"""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.hold_decisions import Choice, may_decide
from survey_app.reporting.desk_case import colleague
from survey_app.reporting.desk_held import (
    PAGE,
    HeldPerson,
    Key,
    find_held_person,
    held_people,
    held_rows,
    last_end,
)
from survey_app.store.people import Person
from survey_app.usecases.hold_decision import HoldDecision, ReleaseRefusal, mark_of
from survey_app.usecases.release_hold import Released, open_holds, release_hold
from survey_app.web.caseworker import held_words
from survey_app.web.caseworker.case.this_case import entered, the_service, the_worker
from survey_app.web.caseworker.held_choices import (
    OTHER,
    asked_of,
    birth_options,
    choice_of,
    number_options,
)
from survey_app.web.caseworker.links import case_address
from survey_app.web.caseworker.list_keys import read_key, write_key
from survey_app.web.caseworker.this_case import this_case
from survey_app.web.shared.access import Audience, access, reading, staff, this_service, writing
from survey_app.web.shared.runtime import runtime

REASON_LIMIT = 500
_FIELDS = ("mobile", "mobile-other", "date_of_birth", "date_of_birth-other", "reason")


@access(Audience.STAFF, Task.SEE_CONTACT)
def held(slug: str) -> str:
    """Everybody who is held, the longest first; below them the rejected rows in force."""
    service_id = this_service().id
    with reading() as session:
        people = held_people(session, service_id, after=_after("after"), limit=PAGE + 1)
        rows = held_rows(session, service_id, after=_after("rows"), limit=PAGE + 1)
    return render_template(
        "caseworker/held.html",
        slug=slug,
        people=people[:PAGE],
        older=_key(people[PAGE - 1].key) if len(people) > PAGE else None,
        rows=rows[:PAGE],
        older_rows=_key((rows[PAGE - 1].arrived_at, rows[PAGE - 1].id))
        if len(rows) > PAGE
        else None,
        words=held_words,
    )


@access(Audience.STAFF, Task.SEE_CONTACT)
def held_person(slug: str, case_ref: str) -> str:
    """What contradicts about a case's person, and the form that decides."""
    return _page(case_ref, {})


@access(Audience.STAFF, Task.CHANGE_CONTACT)
def release_held_person(slug: str, case_ref: str) -> Response | tuple[str, int]:
    """Decide. Whoever comes second is told, and nothing of theirs is written."""
    typed = entered(*_FIELDS)
    with writing() as session:
        outcome = release_hold(
            session,
            the_service(session),
            case_ref,
            _decision(typed),
            the_worker(),
            drama_allowed=not runtime().settings.is_production,
        )
    if isinstance(outcome, Released):
        flash(_released(outcome), "success")
        return redirect(case_address(slug, case_ref))
    refusals = outcome.refusals
    page = _page(case_ref, typed, refusals)
    if ReleaseRefusal.NOT_YOUR_CASE in refusals:
        return page, 403
    return page, 409 if _LATE.intersection(refusals) else 400


_LATE = frozenset(
    {
        ReleaseRefusal.NOT_HELD,
        ReleaseRefusal.NO_LONGER_HELD,
        ReleaseRefusal.CHANGED_MEANWHILE,
    }
)


def _decision(typed: dict[str, str]) -> HoldDecision:
    chosen: dict[str, str | None] = {}
    for name in Choice:
        said = typed.get(name)
        chosen[name] = typed.get(f"{name}-other") if said == OTHER else said
    return HoldDecision(
        reason=typed.get("reason", "")[:REASON_LIMIT],
        mobile=chosen[Choice.MOBILE],
        date_of_birth=chosen[Choice.DATE_OF_BIRTH],
        seen=request.form.get("seen-held", ""),
    )


def _released(outcome: Released) -> str:
    done = [_("Decided. Nobody of this case is held any more.")]
    if outcome.is_number_new:
        done.append(_("The number is new: confirm safe contact before a text can go."))
    if outcome.is_birth_new:
        done.append(_("The date of birth was changed."))
    return " ".join(done)


def _page(case_ref: str, typed: dict[str, str], refusals: tuple[ReleaseRefusal, ...] = ()) -> str:
    with reading() as session:
        case = this_case(session, case_ref)
        found = find_held_person(session, case.person_id)
        stored = session.get_one(Person, case.person_id)
        seen = mark_of(stored, open_holds(session, case.person_id))
        end = None if found else last_end(session, case.person_id)
        who = _who_may(session, found)
    service = this_service()
    in_full = found is not None and may_decide(
        service.roles, staff().account.account_id, found.caseworkers
    )
    return render_template(
        "caseworker/held_person.html",
        slug=service.slug,
        case_ref=case.case_ref,
        found=found,
        end=held_words.end_words(end),
        in_full=in_full,
        who_may=who,
        asked=asked_of(found) if found else (),
        has_more=any(not choice_of(fact) for fact in found.facts) if found else False,
        numbers=number_options(found, stored) if found else [],
        births=birth_options(found, stored) if found else [],
        seen=seen,
        typed=typed,
        errors=[_error(each) for each in refusals],
        limit=REASON_LIMIT,
        words=held_words,
    )


def _who_may(session: Session, found: HeldPerson | None) -> list[str]:
    """The caseworkers of a held person's cases."""
    names = (colleague(session, one) for one in sorted(found.caseworkers if found else ()))
    return [name for name in names if name]


def _error(refusal: ReleaseRefusal) -> tuple[str, str]:
    """The field that a refusal is about, and what to do."""
    return {
        ReleaseRefusal.NOT_HELD: ("", _("Nothing was changed: this person is not held.")),
        ReleaseRefusal.NO_LONGER_HELD: (
            "",
            _("Nothing of yours was saved: this was decided meanwhile."),
        ),
        ReleaseRefusal.CHANGED_MEANWHILE: (
            "",
            _("Nothing was saved: a file came in meanwhile. Look again at what contradicts."),
        ),
        ReleaseRefusal.NOT_YOUR_CASE: (
            "",
            _("Nothing was changed: only their caseworker or a manager decides."),
        ),
        ReleaseRefusal.NO_REASON: ("reason", _("Write how you know.")),
        ReleaseRefusal.MOBILE_NOT_CHOSEN: ("mobile", _("Choose the number that is theirs.")),
        ReleaseRefusal.NOT_A_NUMBER: ("mobile", _("This is not a phone number. Check its digits.")),
        ReleaseRefusal.BIRTH_NOT_CHOSEN: ("date_of_birth", _("Choose the date of birth.")),
        ReleaseRefusal.NOT_A_BIRTH_DATE: (
            "date_of_birth",
            _("Write the date of birth as 18/11/1986."),
        ),
        ReleaseRefusal.IMPOSSIBLE_BIRTH_DATE: (
            "date_of_birth",
            _("Nobody born on this day was referred on that one. Check the year."),
        ),
    }.get(refusal, ("", _("Nothing was changed: that is not what contradicts.")))


def _key(key: Key) -> str:
    return write_key((key[0].isoformat(), key[1]))


def _after(name: str) -> Key | None:
    """Where the page before ended; a hand-edited key starts from the top."""
    key = read_key(request.args.get(name))
    at = None if key is None else datetime.fromisoformat(key[0])
    return None if key is None or at is None or at.tzinfo is None else (at, key[1])


def held_pages(pages: Blueprint) -> None:
    """Mount the list and the decision."""
    pages.get("/services/<slug>/held")(held)
    pages.get("/services/<slug>/held/<ref:case_ref>")(held_person)
    pages.post("/services/<slug>/held/<ref:case_ref>")(release_held_person)
