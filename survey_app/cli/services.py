"""`services add|set|pause|revoke-links`: which services are there, and may they send?"""

import json

import click
from flask.cli import with_appcontext

from survey_app.cli.going_live import alert_cover, gate, live
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.cli.service_modes import tell_mode
from survey_app.settings import PROVIDERS
from survey_app.store.scope import Scope
from survey_app.store.services import ServiceMode
from survey_app.usecases.add_service import ServiceRefusal, ServiceRefused, add_service
from survey_app.usecases.change_carrier import CarrierRefusal, change_carrier
from survey_app.usecases.change_sending import change_mode, pause_services, revoke_links
from survey_app.usecases.decider import Decider

_REFUSED = {
    ServiceRefusal.NAME_MISSING: "The service needs a name.",
    ServiceRefusal.SLUG_MALFORMED: (
        "{slug!r} is no slug: use lower-case letters, digits and single hyphens, at most 64."
    ),
    ServiceRefusal.SLUG_TAKEN: "There is a service {slug} already: choose another slug.",
    ServiceRefusal.PROGRAMME_UNKNOWN: (
        "No programme {programme!r}: see the files in instruments/programmes."
    ),
    ServiceRefusal.LICENCE_NOT_RECORDED: (
        "Programme {programme} asks an instrument that needs a licence, which a new service has "
        "not recorded."
    ),
}
_NOT_SET = {
    CarrierRefusal.PROVIDER_UNKNOWN: f"No such provider: use one of {', '.join(PROVIDERS)}.",
    CarrierRefusal.SENDER_MALFORMED: (
        "A sender is a number such as +447700900123, or at most 11 letters, digits and spaces with "
        "a letter among them."
    ),
    CarrierRefusal.NOTIFY_WANTS_AN_ID: (
        "GOV.UK Notify knows senders by id: copy it from its settings, or leave the sender blank."
    ),
}
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
_service = click.option("--service", "slug", required=True, metavar="S", help="The service's slug.")
_reason = click.option("--reason", metavar="WHY", help="Why; kept in the audit trail.")


@click.group()
def services() -> None:
    """Add services, and let them send or not."""


for command in (live, gate, alert_cover):
    services.add_command(command)


@services.command("add")
@click.argument("name")
@click.option("--slug", required=True, metavar="S", help="How commands and files name it.")
@click.option("--programme", default="standard", show_default=True, metavar="P")
@_json
@with_appcontext
def add(name: str, slug: str, programme: str, as_json: bool) -> None:
    """Add the service NAME with its own copy of a programme."""
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        try:
            service = add_service(
                session,
                name=name,
                slug=slug,
                programme=programme,
                installed_provider=process.settings.sms_provider,
                now=process.now(),
            )
        except ServiceRefused as refused:
            words = _REFUSED[refused.reason].format(slug=slug, programme=programme)
            raise click.ClickException(words) from refused
        tell_mode(service, f"Service {service.slug} added, programme {programme}.", as_json=as_json)


@services.command("set")
@_service
@click.option(
    "--sender", metavar="NAME", help="What texts appear to come from: neutral. '' for none."
)
@click.option("--provider", metavar="P", help="simulated, twilio or notify. '' for the settings'.")
@_reason
@_json
@with_appcontext
def set_command(
    slug: str, sender: str | None, provider: str | None, reason: str | None, as_json: bool
) -> None:
    """Set a service's own sender or provider; one that leaves the simulated provider goes into
    shadow."""
    if sender is None and provider is None:
        raise click.UsageError("Say --sender or --provider.")
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        refusal = change_carrier(
            session,
            service,
            Decider(None, reason, process.now()),
            installed_provider=process.settings.sms_provider,
            sender=sender,
            provider=provider,
        )
        if refusal is not None:
            raise click.ClickException(_NOT_SET[refusal])
        own = service.sender or "as the settings say"
        usual = service.sms_provider or "as the settings say"
        words = f"Service {slug}: sender {own}, provider {usual}."
        if as_json:
            plain = {"slug": slug, "sender": service.sender, "provider": service.sms_provider}
            click.echo(json.dumps({**plain, "mode": service.mode}))
        else:
            tell_mode(service, words, as_json=False)


@services.command("pause")
@click.option("--service", "slug", metavar="S", help="The service's slug.")
@click.option("--all", "is_all", is_flag=True, help="Pause every service that sends.")
@_reason
@_json
@with_appcontext
def pause(slug: str | None, is_all: bool, reason: str | None, as_json: bool) -> None:
    """Let a service, or every one, send nothing from the next text on, until it is live again."""
    if (slug is not None) == is_all:
        raise click.UsageError("Say either --service S or --all.")
    if slug is not None:
        _change(slug, ServiceMode.PAUSED, reason, as_json=as_json)
        return
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        by = Decider(None, reason, process.now())
        slugs = [paused.slug for paused in pause_services(session, by)]
    if as_json:
        click.echo(json.dumps({"paused": slugs}))
    else:
        click.echo(f"Paused: {', '.join(slugs)}." if slugs else "No service was sending.")


@services.command("revoke-links")
@_service
@_reason
@_json
@with_appcontext
def revoke_links_command(slug: str, reason: str | None, as_json: bool) -> None:
    """Make every open link of a service lead nowhere; later texts carry fresh ones."""
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        revoked = revoke_links(session, service, Decider(None, reason, process.now()))
    if as_json:
        click.echo(json.dumps({"slug": slug, "revoked": revoked}))
    else:
        click.echo(f"Links of {slug} revoked: {revoked}.")


def _change(slug: str, mode: ServiceMode, reason: str | None, *, as_json: bool) -> None:
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        service = service_named(session, slug)
        is_changed = change_mode(session, service, mode, Decider(None, reason, process.now()))
        was = "is now" if is_changed else "was already"
        tell_mode(service, f"Service {slug} {was} {mode}.", as_json=as_json)
