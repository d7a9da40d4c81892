"""What would people have on their phones now? `/dev/outbox` shows what was "sent".

It shows links in clear, so it exists on loopback in development only; everywhere else the address
answers 404, as if it were not there.
"""

import re
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from survey_app.domain.clock_faults import CLOCK_FAULT_WORDS
from survey_app.domain.safe_hours import LONDON
from survey_app.messaging.listing import latest_simulated
from survey_app.store.messages import SimulatedText
from survey_app.store.scope import Scope
from survey_app.usecases.run_due import run_due
from survey_app.web.shared.access import Audience, access, is_on_this_machine
from survey_app.web.shared.runtime import runtime

SHOWN = 100

blueprint = Blueprint("dev", __name__, url_prefix="/dev", template_folder="templates")


@dataclass(frozen=True)
class ShownText:
    """One text as its phone would show it; the link apart, so that it can be tapped."""

    to: str
    sender: str
    arrived: str
    before: str
    link: str
    after: str


@blueprint.before_request
def hide_unless_developing() -> None:
    """404 in production, off this machine, through a proxy, or under a borrowed host name."""
    if runtime().settings.is_production or not is_on_this_machine():
        abort(404)


@blueprint.get("/outbox")
@access(Audience.DEVELOPMENT)
def outbox() -> ResponseReturnValue:
    """The texts that the simulated phones got, newest first."""
    link = re.compile(re.escape(f"{runtime().settings.base_url}/s/") + r"[0-9a-z]+")
    with runtime().database.read(Scope.worker()) as session:
        texts = [_shown(text, link) for text in latest_simulated(session, SHOWN)]
    page = render_template("dev/outbox.html", texts=texts, shown=SHOWN)
    return page, {"Cache-Control": "no-store"}


@blueprint.post("/outbox/run")
@access(Audience.DEVELOPMENT)
def run_now() -> ResponseReturnValue:
    """One pass of what is due, so that nobody has to wait for the worker."""
    counts = run_due(runtime())
    if counts.clock_fault is not None:
        flash(CLOCK_FAULT_WORDS[counts.clock_fault], "important")
        return redirect(url_for("dev.outbox"), 303)
    done = counts.as_json()
    refused = sum(done["refused"].values())
    said = f"Sent {done['sent']}, deferred {done['deferred']}, refused {refused}."
    flash("Nothing was due." if counts.is_empty else said, "success")
    return redirect(url_for("dev.outbox"), 303)


def _shown(text: SimulatedText, link: re.Pattern[str]) -> ShownText:
    found = link.search(text.body)
    before, after = (
        (text.body[: found.start()], text.body[found.end() :]) if found else (text.body, "")
    )
    return ShownText(
        to=text.to,
        sender=text.sender,
        arrived=f"{text.received_at.astimezone(LONDON):%d %B %Y, %H:%M}",
        before=before,
        link=found.group() if found else "",
        after=after,
    )
