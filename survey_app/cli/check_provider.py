"""`messages check-provider`: would texts leave, and would we hear of them? Sends none."""

import json

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect

from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.messaging.exact_texts import effective_sender
from survey_app.messaging.providers.checks import Checked, Finding, Point
from survey_app.messaging.providers.choose import notify_account, twilio_account
from survey_app.messaging.providers.notify import NAME as NOTIFY
from survey_app.messaging.providers.notify_check import check_notify
from survey_app.messaging.providers.simulated import NAME as SIMULATED
from survey_app.messaging.providers.twilio import NAME as TWILIO
from survey_app.messaging.providers.twilio_check import check_twilio
from survey_app.settings import Settings
from survey_app.store.gate import ProviderCheck
from survey_app.store.scope import Scope

_POINTS = {
    Point.SETTINGS: "Settings",
    Point.CREDENTIALS: "Credentials",
    Point.SENDER: "Sender",
    Point.TEMPLATE: "Template",
    Point.WEBHOOK: "Webhook address",
    Point.REPLIES: "Replies",
    Point.RETENTION: "Retention",
}
_FINDINGS = {
    Finding.FINE: "works.",
    Finding.NOTHING_LEAVES: "the simulated provider keeps texts; none reaches a phone.",
    Finding.MISSING: "{about} is not set.",
    Finding.UNREACHABLE: "{about} does not answer. Check the address and this machine's way out.",
    Finding.REFUSED: "the provider does not know them. Check {about}.",
    Finding.NOT_ACTIVE: "the account is suspended or closed.",
    Finding.SENDER_UNKNOWN: "{about} does not belong to the account.",
    Finding.SENDER_MALFORMED: (
        "{about!r} is neither a number such as +447700900001 nor a name of at most 11 letters and "
        "digits."
    ),
    Finding.NAME_AS_SENDER: (
        "{about!r} is a name, so nobody can reply: people stop texts on the page behind the link. "
        "Whether the name is registered with the networks, the provider's console shows."
    ),
    Finding.TEMPLATE_UNKNOWN: "the provider has no template of this id. Check {about}.",
    Finding.TEMPLATE_WRONG: "make it a text message template whose whole content is ((text)).",
    Finding.ADDRESS_NOT_PUBLIC: (
        "{about} cannot be called from outside. BASE_URL must be a public https:// address."
    ),
    Finding.SIGNATURE_LOST: (
        "{about} refuses a good signature. The proxy must hand on X-Forwarded-Proto and "
        "X-Forwarded-Host, and web and command must run with the same settings."
    ),
    Finding.ANSWERS_ODDLY: "something else answers at {about}.",
    Finding.TOKEN_TOO_SHORT: "{about} is missing or shorter than 16 characters.",
    Finding.REPLIES_GO_ELSEWHERE: (
        "what people text back does not come here. Enter {about} at the provider, for incoming "
        "messages, with POST."
    ),
    Finding.WORDS_KEPT: (
        "the provider keeps words and numbers. If the account offers redaction, set {about}=yes."
    ),
}


@click.command("check-provider")
@click.option("--service", "slug", metavar="SLUG", help="The provider and sender of this service.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def check_provider_command(slug: str | None, as_json: bool) -> None:
    """Say whether credentials, sender and webhook address work. Sends no text.

    That they did, or did not, is kept: a service goes live only while a check is fresh.
    """
    name, sender = _provider_and_sender(slug)
    points = check_provider(name, runtime().settings, sender)
    is_well = all(point.is_well for point in points)
    if name != SIMULATED:
        _keep(name, sender, is_passed=is_well)
    if as_json:
        click.echo(json.dumps({"provider": name, "works": is_well, "points": _as_json(points)}))
    else:
        click.echo(f"Provider: {name}")
        for point in points:
            click.echo(in_words(point))
        click.echo("Texts can leave." if is_well else "Texts cannot leave safely yet.")
    if not is_well:
        raise SystemExit(1)


def check_provider(name: str, settings: Settings, sender: str) -> list[Checked]:
    """Ask the provider of this name everything that can be asked without sending."""
    if name == TWILIO:
        return check_twilio(twilio_account(settings), sender)
    if name == NOTIFY:
        return check_notify(notify_account(settings), settings.base_url)
    return [Checked(Point.SENDER, Finding.NOTHING_LEAVES)]


def in_words(point: Checked) -> str:
    """One point as a line for a person."""
    advice = "note" if point.is_well else "NO"
    mark = "ok" if point.finding is Finding.FINE else advice
    return f"{mark:<4} {_POINTS[point.point]}: {_FINDINGS[point.finding].format(about=point.about)}"


def _as_json(points: list[Checked]) -> list[dict[str, object]]:
    return [
        {"point": p.point, "finding": p.finding, "about": p.about, "works": p.is_well}
        for p in points
    ]


def _keep(provider: str, sender: str, *, is_passed: bool) -> None:
    process = runtime()
    carrier = effective_sender(provider, sender, process.settings)
    with process.database.write(Scope.worker()) as session:
        if not inspect(session.connection()).has_table(ProviderCheck.__tablename__):
            # Credentials may be tried before there is a database.
            return
        session.add(
            ProviderCheck(provider=provider, sender=carrier, at=process.now(), is_passed=is_passed)
        )


def _provider_and_sender(slug: str | None) -> tuple[str, str]:
    """The installation's, or those of one service."""
    usual = runtime().settings.sms_provider
    if slug is None:
        return usual, ""
    with runtime().database.read(Scope.worker()) as session:
        service = service_named(session, slug)
        return service.sms_provider or usual, service.sender
