"""Somebody lets a service send, stops it or all of theirs, or revokes every open link."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from survey_app.domain.access import Task
from survey_app.reporting.backlog import backlog
from survey_app.store.services import Service, ServiceMode
from survey_app.usecases.change_sending import change_mode, pause_services, revoke_links
from survey_app.usecases.decider import Decider
from survey_app.usecases.go_live import GateClosed, GoLiveRefusal, WentLive, go_live, latest_day
from survey_app.web.caseworker.sending_forms import GoLiveForm, ReasonForm
from survey_app.web.caseworker.sending_page import sending_page
from survey_app.web.shared.access import (
    Audience,
    access,
    reading,
    staff,
    this_service,
    writing,
)
from survey_app.web.shared.runtime import runtime

Decision = Callable[[Session, Service, Decider], str | GateClosed]
"""Does what was decided; what to tell the one who did, or that the gate is closed."""


@access(Audience.STAFF, Task.SEE_SENDING)
def sending(slug: str) -> str:
    """The mode, what was held back, a sample of the words, the history, and the buttons."""
    return sending_page(None, GoLiveForm(formdata=None))


@access(Audience.STAFF, Task.GO_LIVE)
def let_it_send(slug: str) -> Response | tuple[str, int]:
    """Let the service send, for a reason, once the sample was signed off."""
    form, now = GoLiveForm(), runtime().now()
    with reading() as session:
        form.is_anyone_waiting = backlog(session, this_service().id, now).total > 0
    form.latest_day = latest_day(now)

    def decide(session: Session, service: Service, by: Decider) -> str:
        went = go_live(
            session, service, by, runtime().settings, withdraw_before=form.withdrawn_before
        )
        return went if isinstance(went, GateClosed) else _went_live_words(went)

    return _decided("live", form, decide)


@access(Audience.STAFF, Task.PAUSE_SENDING)
def pause(slug: str) -> Response | tuple[str, int]:
    """Stop before the next text."""

    def decide(session: Session, service: Service, by: Decider) -> str:
        change_mode(session, service, ServiceMode.PAUSED, by)
        return _("The service is paused: no further text leaves.")

    return _decided("pause", ReasonForm(), decide)


@access(Audience.STAFF, Task.REVOKE_LINKS)
def revoke(slug: str) -> Response | tuple[str, int]:
    """Make every open link lead nowhere."""

    def decide(session: Session, service: Service, by: Decider) -> str:
        return _("Links that lead nowhere now: %(n)s.", n=revoke_links(session, service, by))

    return _decided("revoke", ReasonForm(), decide)


@access(Audience.STAFF, Task.PAUSE_SENDING)
def pause_everything() -> str:
    """Ask why."""
    return _pause_everything_page(ReasonForm(formdata=None))


@access(Audience.STAFF, Task.PAUSE_SENDING)
def pause_everything_now() -> Response | tuple[str, int]:
    """Stop every service in which this person may, before the next text."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _pause_everything_page(form), 400
    with writing() as session:
        mine = staff().scope.service_ids or frozenset()
        paused = pause_services(session, _decider(form), service_ids=mine)
    names = ", ".join(service.name for service in paused)
    if names:
        flash(_("Paused: %(names)s. No further text leaves.", names=names), "success")
    else:
        flash(_("No service was sending."), "important")
    return redirect(url_for("admin.services"))


def _decided(form_name: str, form: ReasonForm, decide: Decision) -> Response | tuple[str, int]:
    """Do what a form of the page asks, for its reason, and say what was done."""
    if not form.validate_on_submit():
        return sending_page(form_name, form), 400
    with writing() as session:
        said = decide(session, session.get_one(Service, this_service().id), _decider(form))
    if isinstance(said, GateClosed):
        # The page lists by itself what is missing.
        return sending_page(form_name, form), 409
    flash(said, "success")
    return redirect(url_for("caseworker.sending", slug=this_service().slug))


def _decider(form: ReasonForm) -> Decider:
    return Decider(staff().account.account_id, form.reason.data, runtime().now())


def _went_live_words(went: WentLive | GoLiveRefusal) -> str:
    if went is GoLiveRefusal.ALREADY_LIVE:
        return _("Nothing was changed: a colleague let the service send already.")
    if isinstance(went, GoLiveRefusal) or not went.withdrawn:
        return _("The service is live: texts that are due leave now.")
    return ngettext(
        "The service is live. %(num)s request that had waited was withdrawn unasked.",
        "The service is live. %(num)s requests that had waited were withdrawn unasked.",
        went.withdrawn,
    )


def _pause_everything_page(form: ReasonForm) -> str:
    return render_template(
        "caseworker/pause_everything.html",
        form=form,
        errors=[("reason", said[0]) for said in form.errors.values() if said],
    )


def sending_pages(pages: Blueprint) -> None:
    """Mount the page and its buttons."""
    pages.get("/services/<slug>/sending")(sending)
    pages.post("/services/<slug>/sending/live", endpoint="go_live")(let_it_send)
    pages.post("/services/<slug>/sending/pause")(pause)
    pages.post("/services/<slug>/sending/revoke-links")(revoke)
    pages.get("/services/pause-everything")(pause_everything)
    pages.post("/services/pause-everything")(pause_everything_now)
