"""`messages run-due` and `messages list`: do what is due now; what became of the texts?"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain

import click
from flask.cli import with_appcontext

from survey_app.cli.check_provider import check_provider_command
from survey_app.cli.named_services import service_named
from survey_app.cli.runtime import runtime
from survey_app.domain.clock_faults import CLOCK_FAULT_WORDS
from survey_app.domain.safe_hours import LONDON
from survey_app.messaging.listing import ListedText, texts_of
from survey_app.messaging.providers.choose import ProviderNotAvailable, Providers
from survey_app.messaging.providers.simulated import NAME as SIMULATED
from survey_app.store.runtime import Runtime
from survey_app.store.scope import Scope
from survey_app.store.services import other_providers
from survey_app.store.staff import find_account
from survey_app.usecases.check_clock import confirm_clock
from survey_app.usecases.run_due import RunCounts, run_due


@click.group()
def messages() -> None:
    """Send what is due, and see what became of it."""


messages.add_command(check_provider_command)


def _instant(_context: click.Context, _option: click.Parameter, value: str | None) -> object:
    """An ISO 8601 instant; without a zone it is London time."""
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(
            f"{value!r} is not an ISO 8601 instant such as 2026-12-01T10:30."
        ) from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=LONDON)
    return instant.astimezone(UTC)


@messages.command("run-due")
@click.option(
    "--now",
    callback=_instant,
    metavar="ISO",
    help="Act as at this instant; only with the simulated provider. No zone means London.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def run_due_command(now: datetime | None, as_json: bool) -> None:
    """One pass of all that is due: expiry, invitations, reminders, texts; no server needed."""
    process = runtime()
    if now is not None:
        _require_only_simulated(process)
    try:
        Providers.of(process).require_usual()
    except ProviderNotAvailable as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    counts = run_due(process, now)
    if counts.clock_fault is not None:
        raise click.ClickException(CLOCK_FAULT_WORDS[counts.clock_fault])
    if as_json:
        click.echo(json.dumps(counts.as_json()))
    else:
        click.echo("\n".join(in_words(counts)))


@messages.command("confirm-clock")
@click.option("--by", "email", required=True, metavar="EMAIL", help="Who looked at the clock.")
@with_appcontext
def confirm_clock_command(email: str) -> None:
    """Say that the database's clock is right, after it moved by more than a day.

    It may have jumped, or nothing ran for so long: a machine that stood still looks the same.
    """
    process = runtime()
    with process.database.write(Scope.worker()) as session:
        account = find_account(session, email)
        if account is None or not account.is_active:
            raise click.ClickException(f"Nobody signs in as {email}: give a colleague's address.")
        now = process.database_now(session)
        before = confirm_clock(session, account.id, now)
    since = "never" if before is None else _london(before)
    click.echo(
        f"The clock is right: it is {_london(now)}, and the last round was {since}. Rounds go on. "
        "(A machine that stood still looks the same as a clock that jumped.)"
    )


def _require_only_simulated(process: Runtime) -> None:
    """A made-up time must never reach a real phone."""
    with process.database.read(Scope.worker()) as session:
        used = {process.settings.sms_provider, *other_providers(session)} - {SIMULATED}
    if used:
        raise click.UsageError(
            f"--now works with the simulated provider only; in use here: {', '.join(sorted(used))}."
        )


def in_words(counts: RunCounts) -> list[str]:
    """The pass as lines for a person."""
    said = counts.as_json()
    lines = []
    for key, value in said.items():
        label = key.replace("_", " ").capitalize()
        if isinstance(value, dict):
            if value:
                reasons = ", ".join(f"{reason} {number}" for reason, number in value.items())
                lines.append(f"{label}: {sum(value.values())} ({reasons})")
        elif value:
            lines.append(f"{label}: {value}")
    return lines or ["Nothing is due."]


@messages.command("list")
@click.option("--service", "slug", required=True, metavar="SLUG", help="Whose texts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def list_command(slug: str, as_json: bool) -> None:
    """Every text of a service, newest last."""
    with runtime().database.read(Scope.worker()) as session:
        texts = texts_of(session, service_named(session, slug).id)
        for line in _json_lines(texts) if as_json else _table_lines(texts):
            click.echo(line)


def _json_lines(texts: Iterator[ListedText]) -> Iterator[str]:
    """One array, an object a line, without holding all of them."""
    yield "["
    held: str | None = None
    for text in texts:
        if held is not None:
            yield f"{held},"
        held = json.dumps(_as_json(text), ensure_ascii=False)
    if held is not None:
        yield held
    yield "]"


def _as_json(text: ListedText) -> dict[str, object]:
    listed: dict[str, object] = {
        "case_ref": text.case_ref,
        "wave": text.wave,
        "kind": text.kind,
        "state": text.state,
        "due_at": _utc(text.due_at),
        "sent_at": _utc(text.sent_at),
        "segments": text.segments,
        "reason": text.reason,
    }
    if text.provider == SIMULATED:
        listed["body"] = text.body
    return listed


def _utc(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _table_lines(texts: Iterator[ListedText]) -> Iterator[str]:
    first = next(texts, None)
    if first is None:
        yield "No texts yet."
        return
    yield f"{'case':<16} {'wave':<9} {'kind':<11} {'state':<10} {'due':<16} {'sent':<16} reason"
    for text in chain([first], texts):
        yield (
            f"{text.case_ref:<16} {text.wave:<9} {text.kind:<11} {text.state:<10} "
            f"{_london(text.due_at):<16} {_london(text.sent_at):<16} {text.reason or ''}"
        ).rstrip()


def _london(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(LONDON):%Y-%m-%d %H:%M}"
