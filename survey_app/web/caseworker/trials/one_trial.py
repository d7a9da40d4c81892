"""One trial: how it stands, what came of it, and its next step."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.trial_plans import TrialRefusal
from survey_app.domain.trials import TrialKind, TrialState
from survey_app.reporting.trials import TrialResult, completed_of_texted, names_of, trial_result
from survey_app.store.services import Service
from survey_app.store.trials import Trial, get_trial
from survey_app.usecases.decider import Decider
from survey_app.usecases.run_trial import approve_trial, end_trial, start_trial
from survey_app.web.caseworker.sending_forms import ReasonForm
from survey_app.web.caseworker.trials import words
from survey_app.web.caseworker.trials.drafting import LOOK_BACK, findable
from survey_app.web.caseworker.trials.forms import EndForm
from survey_app.web.caseworker.trials.texts import tried_texts
from survey_app.web.shared.access import Audience, access, reading, staff, this_service, writing
from survey_app.web.shared.runtime import runtime

KEY_BYTES = 16
Step = Callable[[Session, Trial, Decider], TrialRefusal | None]
"""Takes a step of a trial; why not, where it was not taken."""


@access(Audience.STAFF, Task.RUN_TRIALS)
def trial(slug: str, trial_id: int) -> str:
    """What is tried, by whose word, how far it is, what came of it."""
    return _page(trial_id)


@access(Audience.STAFF, Task.RUN_TRIALS)
def approve(slug: str, trial_id: int) -> Response | tuple[str, int]:
    """Let it be started; whoever drafted it cannot."""
    said = _("Approved. It runs once somebody starts it.")
    return _step(trial_id, "step", ReasonForm(), approve_trial, said)


@access(Audience.STAFF, Task.RUN_TRIALS)
def start(slug: str, trial_id: int) -> Response | tuple[str, int]:
    """Let it run from now on."""

    def begin(session: Session, found: Trial, by: Decider) -> TrialRefusal | None:
        return start_trial(session, found, by, key=secrets.token_hex(KEY_BYTES))

    said = _("Started. Who is invited from now on is in it, or is left out with the reason.")
    return _step(trial_id, "step", ReasonForm(), begin, said)


@access(Audience.STAFF, Task.RUN_TRIALS)
def end(slug: str, trial_id: int) -> Response | tuple[str, int]:
    """End it, or drop it before it began."""
    form = EndForm()
    with reading() as session:
        form.asks_after = _asks_after(get_trial(session, this_service().id, trial_id))

    def finish(session: Session, found: Trial, by: Decider) -> TrialRefusal | None:
        return end_trial(session, found, by, is_kept=form.is_kept)

    return _step(trial_id, "end", form, finish, _("Ended. Nobody comes into it any more."))


def _step(
    trial_id: int, form_name: str, form: ReasonForm, take: Step, said: str
) -> Response | tuple[str, int]:
    """Take a step for the reason that the form gives, and say that it was taken, or why not."""
    if not form.validate_on_submit():
        return _page(trial_id, form_name, form), 400
    by = Decider(staff().account.account_id, form.reason.data, runtime().now())
    with writing() as session:
        refusal = take(session, get_trial(session, this_service().id, trial_id), by)
    if refusal is not None:
        return _page(trial_id, form_name, form, refusal), 400
    flash(said, "success")
    return redirect(url_for("caseworker.trial", slug=this_service().slug, trial_id=trial_id))


def _page(
    trial_id: int,
    form_name: str | None = None,
    form: ReasonForm | None = None,
    refusal: TrialRefusal | None = None,
) -> str:
    here, settings, now = this_service(), runtime().settings, runtime().now()
    with reading() as session:
        found = get_trial(session, here.id, trial_id)
        service = session.get_one(Service, here.id)
        texts = tried_texts(session, service, settings) if _is_of_words(found) else []
        names = names_of(session, [found])
        result = trial_result(session, found)
        known = completed_of_texted(session, here.id, now - LOOK_BACK)
    return render_template(
        "caseworker/trials/trial.html",
        trial=found,
        title=words.title(found.plan),
        state=found.state,
        state_words=words.STATES[found.state],
        steps=words.steps(found, names),
        texts=texts,
        is_own_draft=found.drafted_by_id == staff().account.account_id,
        is_live=service.mode == "live",
        asks_after=_asks_after(found),
        form_name=form_name,
        form=form,
        errors=list(_errors(form_name, form, refusal)),
        slug=here.slug,
        **_result_in_words(found, result),
        **findable(known, (found.size,)),
    )


def _result_in_words(found: Trial, result: TrialResult) -> dict[str, Any]:
    """The part of the page that says what came of it."""
    return {
        "groups": words.groups(found.plan),
        "rows": words.result_rows(result),
        "result": result,
        "difference": words.difference_words(found.plan, result),
        "cautions": words.caution_words(found, result),
        "left_out": [(words.LEFT_OUT.get(why, why), n) for why, n in result.left_out.items()],
    }


def _errors(
    form_name: str | None, form: ReasonForm | None, refusal: TrialRefusal | None
) -> list[tuple[str, str]]:
    """Pairs of field id and text: two forms of the page ask for a reason."""
    found = [
        (f"{form_name}-reason" if name == "reason" else str(name), str(said[0]))
        for name, said in (form.errors if form else {}).items()
        if said
    ]
    if refusal is not None:
        field, said_words = words.REFUSALS[refusal]
        # Only fields that stand on this page can be led to.
        found.append((field if field == f"{form_name}-reason" else "", str(said_words)))
    return found


def _is_of_words(found: Trial) -> bool:
    return found.kind == TrialKind.WORDING


def _asks_after(found: Trial) -> bool:
    """Whether ending it leaves people whose card has shown them another wording."""
    return _is_of_words(found) and found.state is TrialState.RUNNING


def trial_pages(pages: Blueprint) -> None:
    """Mount one trial and its steps."""
    address = "/services/<slug>/trials/<int:trial_id>"
    pages.get(address)(trial)
    pages.post(f"{address}/approve", endpoint="approve_trial")(approve)
    pages.post(f"{address}/start", endpoint="start_trial")(start)
    pages.post(f"{address}/end", endpoint="end_trial")(end)
