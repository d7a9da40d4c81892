"""Which trials were there, and what is to be tried next?"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.domain.statistics import Rate
from survey_app.domain.trial_plans import TrialRefusal, detectable_difference
from survey_app.reporting.trials import completed_of_texted, list_trials
from survey_app.store.services import Service
from survey_app.store.trials import find_unended_trial
from survey_app.usecases.decider import Decider
from survey_app.usecases.run_trial import draft_trial, find_service_hours
from survey_app.web.caseworker.trials.forms import DraftForm
from survey_app.web.caseworker.trials.texts import tried_texts
from survey_app.web.caseworker.trials.words import REFUSALS, STATES, detectable_words, title
from survey_app.web.shared.access import Audience, access, reading, staff, this_service, writing
from survey_app.web.shared.contact_words import hours_in_words
from survey_app.web.shared.formatting import count, share
from survey_app.web.shared.runtime import runtime

SIZES = (100, 200, 400, 800, 1600)
"""For which the page says beforehand what they could find."""
LOOK_BACK = timedelta(days=365)
WELL_KNOWN = 20
"""Ended requests from which on their share of completed is a ground to plan on."""
IN_ORDER = ("kind", "first_time", "second_time", "size", "last_day", "reason")
"""The fields as the page has them."""
UNKNOWN = 0.5
"""Of all shares the one around which a difference is hardest to find."""


@access(Audience.STAFF, Task.RUN_TRIALS)
def trials(slug: str) -> str:
    """All of them, newest first."""
    with reading() as session:
        found = list_trials(session, this_service().id)
    return render_template(
        "caseworker/trials/list.html", trials=found, states=STATES, title_of=title, slug=slug
    )


@access(Audience.STAFF, Task.RUN_TRIALS)
def new_trial(slug: str) -> str:
    """What may be tried, what a size could find, and the form."""
    return _page(DraftForm(formdata=None))


@access(Audience.STAFF, Task.RUN_TRIALS)
def draft(slug: str) -> Response | tuple[str, int]:
    """Write the draft down; it changes nothing until somebody else approves it."""
    form = DraftForm()
    if not form.validate_on_submit():
        return _page(form), 400
    by = Decider(staff().account.account_id, form.reason.data, runtime().now())
    with writing() as session:
        service = session.get_one(Service, this_service().id)
        drafted = draft_trial(session, service, form.plan, by)
        trial_id = None if isinstance(drafted, TrialRefusal) else drafted.id
    if isinstance(drafted, TrialRefusal):
        return _page(form, drafted), 400
    flash(_("Drafted. Somebody else has to approve it before it can start."), "success")
    return redirect(url_for("caseworker.trial", slug=slug, trial_id=trial_id))


def _page(form: DraftForm, refusal: TrialRefusal | None = None) -> str:
    here, settings = this_service(), runtime().settings
    with reading() as session:
        service = session.get_one(Service, here.id)
        other = find_unended_trial(session, here.id)
        hours = find_service_hours(session, here.id)
        known = completed_of_texted(session, here.id, runtime().now() - LOOK_BACK)
        texts = tried_texts(session, service, settings)
    errors = [(name, str(form[name].errors[0])) for name in IN_ORDER if form[name].errors]
    if refusal is not None:
        field, words = REFUSALS[refusal]
        errors.append((field, str(words)))
    return render_template(
        "caseworker/trials/new.html",
        form=form,
        errors=errors,
        other=other,
        hours=hours_in_words(hours) if hours else _("none"),
        texts=texts,
        slug=here.slug,
        **findable(known, SIZES),
    )


def findable(known: Rate, sizes: tuple[int, ...]) -> dict[str, Any]:
    """What trials of these sizes could find, and from which share of completed that is reckoned."""
    is_known = (known.denominator or 0) >= WELL_KNOWN
    start = (known.numerator or 0) / (known.denominator or 1) if is_known else UNKNOWN
    return {
        "from_share": share(vars(known)) if is_known else None,
        "findable": [
            [count(size), detectable_words(detectable_difference(size, start))] for size in sizes
        ],
    }


def drafting_pages(pages: Blueprint) -> None:
    """Mount the list and the draft."""
    pages.get("/services/<slug>/trials")(trials)
    pages.get("/services/<slug>/trials/new")(new_trial)
    pages.post("/services/<slug>/trials/new", endpoint="draft_trial")(draft)
