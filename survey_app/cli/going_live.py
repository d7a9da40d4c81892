"""`services live|gate|alert-cover`: may a service send, and what is missing before it may?"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

import click
from flask.cli import with_appcontext

from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.cli.service_modes import tell_mode
from survey_app.domain.alerts import (
    LOW_SAFETY_DUE_HOURS,
    MOST_DUE_HOURS,
    MOST_LOW_SAFETY_DUE_HOURS,
    USUAL_DUE_HOURS,
    AlertHours,
)
from survey_app.domain.gate import ConditionId, Unmet
from survey_app.reporting.gate_words import gate_words
from survey_app.store.scope import Scope
from survey_app.store.services import Service
from survey_app.store.staff import find_account
from survey_app.usecases.ask_gate import ask_gate
from survey_app.usecases.decider import Decider
from survey_app.usecases.go_live import GateClosed, GoLiveRefusal, WentLive, go_live
from survey_app.usecases.set_alert_cover import CoverRefusal, set_alert_cover

_service = click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
_NOT_COVERED = {
    CoverRefusal.OWNER_CANNOT: (
        "{owner} is no active manager or caseworker of this service, so cannot own its alerts."
    ),
    CoverRefusal.USUAL_HOURS: f"--hours: from 1 to {MOST_DUE_HOURS}.",
    CoverRefusal.LOW_SAFETY_HOURS: f"--low-safety-hours: from 1 to {MOST_LOW_SAFETY_DUE_HOURS}.",
}


@click.command("live")
@_service
@click.option(
    "--withdraw-before",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Withdraw unasked who has waited for a first text since before DATE (YYYY-MM-DD).",
)
@click.option(
    "--waive",
    "waive",
    type=click.Choice([condition.value for condition in ConditionId]),
    multiple=True,
    metavar="ID",
    help="Go live without this condition, once, for the reason given. Once for each.",
)
@click.option("--reason", metavar="WORDS", help="Why; kept in the audit trail.")
@_json
@with_appcontext
def live(
    slug: str,
    withdraw_before: datetime | None,
    waive: Sequence[str],
    reason: str | None,
    as_json: bool,
) -> None:
    """Let a service send. Who waited meanwhile is asked after a fresh decision, or withdrawn.

    With a real provider the conditions of `services gate` must be met.
    """
    reason = (reason or "").strip() or None
    if waive and reason is None:
        raise click.UsageError("A waiver needs a reason: say --reason WORDS.")
    if len(set(waive)) < len(waive):
        raise click.UsageError("Say --waive once for each condition.")
    process = runtime()
    before = None if withdraw_before is None else withdraw_before.date()
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        went = go_live(
            session,
            service,
            Decider(None, reason, process.now()),
            process.settings,
            withdraw_before=before,
            waive=[ConditionId(name) for name in waive],
        )
        if isinstance(went, GateClosed):
            _tell_closed(service, went, as_json=as_json)
            raise SystemExit(1)
        if went is GoLiveRefusal.DAY_AHEAD:
            raise click.ClickException(
                "Nothing was changed: --withdraw-before can be tomorrow at the latest."
            )
        if went is GoLiveRefusal.ALREADY_LIVE and before is not None:
            raise click.ClickException(
                f"Nothing was withdrawn: {slug} is live already. Pause it first."
            )
        if isinstance(went, GoLiveRefusal):
            tell_mode(service, f"Service {slug} was already live.", as_json=as_json)
        else:
            more = {} if before is None else went._asdict()
            tell_mode(service, _went_live(slug, went), as_json=as_json, **more)


@click.command("gate")
@_service
@_json
@with_appcontext
def gate(slug: str, as_json: bool) -> None:
    """Say what is missing before a service may send; changes nothing. 1 while something is."""
    process = runtime()
    with process.database.read(Scope.worker()) as session:
        service = service_named(session, slug)
        unmet = ask_gate(session, service, process.settings, process.now())
        if as_json:
            _tell_json(service, unmet)
        elif unmet:
            _tell_words(service, unmet)
        else:
            click.echo(f"Nothing is missing: service {slug} may go live.")
    if unmet:
        raise SystemExit(1)


@click.command("alert-cover")
@_service
@click.option("--owner", required=True, metavar="EMAIL", help="Who owns the service's alerts.")
@click.option("--hours", type=int, default=USUAL_DUE_HOURS, show_default=True, metavar="N")
@click.option(
    "--low-safety-hours",
    type=int,
    default=LOW_SAFETY_DUE_HOURS,
    show_default=True,
    metavar="N",
    help="Within how many working hours an answer of low safety is looked at.",
)
@_json
@with_appcontext
def alert_cover(slug: str, owner: str, hours: int, low_safety_hours: int, as_json: bool) -> None:
    """Set who owns a service's alerts, and within how many hours they are looked at."""
    process = runtime()
    wanted = AlertHours(hours, low_safety_hours)
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        account = find_account(session, owner)
        refusal = set_alert_cover(
            session,
            service,
            None if account is None else account.id,
            wanted,
            Decider(None, None, process.now()),
        )
        if refusal is not None:
            raise click.ClickException(_NOT_COVERED[refusal].format(owner=owner))
    if as_json:
        said = {"owner": owner, "hours": hours, "low_safety_hours": low_safety_hours}
        click.echo(json.dumps({"slug": slug, **said}))
    else:
        click.echo(
            f"Service {slug}: {owner} owns the alerts. They are due within {hours} hours, low "
            f"safety within {low_safety_hours} working hours."
        )


def _went_live(slug: str, went: WentLive) -> str:
    words = f"Service {slug} is now live."
    if went.waited:
        words += f" Waiting: {went.waited}. Withdrawn unasked: {went.withdrawn}."
    return words


def _tell_closed(service: Service, closed: GateClosed, *, as_json: bool) -> None:
    for condition in closed.not_waivable:
        click.echo(f"{condition} cannot be waived.", err=True)
    if as_json:
        _tell_json(service, closed.unmet)
    else:
        click.echo(f"Nothing was changed: service {service.slug} is {service.mode}.")
        _tell_words(service, closed.unmet)


def _tell_json(service: Service, unmet: Collection[Unmet]) -> None:
    told = ((each.id, gate_words(each, service.slug)) for each in unmet)
    listed = [{"id": name, "says": words.says, "do": words.do} for name, words in told]
    click.echo(json.dumps({"mode": service.mode, "unmet": listed}))


def _tell_words(service: Service, unmet: Collection[Unmet]) -> None:
    if not unmet:
        return
    click.echo("Missing before it may send:")
    for each in unmet:
        words = gate_words(each, service.slug)
        click.echo(f"  {each.id}: {words.says}\n    {words.do}")
