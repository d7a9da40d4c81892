"""A trial's figures: everybody in the arm that chance gave them, once, and nobody else."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from survey_app.domain.differences import difference
from survey_app.domain.requests import OPEN_STATES, RequestState
from survey_app.domain.statistics import rate
from survey_app.domain.trials import Arm, LeftOut
from survey_app.reporting.trials import ArmResult, completed_of_texted, trial_result
from survey_app.store.database import Database
from survey_app.store.scope import Scope, set_scope
from survey_app.store.trials import Trial
from tests.builders import a_person
from tests.texting import a_due_request, a_texting_service
from tests.trials import SEND_TIME, a_trial
from tests.world import NOON

_names = count(1)


@dataclass(frozen=True)
class Fate:
    """What became of one request of a person."""

    arm: Arm | None
    left_out: LeftOut | None
    was_asked: bool
    has_started: bool
    state: RequestState


arms = st.sampled_from(Arm)
fates = st.builds(
    Fate,
    arm=arms,
    left_out=st.none(),
    was_asked=st.booleans(),
    has_started=st.booleans(),
    state=st.sampled_from(RequestState),
) | st.builds(
    Fate,
    arm=st.none(),
    left_out=st.sampled_from(LeftOut),
    was_asked=st.booleans(),
    has_started=st.booleans(),
    state=st.sampled_from(RequestState),
)
worlds = st.lists(st.lists(fates, min_size=1, max_size=3), max_size=8)


def build(session: Session, service: Any, trial: Trial, people: list[list[Fate]]) -> None:
    for theirs in people:
        person = a_person(session, service)
        own = next((fate.arm for fate in theirs if fate.arm), None)
        for fate in theirs:
            a_due_request(
                session,
                service,
                person,
                trial_id=trial.id,
                trial_arm=own if fate.arm else None,
                trial_left_out=fate.left_out,
                first_text_accepted_at=NOON if fate.was_asked else None,
                started_at=NOON if fate.has_started else None,
                state=fate.state,
            )


def counted(people: list[list[Fate]]) -> tuple[dict[Arm, ArmResult], Counter[str]]:
    """The same in plain Python."""
    found = {arm: ArmResult() for arm in Arm}
    left_out: Counter[str] = Counter()
    for theirs in people:
        first = next((fate for fate in theirs if fate.arm), None)
        if first is not None and first.arm is not None:
            was = found[first.arm]
            found[first.arm] = ArmResult(
                was.people + 1,
                was.asked + first.was_asked,
                was.started + first.has_started,
                was.completed + (first.state is RequestState.COMPLETED),
                was.can_still_answer + (first.state in OPEN_STATES),
            )
        left_out.update({str(fate.left_out) for fate in theirs if fate.left_out})
    return found, left_out


@given(worlds)
def test_the_result_is_that_of_a_count_by_hand(sqlite_database: Database, people):
    with sqlite_database.write(Scope.worker()) as session:
        service = a_texting_service(session, slug=f"world-{next(_names)}")
        trial, former = a_trial(session, service), a_trial(session, service, SEND_TIME)
        build(session, service, trial, people)
        build(session, service, former, [[Fate(Arm.FIRST, None, True, True, RequestState.ASKED)]])
        a_due_request(session, service)
        result = trial_result(session, trial)
        arms_counted, left_out = counted(people)
        assert result.arms == arms_counted
        assert Counter(result.left_out) == left_out
        assert result.people == sum(arm.people for arm in arms_counted.values())


def test_the_difference_is_the_second_less_the_first_with_newcombes_interval(session):
    service = a_texting_service(session)
    trial = a_trial(session, service)
    done, not_done = (
        [Fate(arm, None, True, True, state)]
        for arm, state in (
            (Arm.SECOND, RequestState.COMPLETED),
            (Arm.FIRST, RequestState.EXPIRED),
        )
    )
    build(session, service, trial, [done] * 9 + [not_done] * 11)
    result = trial_result(session, trial)
    assert result.difference == difference(rate(9, 9), rate(0, 11))
    assert result.difference is not None
    assert (result.difference.points, result.difference.is_more_than_chance) == (100.0, True)


def test_nobody_in_one_arm_is_no_difference(session):
    trial = a_trial(session, a_texting_service(session))
    result = trial_result(session, trial)
    assert (result.people, result.difference, result.left_out) == (0, None, {})


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_result_is_counted_within_the_scope(session, is_ours):
    service, other = a_texting_service(session), a_texting_service(session)
    trial = a_trial(session, service)
    fate = Fate(Arm.FIRST, None, True, True, RequestState.COMPLETED)
    build(session, service, trial, [[fate]])
    set_scope(session, Scope.staff([(service if is_ours else other).id]))
    assert trial_result(session, trial).people == int(is_ours)


def test_what_a_trial_starts_from_is_what_those_texted_lately_completed(session):
    service = a_texting_service(session)
    lately, long_ago = NOON - timedelta(days=30), NOON - timedelta(days=500)
    for state, at in (
        ("completed", lately),
        ("expired", lately),
        ("expired", lately),
        ("asked", lately),
        ("completed", long_ago),
        ("completed", None),
    ):
        a_due_request(session, service, state=state, first_text_accepted_at=at)
    a_due_request(
        session, a_texting_service(session), state="completed", first_text_accepted_at=lately
    )
    assert completed_of_texted(session, service.id, NOON - timedelta(days=365)) == rate(1, 3)
