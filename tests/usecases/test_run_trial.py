"""A trial's way: drafted by one, approved by another, started, ended; each step on record."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from survey_app.domain.cases import Role
from survey_app.domain.trial_plans import TrialRefusal
from survey_app.domain.trials import TrialEnd, TrialState
from survey_app.store.audit import AuditRow
from survey_app.store.scope import Scope, set_scope
from survey_app.store.trials import Trial, TrialNotFound, get_trial
from survey_app.usecases.decider import Decider
from survey_app.usecases.run_trial import (
    approve_trial,
    draft_trial,
    end_trial,
    end_trials_by_plan,
    start_trial,
)
from tests.builders import a_programme
from tests.staff import an_account
from tests.texting import a_texting_service
from tests.trials import KEY, SEND_TIME, WORDING, a_trial
from tests.world import NOON


@pytest.fixture
def service(session):
    return a_texting_service(session)


@pytest.fixture
def people(session, service) -> list[Decider]:
    """Two managers with a reason each."""
    accounts = [an_account(session, (service, Role.MANAGER)).id for _ in range(2)]
    return [Decider(account, f"Because {n}.", NOON) for n, account in enumerate(accounts)]


def audited(session, service) -> list[tuple[str, int | None, dict]]:
    rows = session.scalars(
        select(AuditRow)
        .where(AuditRow.service_id == service.id, AuditRow.subject == "trial")
        .order_by(AuditRow.id)
    )
    return [(row.action, row.account_id, row.details) for row in rows]


def drafted(session, service, by: Decider, plan=WORDING) -> Trial:
    trial = draft_trial(session, service, plan, by)
    assert isinstance(trial, Trial)
    return trial


def test_from_draft_to_end_each_step_says_who_and_why(session, service, people):
    one, other = people
    trial = drafted(session, service, one)
    assert trial.state is TrialState.DRAFTED
    assert approve_trial(session, trial, other) is None
    assert trial.state is TrialState.APPROVED
    assert start_trial(session, trial, one, key=KEY) is None
    assert (trial.state, trial.key) == (TrialState.RUNNING, KEY)
    assert end_trial(session, trial, other) is None
    assert (trial.state, trial.ended_by) == (TrialState.ENDED, TrialEnd.SOMEBODY)
    assert (trial.draft_reason, trial.approval_reason) == ("Because 0.", "Because 1.")
    assert (trial.start_reason, trial.end_reason) == (
        "Because 0.",
        "Because 1.",
    )
    steps = audited(session, service)
    assert [(action, who) for action, who, _ in steps] == [
        ("draft-trial", one.account_id),
        ("approve-trial", other.account_id),
        ("start-trial", one.account_id),
        ("end-trial", other.account_id),
    ]
    assert [details["reason"] for *_, details in steps] == [
        "Because 0.",
        "Because 1.",
        "Because 0.",
        "Because 1.",
    ]
    assert KEY not in str(steps)


def test_nobody_approves_what_they_drafted(session, service, people):
    one, _ = people
    trial = drafted(session, service, one)
    assert approve_trial(session, trial, one) is TrialRefusal.OWN_DRAFT
    assert trial.state is TrialState.DRAFTED
    assert [action for action, *_ in audited(session, service)] == ["draft-trial"]


@pytest.mark.parametrize("started", [None, NOON])
def test_a_service_has_one_trial_at_a_time_and_others_have_theirs(
    session, service, people, started
):
    one, _ = people
    mine, theirs = a_trial(session, service, started_at=started), a_texting_service(session)
    assert draft_trial(session, service, SEND_TIME, one) is TrialRefusal.ANOTHER_TRIAL
    assert isinstance(draft_trial(session, theirs, SEND_TIME, one), Trial)
    assert end_trial(session, mine, one) is None
    assert isinstance(draft_trial(session, service, SEND_TIME, one), Trial)


def test_no_step_is_taken_out_of_turn_or_twice(session, service, people):
    one, other = people
    trial = drafted(session, service, one)
    assert start_trial(session, trial, other, key=KEY) is TrialRefusal.OUT_OF_TURN
    assert approve_trial(session, trial, other) is None
    assert approve_trial(session, trial, other) is TrialRefusal.OUT_OF_TURN
    assert start_trial(session, trial, one, key=KEY) is None
    assert start_trial(session, trial, one, key="another") is TrialRefusal.OUT_OF_TURN
    assert trial.key == KEY
    assert end_trial(session, trial, one) is None
    assert end_trial(session, trial, one) is TrialRefusal.OUT_OF_TURN
    assert approve_trial(session, trial, other) is TrialRefusal.OUT_OF_TURN


@pytest.mark.parametrize("mode", ["shadow", "paused"])
def test_a_service_that_does_not_send_starts_no_trial(session, service, people, mode):
    trial = a_trial(session, service, started_at=None, started_by_id=None, key=None)
    service.mode = mode
    assert start_trial(session, trial, people[0], key=KEY) is TrialRefusal.NOT_LIVE
    assert (trial.state, trial.key) == (TrialState.APPROVED, None)


def test_what_cannot_be_run_is_not_drafted(session, service, people):
    outside = replace(SEND_TIME, first="08:00")
    assert draft_trial(session, service, outside, people[0]) is TrialRefusal.OUTSIDE_HOURS
    assert session.scalars(select(Trial)).all() == []


def test_hours_and_days_are_judged_again_before_it_starts(session, service, people):
    trial = a_trial(session, service, SEND_TIME, started_at=None, started_by_id=None, key=None)
    late = replace(people[0], now=NOON + timedelta(days=91))
    assert start_trial(session, trial, late, key=KEY) is TrialRefusal.LAST_DAY_OVER
    content = dict(a_programme(session, service, number=2).content)
    content["contact"] = content["contact"] | {"hours_from": "12:00"}
    a_programme(session, service, number=3, content=content)
    assert start_trial(session, trial, people[0], key=KEY) is TrialRefusal.OUTSIDE_HOURS


def test_after_its_last_day_it_ends_by_its_plan_and_makes_room(session, service, people):
    trial = a_trial(session, service)
    elsewhere = a_trial(session, a_texting_service(session), replace(WORDING, size=500))
    elsewhere.last_day = NOON.date() + timedelta(days=400)
    assert end_trials_by_plan(session, NOON + timedelta(days=90)) == 0
    assert end_trials_by_plan(session, NOON + timedelta(days=91)) == 1
    assert (trial.ended_by, trial.ended_by_id, trial.is_kept) == ("last-day-over", None, True)
    assert elsewhere.state is TrialState.RUNNING
    assert audited(session, service)[-1] == (
        "end-trial",
        None,
        {"over": "last-day-over", "kept": True},
    )


def test_a_trial_is_seen_by_its_own_service_only(session, service):
    trial = a_trial(session, service)
    theirs = a_texting_service(session)
    with pytest.raises(TrialNotFound):
        get_trial(session, theirs.id, trial.id)
    set_scope(session, Scope.staff([theirs.id]))
    with pytest.raises(TrialNotFound):
        get_trial(session, service.id, trial.id)
