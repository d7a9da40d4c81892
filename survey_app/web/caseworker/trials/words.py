"""How are a trial, its steps and its result told?"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from survey_app.domain.requests import InvitationWording
from survey_app.domain.statistics import Rate
from survey_app.domain.trial_plans import LARGEST, SMALLEST, TrialPlan, TrialRefusal
from survey_app.domain.trials import Arm, LeftOut, TrialEnd, TrialKind, TrialState
from survey_app.reporting.trials import TrialResult
from survey_app.store.trials import Trial
from survey_app.web.caseworker.message_words import WORDINGS
from survey_app.web.shared.formatting import count, day

STATES: dict[TrialState, tuple[LazyString, str]] = {
    TrialState.DRAFTED: (_l("drafted"), ""),
    TrialState.APPROVED: (_l("approved"), ""),
    TrialState.RUNNING: (_l("running"), "good"),
    TrialState.ENDED: (_l("ended"), ""),
}
"""Each with the colour of its tag."""

LEFT_OUT: dict[str, LazyString] = {
    LeftOut.FLAGS_NOT_RECORDED: _l("The flags of a case are not recorded"),
    LeftOut.FLAGGED: _l("A flag, or a crime that counts as one"),
    LeftOut.YOUNG: _l("Under 18"),
    LeftOut.KNOWN_BEFORE: _l("Known before it started: they may have been shown the usual text"),
}

REFUSALS: dict[TrialRefusal, tuple[str, LazyString]] = {
    TrialRefusal.ANOTHER_TRIAL: (
        "",
        _l("Another trial of this service has not ended. There is one at a time."),
    ),
    TrialRefusal.OWN_DRAFT: (
        "step-reason",
        _l("You drafted this trial, so somebody else has to approve it."),
    ),
    TrialRefusal.OUT_OF_TURN: (
        "",
        _l("Nothing was changed: a colleague was quicker. The page shows how it stands now."),
    ),
    TrialRefusal.NOT_LIVE: ("", _l("The service does not send now, so there is nothing to try.")),
    TrialRefusal.NO_PROGRAMME: (
        "",
        _l("The service has no programme, so nobody is asked and there is nothing to try."),
    ),
    TrialRefusal.OUTSIDE_HOURS: (
        "first_time",
        _l("Both times have to lie inside the hours in which the service contacts people."),
    ),
    TrialRefusal.TIMES_ALIKE: ("second_time", _l("The two times have to be an hour apart.")),
    TrialRefusal.TOO_SMALL: (
        "size",
        _l("Plan at least %(n)s people: with fewer nothing can be told from chance.", n=SMALLEST),
    ),
    TrialRefusal.TOO_LARGE: ("size", _l("Plan at most %(n)s people.", n=LARGEST)),
    TrialRefusal.LAST_DAY_OVER: ("last_day", _l("The last day is over.")),
    TrialRefusal.LAST_DAY_FAR: ("last_day", _l("The last day lies more than two years ahead.")),
}
"""Each with the field that it belongs to, if any."""


def arm_name(plan: TrialPlan, arm: Arm) -> str:
    """What an arm gets: `question first`, `17:00`."""
    got = plan.of(arm)
    if plan.kind is TrialKind.SEND_TIME:
        return _("sent at %(time)s", time=got)
    return str(WORDINGS[InvitationWording(got)])


def title(plan: TrialPlan) -> str:
    """What is tried, in a line."""
    return _(
        "%(kind)s: %(first)s against %(second)s",
        kind=_("Wording") if plan.kind is TrialKind.WORDING else _("Time of day"),
        first=arm_name(plan, Arm.FIRST),
        second=arm_name(plan, Arm.SECOND),
    )


def steps(trial: Trial, names: Mapping[int, str]) -> list[tuple[Any, str, str]]:
    """Instant, what was done by whom, and why, of each step so far."""
    said = [
        (trial.drafted_at, _("Drafted"), trial.drafted_by_id, trial.draft_reason),
        (trial.approved_at, _("Approved"), trial.approved_by_id, trial.approval_reason),
        (trial.started_at, _("Started"), trial.started_by_id, trial.start_reason),
        (trial.ended_at, _end_words(trial), trial.ended_by_id, trial.end_reason),
    ]
    return [
        (at, _("%(what)s by %(who)s", what=what, who=names[who]) if who else what, why or "")
        for at, what, who, why in said
        if at is not None
    ]


def _end_words(trial: Trial) -> str:
    if trial.ended_by == TrialEnd.SIZE_REACHED:
        return _("Ended by its plan: all the people planned for are in")
    if trial.ended_by == TrialEnd.LAST_DAY_OVER:
        return _("Ended by its plan: its last day is over")
    return _("Ended") if trial.started_at else _("Dropped before it started")


def difference_words(plan: TrialPlan, result: TrialResult) -> str:
    """The difference in completion with its interval, and whether it is more than chance."""
    found = result.difference
    if found is None:
        return _("There is nothing to compare yet: nobody is in one of the two groups.")
    said = _(
        "Completed, “%(second)s” less “%(first)s”: %(points)s percentage points, likely between "
        "%(low)s and %(high)s.",
        first=arm_name(plan, Arm.FIRST),
        second=arm_name(plan, Arm.SECOND),
        points=_signed(found.points),
        low=_signed(found.low),
        high=_signed(found.high),
    )
    if found.is_more_than_chance:
        better = arm_name(plan, Arm.SECOND if found.points > 0 else Arm.FIRST)
        return f"{said} " + _(
            "More than chance: more people complete with “%(what)s”.", what=better
        )
    return f"{said} " + _("No more than chance: it may as well be nothing, or the other way round.")


def caution_words(trial: Trial, result: TrialResult) -> list[str]:
    """What a reader must know before believing it."""
    said = [_how_far(trial, result)]
    if trial.state is TrialState.RUNNING:
        said.append(
            _(
                "Judge it once it has ended. Whoever looks again and again, and stops when it "
                "looks good, takes chance for a difference far more often than one time in twenty."
            )
        )
    elif trial.ended_by == TrialEnd.SOMEBODY:
        said.append(_("It was ended before its plan was: take the difference as a hint, no more."))
    if result.can_still_answer:
        said.append(
            ngettext(
                "%(num)s of them can still answer, so the figures may move.",
                "%(num)s of them can still answer, so the figures may move.",
                result.can_still_answer,
            )
        )
    return said


def _how_far(trial: Trial, result: TrialResult) -> str:
    return _(
        "%(people)s of %(size)s people planned are in; its last day is %(last_day)s.",
        people=count(result.people),
        size=count(trial.size),
        last_day=day(trial.last_day),
    )


def groups(plan: TrialPlan) -> list[str]:
    """The names of both arms, in their order."""
    return [arm_name(plan, arm) for arm in Arm]


def result_rows(result: TrialResult) -> list[tuple[str, list[Rate]]]:
    """A row for each step, with the share of each arm's people who took it."""
    steps_taken = (
        (_("Completed"), lambda arm: arm.completed),
        (_("Started"), lambda arm: arm.started),
        (_("Asked"), lambda arm: arm.asked),
    )
    found = [result.arms[arm] for arm in Arm]
    return [(name, [arm.share(taken(arm)) for arm in found]) for name, taken in steps_taken]


def detectable_words(points: float | None) -> str:
    """The smallest difference that a size can find."""
    if points is None:
        return _("none")
    return _("%(points)s percentage points", points=f"{points:g}")


def _signed(points: float) -> str:
    return f"{points:+g}".replace("-", "−") if points else "0"
