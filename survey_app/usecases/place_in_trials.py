"""Whoever is invited while a trial runs comes into an arm of it, or is left out for a reason.

Asked when invitations are queued. Without a trial it changes nothing and asks one query. What it
notes on a request stays; but nobody gets an arm's text or time once a flag or anything else stands
against it: that is asked anew for every text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from survey_app.domain.periods import london_day
from survey_app.domain.requests import USUAL_WORDING, InvitationWording
from survey_app.domain.trials import (
    Arm,
    PersonStanding,
    TrialKind,
    TrialState,
    arm_of,
    leaves_at,
    why_left_out,
    why_over,
)
from survey_app.store.contact_facts import contact_facts
from survey_app.store.people import Person
from survey_app.store.person_standings import person_standings
from survey_app.store.requests import SurveyRequest
from survey_app.store.trials import Trial, get_trial, people_in_trial, trials_in_effect
from survey_app.usecases.run_trial import end_by_plan


@dataclass(frozen=True)
class Invited:
    """A request whose invitation is being queued; the contact rule lets it leave from then on."""

    request: SurveyRequest
    person: Person
    allowed_from: datetime


@dataclass(frozen=True)
class Treatment:
    """What trials make of one invitation. `not_before` is None where they do not move it."""

    wording: InvitationWording = USUAL_WORDING
    not_before: datetime | None = None


UNTRIED = Treatment()


def place_in_trials(
    session: Session, invited: Sequence[Invited], now: datetime
) -> Mapping[int, Treatment]:
    """Place these people in the running trials of their services; what becomes of their texts, by
    request id, where it is anything else than usual.

    A trial is locked while people are placed in it, so that two passes keep to its size together.
    """
    trials = trials_in_effect(session, {each.request.service_id for each in invited})
    if not trials:
        return {}
    today = london_day(now)
    standings = person_standings(session, {each.person.id for each in invited})
    for trial in trials:
        if trial.state is TrialState.RUNNING:
            theirs = [each for each in invited if each.request.service_id == trial.service_id]
            _place(session, trial, theirs, standings, now)
    wordings = {
        each.person.id: _wording_of(trials, each.person, standings[each.person.id], today)
        for each in invited
    }
    moved = _moved(session, trials, invited, standings, today)
    return {
        each.request.id: Treatment(wordings[each.person.id], moved.get(each.request.id))
        for each in invited
    }


def invitation_wordings(
    session: Session, people: Collection[Person], now: datetime
) -> dict[int, InvitationWording]:
    """In which wording these people are invited, by person id: what the worker shows them before,
    and what comes."""
    trials = trials_in_effect(session, {person.service_id for person in people})
    if not any(trial.kind == TrialKind.WORDING for trial in trials):
        return {person.id: USUAL_WORDING for person in people}
    standings, today = person_standings(session, {p.id for p in people}), london_day(now)
    return {p.id: _wording_of(trials, p, standings[p.id], today) for p in people}


def _place(
    session: Session,
    trial: Trial,
    invited: Iterable[Invited],
    standings: Mapping[int, PersonStanding],
    now: datetime,
) -> None:
    get_trial(session, trial.service_id, trial.id, lock=True)
    if trial.state is not TrialState.RUNNING:
        return  # Somebody ended it while this pass waited.
    people, today = people_in_trial(session, trial.id), london_day(now)
    for each in invited:
        if why_over(trial.size, trial.last_day, len(people), today):
            break
        if each.request.trial_id is None:
            _note(trial, each.request, each.person.id, standings[each.person.id], today)
            if each.request.trial_arm is not None:
                people.add(each.person.id)
    if over := why_over(trial.size, trial.last_day, len(people), today):
        end_by_plan(session, trial, over, now)


def _note(
    trial: Trial, request: SurveyRequest, person_id: int, standing: PersonStanding, today: date
) -> None:
    request.trial_id = trial.id
    request.trial_left_out = _why_not(trial, standing, today)
    if request.trial_left_out is None:
        request.trial_arm = _arm(trial, person_id)


def _wording_of(
    trials: Iterable[Trial], person: Person, standing: PersonStanding, today: date
) -> InvitationWording:
    """The wording of the trial that ran when this person was first known: their arm's, from the
    first look at their card on, and the usual one whenever they may not be in a trial."""
    for trial in trials:
        is_theirs = trial.service_id == person.service_id and trial.kind == TrialKind.WORDING
        if is_theirs and trial.ran_at(standing.known_since):
            if _why_not(trial, standing, today) is not None:
                return USUAL_WORDING
            return InvitationWording(trial.plan.of(_arm(trial, person.id)))
    return USUAL_WORDING


def _moved(
    session: Session,
    trials: Iterable[Trial],
    invited: Iterable[Invited],
    standings: Mapping[int, PersonStanding],
    today: date,
) -> dict[int, datetime]:
    """When the texts leave whose time of day is tried, by request id, where that moves them."""
    by_id = {trial.id: trial for trial in trials if trial.kind == TrialKind.SEND_TIME}
    tried = {
        each.request.id: each
        for each in invited
        if each.request.trial_id in by_id
        and each.request.trial_arm is not None
        and _why_not(by_id[each.request.trial_id], standings[each.person.id], today) is None
    }
    moved = {}
    for request_id, facts in contact_facts(session, tried).items():
        each, plan = tried[request_id], by_id[tried[request_id].request.trial_id or 0].plan
        first, second = plan.times
        at = first if each.request.trial_arm == Arm.FIRST else second
        hours = (facts.person_hours, facts.service_hours)
        leaves = leaves_at(at, each.allowed_from, hours, facts.expires_at)
        if leaves > each.allowed_from:
            moved[request_id] = leaves
    return moved


def _why_not(trial: Trial, standing: PersonStanding, today: date) -> str | None:
    assert trial.started_at is not None
    return why_left_out(TrialKind(trial.kind), trial.started_at, standing, today)


def _arm(trial: Trial, person_id: int) -> Arm:
    assert trial.key is not None
    return arm_of(trial.key, person_id)
